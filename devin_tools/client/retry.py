"""When to try again: a pure policy, and a flow around a flow.

Reads are repeated after network faults, 429, 502, 503 and 504. Writes only after 429, or when the
request surely did not arrive: a repeated create is paid twice. A tool whose write can be looked up
afterwards (create, send message) does that itself, in its own flow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ..errors import ConnectionFailed, NetworkError
from ..flow import OUT_OF_TIME, Flow, Monotonic, Now, Pause, Step, chance, relay
from ..headers import retry_after
from ..wire import Request, Response

T = TypeVar("T")

PASSING = frozenset({502, 503, 504})
"""Statuses a read may meet and not meet a moment later."""

HELD_BACK = b'{"detail": "another call of this client met a rate limit that has not passed"}'


@dataclass(frozen=True, slots=True)
class Retry:
    """How long to keep trying one request."""

    max_tries: int = 5
    """Tries after faults, the first included. Waiting out a rate limit is not a try."""

    max_seconds: float = 300.0
    """The time all tries of one request may take together."""

    first_delay: float = 1.0
    """Seconds before the second try, at most; doubled for each further one."""

    max_delay: float = 60.0
    """The longest single wait, whatever a server asks for."""

    rate_limit_delay: float = 5.0
    """As `first_delay`, after a 429 that does not say how long to wait."""

    def is_passing(self, request: Request, outcome: Response | NetworkError) -> bool:
        """Return whether the same request may be sent again after this outcome."""
        is_read = request.method == "GET"
        if isinstance(outcome, NetworkError):
            return is_read or isinstance(outcome, ConnectionFailed)
        return _is_limit(outcome) or (is_read and outcome.status in PASSING)

    def why_end(self, tries: int, seconds: float, timeout: float | None) -> str:
        """Return why no further try is made; an empty text when one is. `seconds` counts the wait to come."""
        if tries >= self.max_tries:
            return f"the limit of {self.max_tries} tries is reached"
        if seconds > self.max_seconds:
            return f"the time limit of {self.max_seconds:g} s would be passed"
        if timeout is not None and seconds > timeout:
            return OUT_OF_TIME
        return ""

    def delay(self, outcome: Response | NetworkError, tries: int, chance: float, now: float) -> float:
        """Choose the seconds to wait: what the server asks for, or else a random part of a growing time.

        Full jitter: callers that failed together do not come back together. A wish to be asked again at
        once is granted once. `now` is in seconds since 1970.
        """
        asked = retry_after(outcome.headers, now) if isinstance(outcome, Response) else None
        if asked or (asked == 0 and tries == 1):
            return min(asked, self.max_delay) + chance * 0.5
        first = self.rate_limit_delay if _is_limit(outcome) else self.first_delay
        return chance * min(self.max_delay, first * 2.0 ** min(tries - 1, 16))


def _is_limit(outcome: Response | NetworkError) -> bool:
    """Return whether the API asked to slow down."""
    return isinstance(outcome, Response) and outcome.status == 429


class Cooldown:
    """The moment before which no call of a client sends anything, because one of them met a 429.

    It is one of the monotonic clock.
    """

    def __init__(self) -> None:
        self.until = 0.0

    def extend(self, until: float) -> None:
        """Move the moment; it never comes nearer."""
        self.until = max(self.until, until)


def retrying(flow: Flow[T], policy: Retry, cooldown: Cooldown) -> Flow[T]:
    """Perform a flow, repeating each of its requests as the policy allows."""

    def answer(step: Step) -> Flow[Any]:
        if isinstance(step, Request):
            return (yield from _persist(step, policy, cooldown))
        return (yield step)

    return relay(flow, answer)


def _persist(request: Request, policy: Retry, cooldown: Cooldown) -> Flow[Response]:
    """Send one request until it is answered, refused for good, or given up."""
    started: float | None = None
    attempts = tries = 0
    while True:
        if not (yield from _cool(cooldown, request.timeout)):
            return _give_up(Response(429, HELD_BACK), max(1, attempts), OUT_OF_TIME)
        attempts += 1
        outcome: Response | NetworkError
        try:
            outcome = yield (replace(request, attempt=attempts) if attempts > 1 else request)
        except NetworkError as error:
            outcome = error
        if isinstance(outcome, Response) and outcome.status < 400:
            return replace(outcome, tries=attempts) if attempts > 1 else outcome
        if not policy.is_passing(request, outcome):
            return _give_up(outcome, attempts, "repeating it is not safe, or of no use")
        delay = policy.delay(outcome, attempts, (yield from chance()), (yield Now()))
        now: float = yield Monotonic()
        started = now if started is None else started
        if _is_limit(outcome):
            cooldown.extend(now + delay)
        else:
            tries += 1
        if end := policy.why_end(tries, now + delay - started, request.timeout):
            return _give_up(outcome, attempts, end)
        yield Pause(delay)


def _cool(cooldown: Cooldown, timeout: float | None) -> Flow[bool]:
    """Wait until the client may send again; say no at once where that is too late for a request."""
    end: float | None = None
    while cooldown.until and (now := (yield Monotonic())) < cooldown.until:
        end = now + timeout if timeout is not None and end is None else end
        if end is not None and cooldown.until > end:
            return False
        yield Pause(cooldown.until - now)
    return True


def _give_up(outcome: Response | NetworkError, attempts: int, why: str) -> Response:
    """Pass the last outcome on, with what was tried; a network error is raised."""
    if isinstance(outcome, Response):
        return replace(outcome, tries=attempts, gave_up=why)
    outcome.tries, outcome.gave_up = attempts, why
    raise outcome
