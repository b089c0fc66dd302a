"""Writes that take effect once. Not tools: flows that the tools of this package are made of.

v3 of the API has no idempotency key, so looking stands in for one: after a write whose answer was
lost, look whether it took effect, and send it again only when it did not.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from ...errors import Ambiguous, ConnectionLost, DevinToolsError, ServerFault, UnexpectedResponse
from ...flow import OUT_OF_TIME, Flow, Monotonic, Pause, Setting, Step, relay
from ...wire import Request

T = TypeVar("T")

KEY_TAG = "devin-tools-key:"
"""How the tag begins by which a created session is found again."""

LOOKS = (1.0, 2.0, 4.0, 8.0)
"""Seconds before each look: the API documents no delay until a write can be seen."""

LAST_CHANCE = 5.0
"""Seconds that a request has at least, however late it is."""


def tag_of_key(key: str) -> str:
    """Make the tag of an idempotency key: a digest, so that the key itself is shown to nobody."""
    return KEY_TAG + hashlib.sha256(key.encode()).hexdigest()[:32]


def once(send: Callable[[], Flow[T]], find: Callable[[], Flow[T | None]] | None) -> Flow[T]:
    """Send a write until it took effect once; without `find`, report an ambiguous end instead.

    Raises `Ambiguous`, or whatever refused the write for good.
    """
    most: int = yield Setting("max_tries")
    tries = 0
    while True:
        tries += 1
        try:
            return (yield from send())
        except (ConnectionLost, ServerFault, UnexpectedResponse) as error:
            if isinstance(error, UnexpectedResponse) and not error.status:
                raise
            if find is None:
                raise Ambiguous(f"The write may have taken effect. {error.message}") from error
            found = yield from _look(find)
            if found is not None:
                return found
            if tries >= most:
                error.tries, error.gave_up = tries, f"the limit of {most} tries is reached"
                raise


def _look(find: Callable[[], Flow[T | None]]) -> Flow[T | None]:
    """Look a few times; only a last look that worked tells that nothing is there."""
    failure: DevinToolsError | None = None
    for seconds in LOOKS:
        yield Pause(seconds)
        try:
            found = yield from retry_reads(find)
        except DevinToolsError as error:
            failure = error
            continue
        if found is not None:
            return found
        failure = None
    if failure is not None:
        message = f"The write may have taken effect, and looking for it failed. {failure.message}"
        raise Ambiguous(message) from failure
    return None


def retry_reads(read: Callable[[], Flow[T]], end: float = math.inf) -> Flow[T]:
    """Read in the midst of something long: an answer that cannot be read costs a pause, not all.

    What is given up because `end` has come says so: its `gave_up` is `OUT_OF_TIME`.
    """
    most: int = yield Setting("max_tries")
    for seconds in range(1, most):
        try:
            return (yield from with_deadline(read(), end))
        except (ServerFault, UnexpectedResponse) as error:
            if end < math.inf and (yield Monotonic()) + seconds > end + LAST_CHANCE:
                error.gave_up = OUT_OF_TIME
            if error.gave_up == OUT_OF_TIME:
                raise
            yield Pause(float(seconds))
    return (yield from with_deadline(read(), end))


def with_deadline(flow: Flow[T], end: float) -> Flow[T]:
    """Perform a flow whose requests are not tried on when `end` has come."""

    def answer(step: Step) -> Flow[Any]:
        if isinstance(step, Request) and end < math.inf:
            step = replace(step, timeout=max(LAST_CHANCE, end - (yield Monotonic())))
        return (yield step)

    return relay(flow, answer)
