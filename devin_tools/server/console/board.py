"""What a tick of the board, or of one session, reads; and what was seen of each session over time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cachetools import FIFOCache, LRUCache

from ...api.messages import ListSessionMessages, Message
from ...api.session import Session
from ...api.sessions import GetSession, ListSessions, SessionPage
from ...errors import DevinToolsError
from ...paging.pages import Walk
from ...tasks.shared.outcomes import Verdict, is_open_to_doubt, judge
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


BEFORE_SLEEP = {"finished": "finished", "waiting_for_user": "asleep", "waiting_for_approval": "asleep"}
"""What a session that sleeps had come to, by how it was seen before it fell asleep."""


def lane_of(session: Session) -> str:
    """Return in which lane of the board a session stands, by what its row shows."""
    return _lane(judge(session))


def _lane(verdict: Verdict | None) -> str:
    return LANES.get(verdict.outcome if verdict else None, "other")


@dataclass
class _Seen:
    states: list[dict[str, Any]] = field(default_factory=list)
    pull_requests: dict[str, int | None] = field(default_factory=dict)
    verdict: Verdict | None = None
    read_at: int | None = None
    """When the session had last changed as its messages were read, which tell more than its row."""


class History:
    """Remembers when each session was first seen in each state: the API tells only of now.

    So it knows too of a session that fell asleep meanwhile whether it had finished.
    """

    def __init__(self) -> None:
        self._seen: LRUCache[str, _Seen] = LRUCache(MAX_SESSIONS)

    def note(self, session: Session, messages: Sequence[Message] | None = None) -> _Seen:
        """Record the state of a session now; return all that was seen of it.

        `messages` are all of the session's, where they were read.
        """
        seen = self._seen.setdefault(session.session_id, _Seen())
        self._judge(seen, session, messages)
        lane = _lane(seen.verdict)
        state = {"status": session.status, "status_detail": session.status_detail, "lane": lane}
        if not seen.states or any(seen.states[-1][name] != value for name, value in state.items()):
            seen.states = [*seen.states, state | {"at": session.updated_at}][-MAX_STATES:]
        for item in session.pull_requests:
            seen.pull_requests.setdefault(item.pr_url, session.updated_at)
        return seen

    def _judge(self, seen: _Seen, session: Session, messages: Sequence[Message] | None) -> None:
        """Judge by the messages, or else by how the session was seen before it fell asleep."""
        verdict = judge(session, messages=messages)
        if messages is not None:
            seen.read_at = session.updated_at
        elif verdict is not None and is_open_to_doubt(verdict):
            if seen.read_at is not None and seen.read_at == session.updated_at:
                return
            awake = (state for state in reversed(seen.states) if state["status"] != "suspended")
            before = next((state["status_detail"] for state in awake), None)
            verdict = replace(verdict, outcome=BEFORE_SLEEP.get(before or "", verdict.outcome))
        seen.verdict = verdict


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
        return {
            "now": int(self._now()),
            "has_more": page.has_next_page,
            "sessions": [_shown(session, self._history.note(session)) for session in page.sessions],
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
        self._has_all = False
        """Whether the last message that was read is the last there is."""

    async def look(self) -> dict[str, Any]:
        """Return the session, with the messages so far; those since the last look are read."""
        session = await self._read(self._call)
        assert isinstance(session, Session)
        problem = await self._read_messages()
        seen = self._history.note(session, list(self._messages.values()) if self._has_all else None)
        return {
            "now": int(self._now()),
            "session": _shown(session, seen) | {"structured_output": session.structured_output},
            "messages": [message.model_dump(mode="json") for message in self._messages.values()],
            "problem": problem,
            "states": seen.states,
            "pull_requests_seen": seen.pull_requests,
        }

    async def _read_messages(self) -> str | None:
        """Read new messages; return why they could not be read, as the session is shown without them then."""
        call = ListSessionMessages(session_id=self._call.session_id, limit=200)
        self._has_all = False
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
        self._has_all = walk.next is None
        return None


def _shown(session: Session, seen: _Seen) -> dict[str, Any]:
    certainty = seen.verdict.certainty if seen.verdict else "sure"
    more = {"lane": _lane(seen.verdict), "certainty": certainty}
    return session.model_dump(mode="json", exclude={"structured_output"}) | more
