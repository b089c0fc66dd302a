"""Writes that take effect once: flows that tools are made of.

A create whose answer was lost may have taken effect. Sent again, it may make and bill a second session;
given up, it may leave one at work that nobody knows of. v3 of the API has no idempotency key that would rule
that out (docs.devin.ai/v3-openapi.yaml), so looking stands in for one: after a lost answer, look whether what
was written is there, and send it again only when it is not. What cannot be found is never sent again: the
error asks a person to look.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Generic, TypeVar

from ...errors import Ambiguous, ConnectionLost, DevinToolsError, ServerFault, UnexpectedResponse
from ...flow import OUT_OF_TIME, Flow, Monotonic, Pause, Setting, Step, relay
from ...tool import Output, Tool
from ...wire import Request

T = TypeVar("T")
OutT = TypeVar("OutT", bound=Output)

KEY_TAG = "devin-tools-key:"
"""How the tag begins by which a created session is found again."""

LOOKS = (1.0, 2.0, 4.0, 8.0)
"""Seconds before each look: the API documents no delay until a write can be seen."""

LAST_CHANCE = 5.0
"""Seconds that a request has at least, however late it is."""


def tag_of_key(key: str) -> str:
    """Make the tag of an idempotency key: a digest, so that the key itself is shown to nobody."""
    return KEY_TAG + hashlib.sha256(key.encode()).hexdigest()[:32]


class CreateOnce(Tool[OutT], Generic[OutT]):
    """A tool that creates what cannot be found again: `Ambiguous` is raised when an answer is lost."""

    def flow(self) -> Flow[OutT]:
        """Send the request once."""
        return once(super().flow, None)


def look_first(flow: Flow[T], hint: str) -> Flow[T]:
    """Perform a flow; where it raises `Ambiguous`, this hint says what to look for before a further try."""
    try:
        return (yield from flow)
    except Ambiguous as error:
        error.hint = hint
        raise


def once(send: Callable[[], Flow[T]], find: Callable[[], Flow[T | None]] | None) -> Flow[T]:
    """Send a write until it took effect once; `find` looks for what it made, `None` where nothing can.

    Raises:
        Ambiguous: it may have taken effect; nothing can look for it, or looking failed.
        ConnectionLost, ServerFault, UnexpectedResponse: it did not take effect, in the last of so many tries.
        DevinToolsError: whatever refused it for good.
    """
    most: int = yield Setting("max_tries")
    tries = 0
    while True:
        tries += 1
        try:
            return (yield from send())
        except (ConnectionLost, ServerFault, UnexpectedResponse) as error:
            # These three leave open whether the write arrived. An error of another kind says that it did
            # not, and so does an UnexpectedResponse without a status: no response had come yet.
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
    """Repeat a read of a long wait after a server error, so that one error does not end the wait.

    The client has retried each request already, as its settings allow, and lost connections too. What is
    given up because `end` has come, on the clock of `Monotonic`, has `gave_up` set to `OUT_OF_TIME`.
    """

    def answer(step: Step) -> Flow[Any]:
        if isinstance(step, Request) and end < math.inf:
            step = replace(step, timeout=max(LAST_CHANCE, end - (yield Monotonic())))
        return (yield step)

    most: int = yield Setting("max_tries")
    for seconds in range(1, most):
        try:
            return (yield from relay(read(), answer))
        except (ServerFault, UnexpectedResponse) as error:
            if end < math.inf and (yield Monotonic()) + seconds > end + LAST_CHANCE:
                error.gave_up = OUT_OF_TIME
            if error.gave_up == OUT_OF_TIME:
                raise
            yield Pause(float(seconds))
    return (yield from relay(read(), answer))
