"""Create a session, once. Facts: docs.devin.ai/v3-openapi.yaml."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from ..codec import decode, encode
from ..errors import BadRequest, InvalidArguments
from ..flow import Draw, Flow, Recall, Setting
from ..locations import Wire
from ..tool import DOCUMENTED, USER_ONLY, WRITE, Input, Spending, Tool
from ..wire import POST
from .session import SESSIONS, CreatedSession, Mode, Session
from .shared.fields import MAX_TAGS, AttachmentUrl, GivenOrEmpty, GivenText, Id, Name, OutputSchema, Tags
from .shared.once import KEY_TAG, once, tag_of_key

MAX_PAGES = 50
"""How many pages of sessions are looked through for one that bears a tag."""

TAG_HINT = (
    "The organisation may allow only some tags, and this call adds one of its own, by which its session is "
    "found again: to send only those that you give, turn the setting tag_creates off."
)


class SessionSecret(Input):
    """A secret that only one session can see."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=256), DOCUMENTED]
    """The name Devin uses it by: 1 to 256 characters."""

    value: Annotated[SecretStr, Field(max_length=65_536), DOCUMENTED]
    """The value, up to 65,536 characters, or where to find it when it is sent: `env:NAME`, `file:PATH`."""

    sensitive: bool = True
    """Whether Devin must keep it out of what it shows."""


class Prompt(Input):
    """What a session is to do and to deliver."""

    prompt: GivenText
    """The task, in plain words. No upper limit is published."""

    structured_output_schema: OutputSchema | None = None
    """JSON Schema (draft 7, at most 64 KB, no external $ref) its structured output must follow."""

    structured_output_required: bool | None = None
    """Whether it must deliver structured output before its turn ends. Left out: it must."""


class SessionOptions(Input):
    """What there is to say about a session besides its task."""

    title: GivenOrEmpty | None = None
    """A title; Devin writes one when it is left out."""

    tags: Tags | None = None
    """Up to 50 tags to find the session by; comma-separated text is accepted too."""

    playbook_id: Id | None = None
    """A playbook to follow."""

    child_playbook_id: Id | None = None
    """A playbook for the sessions it spawns."""

    knowledge_ids: list[Id] | None = None
    """Knowledge notes it may use. Left out: all of them. An empty list: none."""

    secret_ids: list[Id] | None = None
    """Organisation secrets it may use. Left out: all of them. An empty list: none."""

    session_secrets: Annotated[list[SessionSecret] | None, USER_ONLY] = None
    """Secrets for this session alone."""

    repos: list[Name] | None = None
    """Repositories to work in, as `owner/repo`."""

    attachment_urls: list[AttachmentUrl] | None = None
    """Files to give it: the URLs that uploads returned."""

    session_links: list[Name] | None = None
    """Other sessions to give it as context."""

    max_acu_limit: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """The most ACUs it may spend: a whole number above 0. It cannot be changed later."""

    devin_mode: Mode | None = None
    """How it works: normal, fast (about twice as fast, four times the cost), lite, ultra, fusion."""

    platform: Name | None = None
    """The machine to run on: `windows`, `inherit`, or the name of an outpost pool."""

    resumable: bool = True
    """Whether its machine is kept when it stops, so that it can go on later."""

    bypass_approval: Annotated[bool | None, USER_ONLY] = None
    """Whether the sessions it spawns start without a person's approval."""

    create_as_user_id: Annotated[Id | None, USER_ONLY] = None
    """The member to create it for; the key needs ImpersonateOrgSessions."""

    idempotency_key: Annotated[GivenText | None, Wire(None)] = None
    """A name of your own for this task: a later call with the same name adopts the session made
    before instead of making another. Not sent as it is; a digest of it becomes a tag."""

    @property
    def has_room_for_tag(self) -> bool:
        """Whether a tag of the call's own fits beside the user's."""
        return len(self.tags or []) < MAX_TAGS


class NewSession(SessionOptions, Prompt):
    """What there is to say about a session that is to be started."""


class CreateSession(NewSession, Tool[CreatedSession]):
    """Start a Devin session on a task.

    Spends ACUs until the session settles; `max_acu_limit` bounds that. The answer comes at once,
    long before the work is done: read the session again to follow it, or wait for it. The session
    carries a tag by which it is found and adopted if the answer is lost, so that nothing is paid twice.
    """

    route = POST(SESSIONS, permission="UseDevinSessions")
    resource = "sessions"
    effect = WRITE.billable(Spending(starts="one", limit="max_acu_limit", key="idempotency_key"))
    keywords = (
        "kick off a job, launch an agent, ask Devin to do something, new task, ticket, prompt, begin work "
        "in the background, implement a feature, write code, follow a playbook on a repo, fire and "
        "forget, have it look into, get an agent on it, work on this, delegate, assign, spin up, get "
        "someone to, can you get it to, please look at"
    )
    examples = (
        {"prompt": "Fix the flaky test in tests/test_cart.py and open a pull request."},
        {
            "prompt": "Upgrade Django to 5.2.",
            "title": "Django upgrade",
            "tags": ["upgrade", "team:payments"],
            "repos": ["acme/shop"],
            "max_acu_limit": 10,
            "structured_output_schema": {
                "type": "object",
                "properties": {"pull_request_url": {"type": "string"}},
                "required": ["pull_request_url"],
            },
        },
    )

    def flow(self) -> Flow[CreatedSession]:
        """Create, or adopt what this call or its key made before."""
        tag = yield from self._tag()
        if tag is None:
            return (yield from once(lambda: self._send(None), None))
        if self.idempotency_key and (earlier := (yield from _earlier(tag, self.idempotency_key))):
            return earlier
        return (yield from once(lambda: self._send(tag), lambda: _find(tag)))

    def _tag(self) -> Flow[str | None]:
        """Choose the tag to find the session by; `None` where tags are off or there is no room."""
        is_tagged: bool = yield Setting("tag_creates")
        if not is_tagged or not self.has_room_for_tag:
            if self.idempotency_key:
                raise InvalidArguments(
                    "An idempotency key becomes a tag, and there is no room for one.",
                    hint=f"Give at most {MAX_TAGS - 1} tags, and leave the setting tag_creates on.",
                )
            return None
        if self.idempotency_key:
            return tag_of_key(self.idempotency_key)
        bits: int = yield Draw()
        return f"{KEY_TAG}{bits:032x}"

    def _send(self, tag: str | None) -> Flow[CreatedSession]:
        tagged = self if tag is None else self.model_copy(update={"tags": [*(self.tags or []), tag]})
        try:
            return decode(CreatedSession, (yield encode(self.route, tagged)), {})
        except BadRequest as error:
            if tag is not None and "tag" in error.message:
                error.hint = TAG_HINT
            raise


def _earlier(tag: str, key: str) -> Flow[CreatedSession | None]:
    """Look for what an earlier call with the same key made, and recall it where no list shows it yet."""
    found = yield from _find(tag)
    made = None if found else (yield Recall(key))
    return made.model_copy(update={"creation": "adopted"}) if isinstance(made, CreatedSession) else found


def _find(tag: str) -> Flow[CreatedSession | None]:
    """Look for the oldest session with this tag; raise where the lists do not tell.

    The one that the key made is the oldest: whoever copies its tag does so later. One that is alone is taken
    for it; with more than one, or none, archived ones are looked for too.
    """
    tagged: list[Session] = []
    for is_archived in (False, True):
        tagged += yield from _tagged(tag, is_archived)
        if len(tagged) == 1:
            break
    if not tagged:
        return None
    oldest = min(tagged, key=lambda session: (session.created_at or 0, session.session_id))
    return CreatedSession.model_validate(oldest.model_dump(exclude_unset=True) | {"creation": "adopted"})


def _tagged(tag: str, is_archived: bool) -> Flow[list[Session]]:
    """List the sessions with a tag; where the API does not filter by it, those among the newest ones."""
    # Only a create that is repeated looks for what it may have made: the others do not load what lists.
    from ..paging.pages import Walk, whole
    from .sessions import ListSessions

    tagged: list[Session] = []
    is_filtered, walk = True, Walk(ListSessions(tags=[tag], is_archived=is_archived))
    for _ in range(MAX_PAGES):
        if walk.next is None:
            return tagged
        page = walk.take((yield from whole(walk.next)))
        fitting = [session for session in page.sessions if tag in session.tags]
        is_filtered = is_filtered and len(fitting) == len(page.sessions)
        tagged += fitting
    if walk.next is None or (tagged and not is_filtered):
        return tagged
    if tagged:
        raise InvalidArguments(
            f"The sessions with the tag of this call fill more than {MAX_PAGES} pages.",
            hint="Use another idempotency_key.",
        )
    raise InvalidArguments(
        f"{MAX_PAGES} pages of sessions do not tell whether there is one with the tag of this call: "
        "the API lists others, and more of them.",
        hint="See that nothing on the way to the API drops the parameter `tags` of a list.",
    )
