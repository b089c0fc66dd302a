"""The messages of a session. Facts: docs.devin.ai/v3-openapi.yaml."""

from __future__ import annotations

from typing import Annotated

from ..codec import decode, encode
from ..errors import DevinToolsError
from ..flow import Flow, Monotonic, Now
from ..headers import date_of
from ..paging import Items, Page, Paged, Walk
from ..paging.pages import require_whole
from ..tool import USER_ONLY, WRITE, Output, Spending, Tool
from ..wire import GET, POST, Response
from .session import SESSION, OnSession, Session
from .shared.fields import AttachmentUrl, GivenText, Id, Untrusted, known
from .shared.once import once

WAKEABLE = frozenset({"inactivity", "user_request", None})

ATTACHMENT_LINE = "ATTACHMENT:"

CLOCK_TOLERANCE = 2.0
"""Seconds by which times may be off: both the Date header and `created_at` are whole seconds."""


class Message(Output):
    """One message of a session."""

    brief = frozenset({"source", "created_at"})

    event_id: str
    """The id of the message."""

    source: Annotated[str, known("devin", "user")] | None = None
    """Who wrote it."""

    message: Untrusted
    """What it says."""

    created_at: int | None = None
    """When it was written, in Unix seconds."""

    username: Untrusted | None = None
    """The writer's name, when the API gives it."""


class MessagePage(Page[Message]):
    """One page of messages."""

    messages: Items[Message]
    """The messages of this page, oldest first."""


class SentMessage(Session):
    """The session after a message was sent to it."""

    from_flow = frozenset({"resumed", "delivery"})

    resumed: bool = False
    """Whether the message had to wake the session. One held for quota is not woken by a message."""

    delivery: Annotated[str, known("sent", "found")] = "sent"
    """Whether this try sent it, or found it among the messages after an answer was lost."""


class ListSessionMessages(OnSession, Paged[MessagePage]):
    """List the messages of a session, oldest first, one page per call."""

    route = GET(SESSION + "/messages", permission="ViewOrgSessions")
    keywords = (
        "read the chat, conversation, what did it say, its reply, answer, transcript, history, log, "
        "thread, what was it told to do, its orders, what question does it ask, latest comment from the "
        "agent, what has it been telling us, chat log, read back, dialogue, what did we discuss"
    )
    examples = ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c", "limit": 50},)


class SendMessage(OnSession, Tool[SentMessage]):
    """Send a message to a session.

    A suspended session is resumed by it, which spends ACUs again; `resumed` in the output says so.
    An archived session accepts the message but does not wake: unarchive it first. An ended one
    cannot be resumed.
    """

    route = POST(SESSION + "/messages", permission="ManageOrgSessions")
    effect = WRITE.billable(Spending(starts="nothing"))
    keywords = (
        "reply, answer its question, tell it to do it differently, give feedback, more instructions, "
        "steer, nudge, correct, redirect it, wake it up, continue, follow up, say yes, go ahead, approve "
        "the plan, chat with it, use the other one, it is asking me, respond, unblock"
    )
    examples = (
        {
            "session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
            "message": "Use the staging database, please.",
        },
    )

    message: GivenText
    """What to say to Devin."""

    attachment_urls: list[AttachmentUrl] | None = None
    """Files to give it: the URLs that uploads returned."""

    message_as_user_id: Annotated[Id | None, USER_ONLY] = None
    """The member to speak for; the key needs ImpersonateOrgSessions."""

    def flow(self) -> Flow[SentMessage]:
        """Send once, and read from the answer whether the session was asleep."""
        started: float = yield Monotonic()
        session = yield from once(self._send, lambda: self.sent_since(started))
        resumed = not session.is_archived and (yield from self._is_waking(session))
        return session.model_copy(update={"resumed": resumed})

    def _send(self) -> Flow[SentMessage]:
        return decode(SentMessage, (yield encode(self.route, self)), {"session_id": self.session_id})

    def _is_waking(self, session: SentMessage) -> Flow[bool]:
        """Return whether a sleeping session wakes: not when it is held for quota, which only get tells."""
        if session.status != "suspended":
            return session.status == "resuming"
        try:
            seen = yield from self._seen()
        except DevinToolsError:  # the message was sent: whoever saw this error would send it again
            return True
        return seen.status != "suspended" or seen.status_detail in WAKEABLE

    def sent_within(self, seconds: float) -> Flow[SentMessage | None]:
        """Look for this very text among the user's messages of the last `seconds`, for a later try."""
        return (yield from self.sent_since((yield Monotonic()) - seconds))

    def sent_since(self, started: float) -> Flow[SentMessage | None]:
        """Look for this very text among the user's messages since a moment of the monotonic clock."""
        listing = self._listing()
        walk = Walk(listing)
        while walk.next is not None:
            response: Response = yield encode(type(listing).route, walk.next)
            now = date_of(response.headers) or (yield Now())
            began = now - ((yield Monotonic()) - started) - CLOCK_TOLERANCE
            page = walk.take(require_whole(decode(MessagePage, response, {})))
            if any(self._is_this(message, began) for message in page.messages):
                session = yield from self._seen()
                values = session.model_dump(exclude_unset=True) | {"delivery": "found"}
                return SentMessage.model_validate(values)
        return None

    def _listing(self) -> ListSessionMessages:
        """Return the call that lists the messages where this one is sent."""
        return ListSessionMessages(session_id=self.session_id, limit=200)

    def _seen(self) -> Flow[Session]:
        """Read the session."""
        from .sessions import GetSession  # most calls of this module never need that one

        return GetSession(session_id=self.session_id).flow()

    def _is_this(self, message: Message, began: float) -> bool:
        is_late_enough = message.created_at is None or message.created_at >= began
        says_this = _words(message.message) == _words(self.message)
        return message.source == "user" and says_this and is_late_enough


def _words(text: str) -> list[str]:
    """Return what a message says as it can be told again: the API adds a line for each attachment."""
    lines = [line for line in text.splitlines() if not line.startswith(ATTACHMENT_LINE)]
    return " ".join(lines).split() or text.split()


def messages_of(session_id: str) -> Flow[list[Message]]:
    """Read all messages of a session, oldest first."""
    walk = Walk(ListSessionMessages(session_id=session_id, limit=200))
    messages: list[Message] = []
    while walk.next is not None:
        messages += walk.take((yield from walk.next.flow())).messages
    return messages
