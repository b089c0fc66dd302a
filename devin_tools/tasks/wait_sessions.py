"""Wait for many sessions at the price of a few: one list request per 200 of them and look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import model_validator

from ..api.session import PullRequest, Session
from ..api.sessions import ListSessions
from ..api.shared.fields import SessionId, Untrusted, known, path_id
from ..api.shared.once import retry_reads
from ..errors import DevinToolsError
from ..flow import OUT_OF_TIME, Flow, Monotonic, Progress
from ..paging.pages import whole
from ..tool import READ, Output, Tool
from .session_events import Event
from .shared.of_session import with_shown
from .shared.outcomes import OUTCOMES, Certainty, Verdict, judge
from .wait_session import Resumption, WaitOptions, pause_before_look, poll_intervals, sleep_until

PAGE = 200
MISSES = 5
"""After how many looks in a row without it a session counts as not there: a new one is listed late."""


class SettledSession(Output):
    """How one session has settled."""

    session_id: str
    """The session, as it was asked for."""

    outcome: Annotated[str, known(*OUTCOMES, "not_found")]
    """Why nothing more happens by itself."""

    certainty: Certainty = "sure"
    """How sure that is. `likely`: the API no longer says whether it finished before it fell asleep, so it
    is concluded from what it left; `advice` says from what."""

    advice: str = ""
    """What a person can do now."""

    url: str | None = None
    """Where a person can watch it."""

    pull_requests: list[PullRequest] = []
    """The pull requests it opened."""

    session: Session | None = None
    """The session itself, when there is one."""

    last_message: Untrusted | None = None
    """Always null: of many sessions no messages are read. `devin_wait_session` reads those of one."""

    @model_validator(mode="before")
    @classmethod
    def _say_what_the_session_says(cls, given: Any) -> Any:
        return with_shown(given)


class WaitedSessions(Output):
    """How the sessions stood when the wait ended."""

    settled: list[SettledSession]
    """Those that settled, in the order in which they did."""

    still_running: list[str]
    """Those that are still at work."""

    waited_seconds: float
    """How long this call waited."""

    resume_with: Resumption | None = None
    """The call that goes on waiting for those still at work."""


class WaitSessions(WaitOptions, Tool[WaitedSessions]):
    """Wait until any or all of many sessions settle.

    Costs one list request for each 200 sessions still at work and look, never one for each session.
    Whether one that sleeps had finished is judged without its messages: `devin_wait_session` reads them.
    """

    effect = READ
    resource = "sessions"
    permission = "ViewOrgSessions"
    keywords = (
        "tell me when the whole batch is done, first of them to finish, join, gather, poll a bunch of "
        "runs, block till everyone is finished, watch several jobs"
    )
    examples = ({"session_ids": ["devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"], "until": "any"},)

    session_ids: list[SessionId]
    """The sessions to wait for; any number. An empty list returns at once."""

    until: Literal["all", "any"] = "all"
    """Whether to return when all have settled, or as soon as any has."""

    def flow(self) -> Flow[WaitedSessions]:
        """Look at all of them, pause, look at those still at work."""
        began: float = yield Monotonic()
        end = self.end(began)
        watchlist, pauses = SessionWatchlist(self.session_ids, self.settle_seconds), poll_intervals()
        while True:
            try:
                yield from watchlist.look(end)
            except DevinToolsError as error:
                if not watchlist.was_seen or error.gave_up != OUT_OF_TIME:
                    raise
                yield from sleep_until(end)
            now: float = yield Monotonic()
            is_enough = not watchlist.open or (self.until == "any" and watchlist.settled)
            if is_enough or now >= end:
                break
            yield from pause_before_look(pauses, self.settle_seconds, end - now)
        return self._output(watchlist, now - began)

    def _output(self, watchlist: SessionWatchlist, waited: float) -> WaitedSessions:
        still_running = list(watchlist.open)
        arguments = self.model_dump(exclude_unset=True) | {"session_ids": still_running}
        return WaitedSessions(
            settled=list(watchlist.settled.values()),
            still_running=still_running,
            waited_seconds=round(waited, 3),
            resume_with=self.resumption("devin_wait_sessions", arguments, waited) if still_running else None,
        )


class SessionWatchlist:
    """The sessions of one wait: which are still at work, and how the others settled.

    `total` is how many there are to be in all, where some join later. `is_output_required`: each owes
    structured output, so one without any that sleeps had not finished.
    """

    def __init__(
        self,
        session_ids: Iterable[str],
        settle_seconds: float,
        total: int | None = None,
        *,
        is_output_required: bool = False,
    ):
        self.open: dict[str, tuple[float, str] | None] = dict.fromkeys(session_ids)
        """Each still open, with since when it looks settled, and how."""
        self.settled: dict[str, SettledSession] = {}
        self.was_seen = False
        """Whether a look at them has worked."""
        self.latest: dict[str, Session] = {}
        """Each as it was last seen."""
        self._all = len(self.open) if total is None else total
        self._settle_seconds = settle_seconds
        self._is_output_required = is_output_required
        self._archived: set[str] = set()
        self._misses: Counter[str] = Counter()

    @property
    def at_work(self) -> int:
        """How many do not look settled."""
        return sum(looks is None for looks in self.open.values())

    def add(self, session_id: str) -> None:
        """Let one more join."""
        self.open[session_id] = None

    def remove(self, session_id: str) -> None:
        """Forget one that nobody waits for any more."""
        self.open.pop(session_id, None)
        self.settled.pop(session_id, None)
        self.latest.pop(session_id, None)
        self._misses.pop(session_id, None)
        self._archived.discard(session_id)

    def look(self, end: float) -> Flow[None]:
        """Look at every open session once; from `end` on, what looks settled counts as settled."""
        found: dict[str, Session] = {}
        yield from self._list([i for i in self.open if i not in self._archived], found, {}, end)
        hidden = [i for i in self.open if i not in found and self._may_be_archived(i)]
        yield from self._list(hidden, found, {"is_archived": True}, end)
        self._archived = found.keys() & set(hidden)
        self.was_seen = True
        self.latest |= found
        now: float = yield Monotonic()
        hold = self._settle_seconds if now < end else 0.0
        for session_id in list(self.open):
            session = found.get(session_id)
            verdict = self._judge(session) if session else self._missing(session_id)
            if self._holds(session_id, verdict, now, hold) and verdict is not None:
                yield from self._settle(session_id, verdict, session)

    def _judge(self, session: Session) -> Verdict | None:
        return judge(session, is_output_required=self._is_output_required)

    def _may_be_archived(self, session_id: str) -> bool:
        """Archived ones may not be listed unless asked for: ask when one goes missing, and once more."""
        return session_id in self._archived or self._misses[session_id] in (0, MISSES - 1)

    def _list(
        self, ids: list[str], found: dict[str, Session], more: dict[str, Any], end: float
    ) -> Flow[None]:
        for chunk in _chunks(ids):
            listed = ListSessions(session_ids=chunk, limit=PAGE, **more)
            page = yield from retry_reads(partial(whole, listed), end)
            for session in page.sessions:
                session_id = path_id(session.session_id)
                found[session_id] = session
                self._misses[session_id] = 0

    def _missing(self, session_id: str) -> Verdict | None:
        """A new session may not be listed yet; one that stays away is not there."""
        self._misses[session_id] += 1
        if self._misses[session_id] < MISSES:
            return None
        advice = "No such session is listed: check the id and the organisation."
        return Verdict("not_found", advice, is_final=True)

    def _holds(self, session_id: str, verdict: Verdict | None, now: float, hold: float) -> bool:
        """Return whether a session has looked settled for long enough."""
        before = self.open[session_id]
        if verdict is None:
            self.open[session_id] = None
            return False
        since = before[0] if before and before[1] == verdict.outcome else now
        self.open[session_id] = since, verdict.outcome
        return verdict.is_final or now - since >= hold

    def _settle(self, session_id: str, verdict: Verdict, session: Session | None) -> Flow[None]:
        del self.open[session_id]
        self.settled[session_id] = SettledSession(
            session_id=session_id,
            outcome=verdict.outcome,
            certainty=verdict.certainty,
            advice=verdict.advice,
            session=session,
        )
        if session is not None:
            event = Event(kind="settled", session=session)
            yield Progress(f"{len(self.settled)} of {self._all} settled", event)


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    """Cut a list into pages."""
    return (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))
