"""When to try again: a pure policy, and a flow around a flow.

Reads are repeated after network faults, 429, 502, 503 and 504. Writes only after 429, or when the
request surely did not arrive: a repeated create is paid twice. A tool whose write can be looked up
afterwards (create, send message) does that itself, in its own flow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from ..errors import ConnectionFailed, NetworkError
from ..flow import OUT_OF_TIME, Flow, Monotonic, Now, Pause, Step, chance, relay
from ..headers import retry_after
from ..wire import Request, Response

T = TypeVar("T")

TRANSIENT = frozenset({502, 503, 504})
"""Statuses a read may meet and not meet a moment later."""

COOLDOWN_BODY = b'{"detail": "another call of this client met a rate limit that has not passed"}'
"""The body of the 429 that is made up for a request which is not sent, as the cooldown outlasts it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """How long to keep trying one request."""

    max_tries: int = 5
    """Tries after faults, the first included. Waiting out a rate limit is not a try."""

    max_seconds: float = 300.0
    """No try starts later than this after the first one failed. Each has the client's own timeout besides."""

    first_delay: float = 1.0
    """Seconds before the second try, at most; doubled for each further one."""

    max_delay: float = 60.0
    """The longest single wait, whatever a server asks for."""

    rate_limit_delay: float = 5.0
    """As `first_delay`, after a 429 that does not say how long to wait."""

    immediate_delay: float = 0.15
    """As `first_delay`, after a fault that came at once at a host that was never reached."""

    immediate_tries: int = 3
    """As `max_tries`, after such faults: a person who waits is told soon of a mistyped host."""

    def may_retry(self, request: Request, outcome: Response | NetworkError) -> bool:
        """Return whether the same request may be sent again after this outcome."""
        is_read = request.method == "GET"
        if isinstance(outcome, NetworkError):
            return outcome.retryable and (is_read or isinstance(outcome, ConnectionFailed))
        return _is_limit(outcome) or (is_read and outcome.status in TRANSIENT)

    def stop_reason(
        self, outcome: Response | NetworkError, tries: int, seconds: float, timeout: float | None
    ) -> str:
        """Return why no further try is made; an empty text when one is. `seconds` counts the wait to come."""
        if isinstance(outcome, NetworkError) and outcome.is_immediate and tries >= self.immediate_tries:
            return "none has ever reached it"
        if tries >= self.max_tries:
            return f"the limit of {self.max_tries} tries is reached"
        if seconds > self.max_seconds:
            return f"the time limit of {self.max_seconds:g} s would be passed"
        if timeout is not None and seconds > timeout:
            return OUT_OF_TIME
        return ""

    def delay(self, outcome: Response | NetworkError, attempt: int, chance: float, now: float) -> float:
        """Choose the seconds to wait: what the server asks for, or else a random part of a growing time.

        Full jitter: callers that failed together do not come back together. `Retry-After: 0` is
        honoured on the first retry alone. `now` is in seconds since 1970.
        """
        asked = retry_after(outcome.headers, now) if isinstance(outcome, Response) else None
        if asked or (asked == 0 and attempt == 1):
            return min(asked, self.max_delay) + chance * 0.5
        first = self.rate_limit_delay if _is_limit(outcome) else self.first_delay
        if isinstance(outcome, NetworkError) and outcome.is_immediate:
            first = self.immediate_delay
        return chance * min(self.max_delay, first * 2.0 ** min(attempt - 1, 16))


def _is_limit(outcome: Response | NetworkError) -> bool:
    """Return whether the API asked to slow down."""
    return isinstance(outcome, Response) and outcome.status == 429


class Cooldown:
    """The moment before which no call of a client sends anything, because one of them met a 429.

    In seconds of the monotonic clock.
    """

    def __init__(self) -> None:
        self.until = 0.0

    def extend(self, until: float) -> None:
        """Move the moment; never to an earlier one."""
        self.until = max(self.until, until)


def retrying(flow: Flow[T], policy: Retry, cooldown: Cooldown) -> Flow[T]:
    """Perform a flow, repeating each of its requests as the policy allows."""

    def answer(step: Step) -> Flow[Any] | None:
        return _send_with_retries(step, policy, cooldown) if isinstance(step, Request) else None

    return relay(flow, answer)


def _send_with_retries(request: Request, policy: Retry, cooldown: Cooldown) -> Flow[Response]:
    """Send one request until it is answered, refused for good, or given up."""
    # A request with a timeout of its own has that for all its tries, the first included.
    started: float | None = (yield Monotonic()) if request.timeout is not None else None
    end = math.inf if started is None or request.timeout is None else started + request.timeout
    attempts = tries = 0
    while True:
        if cooldown.until and not (yield from _cool(cooldown, end)):
            return _give_up(Response(429, COOLDOWN_BODY), max(1, attempts), OUT_OF_TIME)
        attempts += 1
        outcome: Response | NetworkError
        try:
            outcome = yield (replace(request, attempt=attempts) if attempts > 1 else request)
        except NetworkError as error:
            outcome = error
        if isinstance(outcome, Response) and outcome.status < 400:
            return replace(outcome, tries=attempts) if attempts > 1 else outcome
        if not policy.may_retry(request, outcome):
            return _give_up(outcome, attempts, "repeating it is not safe, or of no use")
        delay = policy.delay(outcome, attempts, (yield from chance()), (yield Now()))
        now: float = yield Monotonic()
        started = now if started is None else started
        if _is_limit(outcome):
            cooldown.extend(now + delay)
        else:
            tries += 1
        if reason := policy.stop_reason(outcome, tries, now + delay - started, request.timeout):
            return _give_up(outcome, attempts, reason)
        yield Pause(delay)


def _cool(cooldown: Cooldown, end: float) -> Flow[bool]:
    """Wait until the client may send again; return False at once where that is after `end`."""
    while (now := (yield Monotonic())) < cooldown.until:
        if cooldown.until > end:
            return False
        yield Pause(cooldown.until - now)
    return True


def _give_up(outcome: Response | NetworkError, attempts: int, why: str) -> Response:
    """Pass the last outcome on, with what was tried; a network error is raised."""
    if isinstance(outcome, Response):
        return replace(outcome, tries=attempts, gave_up=why)
    outcome.tries, outcome.gave_up = attempts, why
    raise outcome
