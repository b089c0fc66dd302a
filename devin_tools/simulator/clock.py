"""The simulator's time: virtual, or the real one made faster; either can be stepped."""

from __future__ import annotations

import heapq
import itertools
import math
import threading
import time
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import asyncio

EPOCH = 1_767_225_600.0
"""When a virtual clock starts: 2026-01-01 00:00 UTC, so that runs repeat to the second."""

SETTLING_TURNS = 20
"""Turns of the event loop in which every task that can run does so before time moves."""


class SimulatedClock:
    """Seconds since 1970, in the simulator's world.

    Without `speed` time moves only when somebody sleeps or steps it: sleeping takes no real time.
    With `speed` it runs by itself, that many times faster than the real one.
    """

    def __init__(self, speed: float | None = None):
        if speed is not None and not 0 < speed < math.inf:
            raise ValueError("the speed must be above 0")
        self._speed = speed
        self._offset = EPOCH if speed is None else time.time()
        self._started = time.monotonic()
        self._lock = threading.Lock()
        self._sleepers: WeakKeyDictionary[asyncio.AbstractEventLoop, _Sleepers] = WeakKeyDictionary()

    def now(self) -> float:
        """Return the time."""
        if self._speed is None:
            return self._offset
        return self._offset + (time.monotonic() - self._started) * self._speed

    def monotonic(self) -> float:
        """Return the same time, which never moves back: one clock here is for dates and for waits."""
        return self.now()

    def step(self, seconds: float) -> None:
        """Move the time forward; it never moves back."""
        with self._lock:
            self._offset += max(0.0, seconds)

    def reach(self, due: float) -> None:
        """Move a virtual time to `due`, unless it is past that already."""
        with self._lock:
            self._offset = max(self._offset, due)

    def sleep(self, seconds: float) -> None:
        """Wait: at once in virtual time, shortened by `speed` otherwise."""
        if self._speed is None:
            self.reach(self.now() + seconds)
        else:
            time.sleep(max(0.0, seconds) / self._speed)

    async def sleep_async(self, seconds: float) -> None:
        """Wait without blocking; in virtual time sleepers wake one by one, the earliest first."""
        import asyncio  # here, as it is heavy, and a client for threads needs none of it

        if self._speed is not None:
            await asyncio.sleep(max(0.0, seconds) / self._speed)
            return
        loop = asyncio.get_running_loop()
        sleepers = self._sleepers.get(loop)
        if sleepers is None:
            sleepers = self._sleepers[loop] = _Sleepers(self)
        await sleepers.until(self.now() + max(0.0, seconds), loop)


class _Sleepers:
    """The tasks of one event loop that wait for a virtual time.

    One callback serves them all, so a turn of the loop costs the same however many sleep.
    """

    def __init__(self, clock: SimulatedClock):
        self._clock = clock
        self._queue: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._turns = 0

    async def until(self, due: float, loop: asyncio.AbstractEventLoop) -> None:
        """Wait until it is `due`."""
        woken: asyncio.Future[None] = loop.create_future()
        heapq.heappush(self._queue, (due, next(self._order), woken))
        self._turns = SETTLING_TURNS
        if len(self._queue) == 1:
            loop.call_soon(self._turn, loop)
        await woken

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        due, _, woken = self._queue[0]
        self._turns -= 1
        if woken.done() or due <= self._clock.now() or self._turns <= 0:
            heapq.heappop(self._queue)
            if not woken.done():
                self._clock.reach(due)
                woken.set_result(None)
                self._turns = SETTLING_TURNS
        if self._queue:
            loop.call_soon(self._turn, loop)
