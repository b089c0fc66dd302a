"""How much one server takes: the size of a body, calls at a time, calls a minute, seconds of a call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from .responses import HTTPError

SLICE = 0.8
"""The part of a call's time that a wait may take: the rest is for what comes before and after it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server takes before it refuses."""

    body_bytes: int = 1_048_576
    """The largest body."""

    body_seconds: float = 20.0
    """How long a body may take to arrive."""

    calls_at_once: int = 32
    """Calls that may run at a time."""

    calls_a_minute: int = 300
    """Calls that may begin in a minute, all callers together."""

    call_seconds: float = 55.0
    """How long one call may take; many clients give up after 60 seconds."""

    @property
    def slice_seconds(self) -> float:
        """How long a call may wait for a session before it says how to go on."""
        return self.call_seconds * SLICE


class CallLimiter:
    """Admits calls up to a number at a time and a number a minute."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic):
        self._limits = limits
        self._now = now
        self._running = 0
        self._left = float(limits.calls_a_minute)
        self._filled_at = now()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Count a call as long as the block runs; raise `HTTPError` when there is no room for it."""
        if self._running >= self._limits.calls_at_once:
            raise HTTPError(503, "busy", "Too many calls are running.", retry_after=1.0)
        self._take()
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1

    def _take(self) -> None:
        """Take one of the calls of this minute; they come back one by one."""
        most, now = self._limits.calls_a_minute, self._now()
        self._left = min(float(most), self._left + (now - self._filled_at) * most / 60)
        self._filled_at = now
        if self._left < 1:
            seconds = round((1 - self._left) * 60 / most, 3)
            message = f"This server takes {most} calls a minute."
            raise HTTPError(
                429, "rate_limited", message, hint="Wait before calling again.", retry_after=seconds
            )
        self._left -= 1


class UnverifiedReads:
    """The bodies that are read before their signatures are checked, up to a number at a time.

    When it is full, the one that has taken longest makes room: a body that arrives with its head, as those
    of honest senders mostly do, is never that one.
    """

    def __init__(self, most: int):
        self._most = most
        self._reading: dict[asyncio.Timeout, None] = {}

    @asynccontextmanager
    async def entered(self) -> AsyncIterator[None]:
        """Hold a place while the block runs; raise `HTTPError` when it is needed for another."""
        if len(self._reading) >= self._most:
            slowest = next(iter(self._reading))
            del self._reading[slowest]
            slowest.reschedule(asyncio.get_running_loop().time())
        place = asyncio.timeout(None)
        try:
            async with place:
                self._reading[place] = None
                yield
        except TimeoutError:
            text = "Too many senders are waited for."
            raise HTTPError(503, "busy", text, retry_after=1.0, headers={"connection": "close"}) from None
        finally:
            self._reading.pop(place, None)
