"""Wait until a session settles, in one piece or in slices."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar

from pydantic import Field, model_validator

from ..api.messages import Message, messages_of
from ..api.session import OnSession, PullRequest, Session
from ..api.sessions import GetSession
from ..api.shared.fields import Untrusted, known
from ..api.shared.once import retry_reads
from ..errors import DevinToolsError
from ..flow import OUT_OF_TIME, Flow, Monotonic, Pause, chance
from ..tool import READ, Input, Output, Tool
from .session_events import SessionDiff
from .shared.of_session import with_shown
from .shared.outcomes import OUTCOMES, Certainty, Verdict, is_open_to_doubt, judge

FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 5.0, 30.0, 1.5
"""Seconds between looks: 5 at first, half as long again each time, 30 in the end."""

SOON = 10.0
"""Seconds that reading more after a wait may take, where somebody cuts long calls."""

UNDONE = frozenset({"waiting_for_user", "asleep"})
"""Outcomes that bring Devin's last message with them: what it asked, or how far it came."""

UNSEEN = Verdict("still_running", "It was at work when last seen, and could not be read since: wait again.")

Seconds = Annotated[float, Field(gt=0, le=30 * 24 * 3600)]


class Resumption(Output):
    """The call that goes on where this one stopped."""

    name: str
    """The tool to call."""

    arguments: dict[str, Any]
    """Its arguments."""


class WaitOptions(Input):
    """Time limits of a wait."""

    timeout_seconds: Seconds = 3600.0
    """Give up after this many seconds in all: above 0, at most 30 days."""

    max_seconds: Seconds | None = None
    """Return after this many seconds at the latest, with the call to go on with. For clients that cut
    long calls, as many do at 60 seconds."""

    settle_seconds: Annotated[float, Field(ge=0, le=60)] = 3.0
    """How long a settled state must hold: right after a message the API can still show the one before."""

    def end(self, began: float) -> float:
        """Return the moment at which a call that began then is to return."""
        return began + min(self.timeout_seconds, self.max_seconds or self.timeout_seconds)

    def read_deadline(self, now: float) -> float:
        """Return until when to read what a wait that ends now has to show."""
        return math.inf if self.max_seconds is None else now + SOON

    def resumption(self, name: str, arguments: dict[str, Any], waited: float, **more: Any) -> Resumption:
        """Return the call of a tool that goes on for the seconds that are left: one at least."""
        left = {"timeout_seconds": max(1.0, self.timeout_seconds - waited)}
        return Resumption(name=name, arguments=arguments | left | more)


CutT = TypeVar("CutT", bound=Tool[Any])


def cut(call: CutT, seconds: float) -> CutT:
    """Let a call that can wait end after `seconds`, unless less was asked for; others stay as they are.

    A wait that was cut gives `resume_with`, the call that goes on.
    """
    if "max_seconds" not in type(call).model_fields:
        return call
    asked: float | None = vars(call)["max_seconds"]
    return call.model_copy(update={"max_seconds": seconds if asked is None else min(asked, seconds)})


class Waited(Output):
    """How a session stood when the wait ended."""

    outcome: Annotated[str, known(*OUTCOMES)]
    """Why the wait ended. All but `still_running` mean that nothing more happens by itself."""

    certainty: Certainty = "sure"
    """How sure that is. `likely`: the API no longer says whether it finished before it fell asleep, so it
    is concluded from what it left; `advice` says from what."""

    advice: str = ""
    """What a person can do now."""

    session_id: str
    """The session."""

    url: str | None = None
    """Where a person can watch it."""

    pull_requests: list[PullRequest] = []
    """The pull requests it opened."""

    session: Session
    """The session itself."""

    last_message: Untrusted | None = None
    """Devin's last message, when the session waits for its user, or fell asleep before it was done."""

    waited_seconds: float
    """How long this call waited."""

    resume_with: Resumption | None = None
    """The call that goes on waiting, when the session has not settled."""

    @model_validator(mode="before")
    @classmethod
    def _say_what_the_session_says(cls, given: Any) -> Any:
        return with_shown(given)


class WaitSession(OnSession, WaitOptions, Tool[Waited]):
    """Wait until a session settles, and say how.

    A session is settled when nothing more happens by itself: it is finished, waits for its user or
    an approval, sleeps, is held for quota, failed, or has ended. When time is up the outcome is
    `still_running`, with the call to go on with.
    """

    effect = READ
    resource = "sessions"
    permission = "ViewOrgSessions"
    keywords = (
        "tell me when it is done, ping me, block till finished, poll, hold on till it needs me, notify me "
        "once it stops, follow it to completion, let me know when, as soon as it is ready"
    )
    examples = ({"session_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c", "max_seconds": 45},)

    follow_messages: bool = False
    """Whether to tell of new messages as they come, which costs a request for each look."""

    def flow(self) -> Flow[Waited]:
        """Look, pause, look again."""
        began: float = yield Monotonic()
        session, verdict = yield from settle(self.session_id, self, began, follow=self.follow_messages)
        waited = (yield Monotonic()) - began
        messages = yield from _telling_messages(session, verdict, self.read_deadline(began + waited))
        if messages and is_open_to_doubt(verdict):
            verdict = judge(session, messages=messages) or verdict
        return Waited(
            session_id=session.session_id,
            url=session.url,
            pull_requests=session.pull_requests,
            outcome=verdict.outcome,
            certainty=verdict.certainty,
            advice=verdict.advice,
            session=session,
            last_message=_last_words(messages) if verdict.outcome in UNDONE else None,
            waited_seconds=round(waited, 3),
            resume_with=self.resumption("devin_wait_session", self.model_dump(exclude_unset=True), waited)
            if verdict.outcome == "still_running"
            else None,
        )


def settle(
    session_id: str, options: WaitOptions, began: float, *, follow: bool, is_output_required: bool = False
) -> Flow[tuple[Session, Verdict]]:
    """Look at a session until it has settled for a while, or time is up since the call began.

    When faults outlast the time, the session counts as it was last seen.
    """
    end = options.end(began)
    diff, pauses = SessionDiff(follow), poll_intervals()
    session: Session | None = None
    settled: tuple[float, str] | None = None
    while True:
        try:
            session = yield from retry_reads(GetSession(session_id=session_id).flow, end)
            yield from diff.report(session, end)
        except DevinToolsError as error:
            if session is None or error.gave_up != OUT_OF_TIME:
                raise
            yield from sleep_until(end)
            return session, judge(session, is_output_required=is_output_required) or UNSEEN
        now: float = yield Monotonic()
        verdict = judge(session, is_output_required=is_output_required)
        if verdict is not None:
            if settled is None or settled[1] != verdict.outcome:
                settled = now, verdict.outcome
            if verdict.is_final or now - settled[0] >= options.settle_seconds:
                return session, verdict
        else:
            settled = None
        if now >= end:
            return session, verdict or Verdict("still_running", "It is still at work: wait again.")
        if verdict:
            yield Pause(min(options.settle_seconds, end - now))
        else:
            yield from pause_before_look(pauses, 0.0, end - now)


def sleep_until(end: float) -> Flow[None]:
    """Pause until the deadline, so that the caller does not go on into the same fault at once."""
    now: float = yield Monotonic()
    if now < end:
        yield Pause(end - now)


def poll_intervals() -> Iterator[float]:
    """Yield the seconds between looks: growing, then steady."""
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * GROWTH, LONGEST_PAUSE)


def pause_before_look(intervals: Iterator[float], shortest: float, left: float) -> Flow[None]:
    """Pause for the next interval, but for no longer than the seconds that are left.

    A fifth of it is drawn, up or down, so that waits that began together do not all look at once.
    """
    jitter = 0.8 + 0.4 * (yield from chance())
    yield Pause(min(max(next(intervals), shortest) * jitter, left))


def _telling_messages(session: Session, verdict: Verdict, end: float) -> Flow[list[Message]]:
    """Read the messages where they tell more than the session: what it asked, whether it had finished."""
    if verdict.outcome != "waiting_for_user" and not is_open_to_doubt(verdict):
        return []
    try:
        return (yield from retry_reads(lambda: messages_of(session.session_id), end))
    except DevinToolsError:
        if verdict.outcome == "waiting_for_user":
            raise
        return []  # the session was read, and says enough to go by


def _last_words(messages: list[Message]) -> str | None:
    return next((item.message for item in reversed(messages) if item.source == "devin"), None)
