"""Sessions: read, list, archive and end them.

Facts: docs.devin.ai/v3-openapi.yaml. Answers carry bare ids; paths want `devin-` before them.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ..flow import Flow
from ..paging import Abridged, Detailed, Items, Page, Paged
from ..tool import READ, WRITE, Input, Output, Tool
from ..wire import DELETE, GET, POST
from .shared.fields import UNTRUSTED, Id, SessionId, Tags, Text, UnixSeconds, Untrusted, known

MODES = ("normal", "fast", "lite", "ultra", "fusion")
ORIGINS = (
    "webapp", "slack", "teams", "api", "linear", "jira",
    "automation", "cli", "desktop", "code_scan", "other",
)  # fmt: skip
CATEGORIES = (
    "bug_fixing", "ci_cd_and_devops", "code_quality_and_security", "code_review",
    "code_review_and_analysis", "data_and_automation", "documentation_and_content",
    "feature_development", "migrations_and_upgrades", "other", "production_investigation",
    "refactoring_and_optimization", "research_and_exploration", "security", "unit_test_generation",
)  # fmt: skip
Mode = Annotated[str, known(*MODES)]
Origin = Annotated[str, known(*ORIGINS)]
Category = Annotated[str, known(*CATEGORIES)]
Status = Annotated[str, known("new", "claimed", "running", "exit", "error", "suspended", "resuming")]
StatusDetail = Annotated[
    str,
    known(
        "working", "waiting_for_user", "waiting_for_approval", "finished", "inactivity",
        "user_request", "usage_limit_exceeded", "out_of_credits", "out_of_quota",
        "no_quota_allocation", "payment_declined", "org_usage_limit_exceeded",
        "user_usage_limit_exceeded", "total_session_limit_exceeded", "contract_expired", "error",
    ),
]  # fmt: skip


class PullRequest(Output):
    """A pull request that a session opened."""

    pr_url: str
    """Where the pull request is."""

    pr_state: Annotated[str, known("open", "merged", "closed", "draft")] | None = None
    """Its state, as the code host last reported it."""


class Session(Abridged):
    """A session as the API shows it. Only the id is certain to be there."""

    brief = frozenset(
        {
            "url", "status", "status_detail", "title", "updated_at", "acus_consumed", "tags",
            "pull_requests", "is_archived",
        }
    )  # fmt: skip

    session_id: str
    """The id, as the API sent it: usually 32 hex digits without `devin-`."""

    url: str | None = None
    """Where a person can watch the session."""

    status: Status | None = None
    """The lifecycle state. `running` with detail `finished` is the usual way to be done."""

    status_detail: StatusDetail | None = None
    """Why it is in that state. Filled by get and list only."""

    title: Untrusted | None = None
    """The title."""

    org_id: str | None = None
    """The organisation it belongs to."""

    created_at: int | None = None
    """When it was created, in Unix seconds."""

    updated_at: int | None = None
    """When it last changed, in Unix seconds."""

    acus_consumed: float | None = None
    """ACUs spent so far: a running figure, not the billing one."""

    tags: list[Untrusted] = []
    """Its tags."""

    pull_requests: list[PullRequest] = []
    """The pull requests it opened."""

    structured_output: Annotated[dict[str, Any], UNTRUSTED] | None = None
    """The latest structured output, following the schema given at creation. Get and list only."""

    playbook_id: str | None = None
    """The playbook it follows."""

    is_archived: bool = False
    """Whether it is archived: readable, but it cannot change or wake."""

    user_id: str | None = None
    """The user who created it, or on whose behalf it was created."""

    service_user_id: str | None = None
    """The service user who created it."""

    parent_session_id: str | None = None
    """The session that spawned it."""

    child_session_ids: list[str] | None = None
    """The sessions it spawned."""

    origin: Origin | None = None
    """Where it was started from."""

    category: Category | None = None
    """What kind of work it was judged to be. Get and list only."""

    subcategory: str | None = None
    """A finer category, as a display name. Get and list only."""

    devin_mode: Mode | None = None
    """The mode it runs in, after defaults."""

    automation_id: str | None = None
    """The automation that started it."""


class CreatedSession(Session):
    """The session of a create call."""

    from_flow = frozenset({"creation"})

    creation: Annotated[str, known("created", "adopted")] = "created"
    """Whether this call made it, or found it made already: after a lost answer, or by its key."""


class SessionPage(Page):
    """One page of sessions."""

    sessions: Items[Session]
    """The sessions of this page."""


SESSIONS = "/v3/organizations/{org_id}/sessions"
SESSION = SESSIONS + "/{session_id}"


class OnSession(Input):
    """The argument of every tool that acts on one session."""

    session_id: SessionId
    """Which session: bare hex, `devin-...`, or the session's URL."""


class GetSession(OnSession, Detailed[Session]):
    """Read one session: its state, pull requests and structured output."""

    route = GET(SESSION, permission="ViewOrgSessions")


class SessionFilters(Input):
    """Which sessions to list: one must pass each filter that is given."""

    session_ids: Annotated[list[SessionId], Field(min_length=1)] | None = None
    """Only these sessions."""

    tags: Annotated[Tags, Field(min_length=1)] | None = None
    """Sessions with any of these tags; comma-separated text is accepted too."""

    playbook_id: Id | None = None
    """Sessions that follow this playbook."""

    origins: Annotated[list[Origin], Field(min_length=1)] | None = None
    """Sessions started from these places."""

    schedule_id: Id | None = None
    """Sessions that this schedule started."""

    automation_ids: Annotated[list[Id], Field(min_length=1)] | None = None
    """Sessions that these automations started."""

    parent_session_id: SessionId | None = None
    """Sessions that this session spawned."""

    user_ids: Annotated[list[Id], Field(min_length=1)] | None = None
    """Sessions of these users."""

    service_user_ids: Annotated[list[Id], Field(min_length=1)] | None = None
    """Sessions of these service users."""

    created_after: UnixSeconds | None = None
    """Created at or after this time, in Unix seconds."""

    created_before: UnixSeconds | None = None
    """Created at or before this time, in Unix seconds."""

    updated_after: UnixSeconds | None = None
    """Changed at or after this time, in Unix seconds."""

    updated_before: UnixSeconds | None = None
    """Changed at or before this time, in Unix seconds."""

    is_archived: bool | None = None
    """Only archived (true) or only unarchived (false) sessions."""

    category: Category | None = None
    """Sessions of this category."""

    repo_names: Annotated[list[Text], Field(min_length=1)] | None = None
    """Sessions that worked in these repositories, as `owner/repo`."""


class ListSessions(SessionFilters, Paged[SessionPage]):
    """List sessions, newest first, one page per call.

    Filters combine: a session must pass each of them. The API has no filter by status, and does
    not say whether archived sessions are listed when `is_archived` is left out.
    """

    route = GET(SESSIONS, permission="ViewOrgSessions")
    examples = ({"limit": 20}, {"tags": ["team:payments"], "is_archived": False})


class ListChildSessions(OnSession, Paged[SessionPage]):
    """List the sessions that a session spawned, newest first, one page per call.

    The API does not say whether archived ones are listed when `is_archived` is left out.
    """

    effect = READ
    permission = "ViewOrgSessions"

    is_archived: bool | None = None
    """Only archived (true) or only unarchived (false) sessions."""

    def flow(self) -> Flow[SessionPage]:
        """List the sessions whose parent this one is; the API has no path of its own for them."""
        rest = self.model_dump(exclude_unset=True, exclude={"session_id"})
        return (yield from ListSessions(parent_session_id=self.session_id, **rest).flow())


class ArchiveSession(OnSession, Tool[Session]):
    """Archive a session: put it to sleep and out of the way.

    It stays readable; `devin_unarchive_session` brings it back.
    """

    route = POST(SESSION + "/archive", permission="ManageOrgSessions")
    effect = WRITE.idempotent().reversible()


class UnarchiveSession(OnSession, Tool[Session]):
    """Bring an archived session back, so that it can change and wake again.

    The sessions it spawned stay as they are.
    """

    route = POST(SESSION + "/unarchive", permission="ManageOrgSessions")
    effect = WRITE.idempotent().reversible()


class TerminateSession(OnSession, Tool[Session]):
    """End a session for good.

    It can never be resumed. To stop one reversibly, archive it.
    """

    route = DELETE(SESSION, permission="ManageOrgSessions")

    archive: bool = False
    """Whether to archive it as well, which keeps it for reference."""
