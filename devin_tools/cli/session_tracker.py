"""What a command knows of the sessions it follows, fed by the looks and events of a flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ..api.shared.fields import bare_id
from ..flow import Flow, Progress
from ..tasks.session_events import Event, SessionDiff
from ..tool import perform
from .session_tap import looking
from .text import clock, print_line

if TYPE_CHECKING:
    from ..api.sessions import Session
    from ..tool import Tool


class Following:
    """The sessions as they were last seen; `emit` gets each event as it comes."""

    def __init__(self, now: Callable[[], float], emit: Callable[[Event], None] | None = None):
        self._now, self._began = now, now()
        self.sessions: tuple[Session, ...] = ()
        """As last seen. Replaced, never changed: a view reads it from another thread."""
        self.words = ""
        """What Devin said last."""
        self._emit = emit or (lambda event: None)
        self._latest: dict[str, Session] = {}
        self._sights: dict[str, SessionDiff] = {}

    def time(self) -> str:
        """Return how long the command has been following them."""
        return clock(self._now() - self._began)

    def want(self, session_ids: Iterable[str]) -> None:
        """Follow these sessions, and tell of their changes too: a wait for many tells of the end only."""
        self._sights = {bare(session_id): SessionDiff(follow_messages=False) for session_id in session_ids}

    def of(self, call: Tool[Any]) -> Flow[Any]:
        """Perform a call, and follow what its looks find."""
        return looking(perform(call, is_inside=False), self.see)

    def hear(self, progress: Progress) -> None:
        """Take in an event that a flow tells."""
        event = progress.value
        if not isinstance(event, Event):
            return
        self._take([event.session])
        if event.message is not None and event.message.source == "devin":
            self.words = event.message.message
        self._emit(event)

    def see(self, sessions: Sequence[Session]) -> None:
        """Take in what a look found, unless it is of somebody else's session."""
        self._take([session for session in sessions if self._is_ours(session)])
        for session in sessions:
            if sight := self._sights.get(bare(session.session_id)):
                for progress in sight.report(session):
                    if isinstance(progress, Progress):
                        self._emit(progress.value)

    def _is_ours(self, session: Session) -> bool:
        session_id = bare(session.session_id)
        return session_id in self._sights or session_id in self._latest

    def _take(self, sessions: Sequence[Session]) -> None:
        for session in sessions:
            self._latest[bare(session.session_id)] = session
        if sessions:
            self.sessions = tuple(self._latest.values())


def bare(session_id: str) -> str:
    """Return an id as answers carry it, without the prefix that paths want."""
    return bare_id(session_id)


def print_event(event: Event) -> None:
    """Print an event as one line of JSON."""
    print_line(event.model_dump(mode="json"))
