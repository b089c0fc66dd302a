"""What a tick of the board, or of one session, reads; and what was seen of each session over time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from cachetools import FIFOCache, LRUCache

from ...api.messages import ListSessionMessages, Message
from ...api.session import Session
from ...api.sessions import GetSession, ListSessions, SessionPage
from ...errors import DevinToolsError
from ...paging.pages import Walk
from ...tasks.shared.outcomes import judge
from ...tool import Output, Tool

BOARD_SIZE = 100
"""How many sessions the board shows: the newest that are not archived."""

MAX_SESSIONS, MAX_STATES = 2000, 200
"""How much is remembered: the states of this many sessions, this many of each."""

MAX_MESSAGES, PAGES_PER_TICK = 2000, 10

LANES = {
    None: "working",
    "waiting_for_user": "needs_you",
    "waiting_for_approval": "needs_you",
    "quota": "needs_you",
    "asleep": "asleep",
    "finished": "finished",
    "failed": "ended",
    "ended": "ended",
}

Reading = Callable[[Tool[Any]], Awaitable[Output]]
"""Runs a call that only reads."""


def lane_of(session: Session) -> str:
    """Return in which lane of the board a session stands."""
    verdict = judge(session)
    return LANES.get(verdict.outcome if verdict else None, "other")


@dataclass
class _Seen:
    states: list[dict[str, Any]] = field(default_factory=list)
    pull_requests: dict[str, int | None] = field(default_factory=dict)


class History:
    """Remembers when each session was first seen in each state: the API tells only of now."""

    def __init__(self) -> None:
        self._seen: LRUCache[str, _Seen] = LRUCache(MAX_SESSIONS)

    def note(self, session: Session) -> _Seen:
        """Record the state of a session now; return all that was seen of it."""
        seen = self._seen.setdefault(session.session_id, _Seen())
        state = {"status": session.status, "status_detail": session.status_detail, "lane": lane_of(session)}
        if not seen.states or any(seen.states[-1][name] != value for name, value in state.items()):
            seen.states = [*seen.states, state | {"at": session.updated_at}][-MAX_STATES:]
        for item in session.pull_requests:
            seen.pull_requests.setdefault(item.pr_url, session.updated_at)
        return seen


class Board:
    """The sessions of the organisation, in lanes; one request per look."""

    def __init__(self, read: Reading, now: Callable[[], float], history: History):
        self._read = read
        self._now = now
        self._history = history

    async def look(self) -> dict[str, Any]:
        """Return the newest sessions, by one request."""
        page = await self._read(ListSessions(limit=BOARD_SIZE, is_archived=False))
        assert isinstance(page, SessionPage)
        for session in page.sessions:
            self._history.note(session)
        return {
            "now": int(self._now()),
            "has_more": page.has_next_page,
            "sessions": [_shown(session) for session in page.sessions],
        }


class SessionView:
    """One session with its messages; each look reads on from the last page of messages."""

    def __init__(self, call: GetSession, read: Reading, now: Callable[[], float], history: History):
        self._call = call
        self._read = read
        self._now = now
        self._history = history
        self._messages: FIFOCache[str, Message] = FIFOCache(MAX_MESSAGES)
        self._cursor: str | None = None

    async def look(self) -> dict[str, Any]:
        """Return the session, with the messages so far; those since the last look are read."""
        session = await self._read(self._call)
        assert isinstance(session, Session)
        seen = self._history.note(session)
        problem = await self._read_messages()
        return {
            "now": int(self._now()),
            "session": _shown(session) | {"structured_output": session.structured_output},
            "messages": [message.model_dump(mode="json") for message in self._messages.values()],
            "problem": problem,
            "states": seen.states,
            "pull_requests_seen": seen.pull_requests,
        }

    async def _read_messages(self) -> str | None:
        """Read new messages; return why they could not be read, as the session is shown without them then."""
        call = ListSessionMessages(session_id=self._call.session_id, limit=200)
        walk = Walk(call if self._cursor is None else call.model_copy(update={"after": self._cursor}))
        for _ in range(PAGES_PER_TICK):
            if walk.next is None:
                break
            try:
                page = walk.take(await self._read(walk.next))  # type: ignore[arg-type]
            except DevinToolsError as error:
                return f"The messages could not be read. {error.message}"
            self._cursor = page.end_cursor or self._cursor
            self._messages.update({message.event_id: message for message in page.messages})
        return None


def _shown(session: Session) -> dict[str, Any]:
    return session.model_dump(mode="json", exclude={"structured_output"}) | {"lane": lane_of(session)}
