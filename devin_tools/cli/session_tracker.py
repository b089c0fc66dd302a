"""What a command knows of the sessions it follows, read from the responses and events of a flow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from ..api.session import Session
from ..api.sessions import SessionPage
from ..api.shared.fields import bare_id
from ..flow import Flow, Progress, Step, relay
from ..reading import read
from ..tasks.session_events import Event, SessionDiff
from ..tool import perform
from ..wire import Request, Response
from .terminal import clock, on_one_line

if TYPE_CHECKING:
    from ..tool import Tool

T = TypeVar("T")


class SessionTracker:
    """The sessions as they were last seen; `emit` gets each event as it comes."""

    def __init__(self, now: Callable[[], float], emit: Callable[[Event], None] | None = None):
        self._now, self._began = now, now()
        self.sessions: tuple[Session, ...] = ()
        """As last seen. Replaced, never changed: a view reads it from another thread."""
        self.last_message = ""
        """What Devin said last."""
        self._emit = emit or (lambda event: None)
        self._latest: dict[str, Session] = {}
        self._diffs: dict[str, SessionDiff] = {}

    def time(self) -> str:
        """Return how long the command has been following them, as minutes and seconds."""
        return clock(self._now() - self._began)

    def follow(self, session_ids: Iterable[str]) -> None:
        """Follow these sessions, and emit their changes too: a wait for many reports only how each ends."""
        self._diffs = {bare_id(session_id): SessionDiff(follow_messages=False) for session_id in session_ids}

    def perform(self, call: Tool[Any]) -> Flow[Any]:
        """Perform a call, and note the sessions in each response."""
        return watch_sessions(perform(call, is_inside=False), self.on_sessions)

    def on_progress(self, progress: Progress) -> None:
        """Note the session of an event, and emit that; other progress is ignored."""
        event = progress.value
        if not isinstance(event, Event):
            return
        self._note([event.session])
        if event.message is not None and event.message.source == "devin":
            self.last_message = event.message.message
        self._emit(event)

    def on_sessions(self, sessions: Sequence[Session]) -> None:
        """Note sessions from a response, but for those that nobody asked to follow."""
        followed = self._diffs.keys() | self._latest.keys()
        self._note([session for session in sessions if bare_id(session.session_id) in followed])
        for session in sessions:
            if diff := self._diffs.get(bare_id(session.session_id)):
                for step in diff.report(session):
                    if isinstance(step, Progress):
                        self._emit(step.value)

    def _note(self, sessions: Sequence[Session]) -> None:
        if sessions:
            self._latest |= {bare_id(session.session_id): session for session in sessions}
            self.sessions = tuple(self._latest.values())


def watch_sessions(flow: Flow[T], on_sessions: Callable[[Sequence[Session]], None]) -> Flow[T]:
    """Perform a flow unchanged, and hand over every session that a response brings."""

    def answer(step: Step) -> Flow[Any]:
        reply = yield step
        if isinstance(step, Request) and isinstance(reply, Response) and reply.status < 400:
            on_sessions(_sessions(step, reply))
        return reply

    return relay(flow, answer)


def _sessions(request: Request, response: Response) -> Sequence[Session]:
    try:
        if request.tool == "devin_get_session":
            return [read(Session, response.body)]
        if request.tool == "devin_list_sessions":
            return read(SessionPage, response.body).sessions
    except ValidationError:  # not a response of the API: the flow reports that
        pass
    return ()


def state_of(session: Session) -> str:
    """Return how a session stands, in the API's own words: what it is running at, or its status and why."""
    status, detail = session.status, session.status_detail
    words = [word for word in (None if status == "running" and detail else status, detail) if word]
    return on_one_line(", ".join(words)) or "unknown"
