"""What is new about a session since the last look."""

from __future__ import annotations

import math
from typing import Annotated

from ..api.messages import ListSessionMessages, Message
from ..api.session import Session
from ..api.shared.fields import known
from ..api.shared.once import retry_reads
from ..flow import Flow, Progress
from ..paging.pages import Walk
from ..tool import Output


class Event(Output):
    """One thing that was seen while waiting: the `value` of a progress step."""

    kind: Annotated[str, known("status", "message", "pull_request", "settled")]
    """What is new."""

    session: Session
    """The session as it is now."""

    message: Message | None = None
    """The new message."""

    pull_request_url: str | None = None
    """The new pull request."""


class SessionDiff:
    """Compares what is seen of one session with what was seen before, and yields what changed."""

    def __init__(self, follow_messages: bool):
        self._follow = follow_messages
        self._state: tuple[str | None, str | None] | None = None
        self._pull_requests: set[str] = set()
        self._cursor: str | None = None
        self._messages: set[str] = set()

    def report(self, session: Session, end: float = math.inf) -> Flow[None]:
        """Yield every change as a progress step; reading messages is given up when `end` has come."""
        state = session.status, session.status_detail
        if state != self._state:
            self._state = state
            yield Progress(" ".join(part for part in state if part), Event(kind="status", session=session))
        for url in [item.pr_url for item in session.pull_requests]:
            if url not in self._pull_requests:
                self._pull_requests.add(url)
                event = Event(kind="pull_request", session=session, pull_request_url=url)
                yield Progress("pull request", event)
        if self._follow:
            yield from self._report_messages(session, end)

    def _report_messages(self, session: Session, end: float) -> Flow[None]:
        """Read on from the last whole page: the API has no newest-first order."""
        call = ListSessionMessages(session_id=session.session_id, limit=200)
        walk = Walk(call if self._cursor is None else call.model_copy(update={"after": self._cursor}))
        while walk.next is not None:
            page = walk.take((yield from retry_reads(walk.next.flow, end)))
            self._cursor = page.end_cursor or self._cursor
            for message in page.messages:
                if message.event_id not in self._messages:
                    self._messages.add(message.event_id)
                    yield Progress("message", Event(kind="message", session=session, message=message))
