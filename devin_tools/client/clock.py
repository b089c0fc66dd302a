"""Time, as a driver of flows needs it."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Time, as a driver needs it; the simulator brings a virtual one."""

    def now(self) -> float:
        """Return the time, in seconds since 1970. Somebody may set it, so it does not measure a wait."""

    def monotonic(self) -> float:
        """Return seconds for waits and deadlines, which nobody sets: only differences mean something."""

    def sleep(self, seconds: float) -> None:
        """Wait."""

    async def sleep_async(self, seconds: float) -> None:
        """Wait without blocking the event loop."""


class WallClock:
    """The real time."""

    def now(self) -> float:
        """Return seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds since some moment, whatever the clock on the wall is set to."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Block this thread."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let other tasks run meanwhile."""
        import asyncio

        await asyncio.sleep(seconds)
