"""One look for all who wait: the deferred tasks of a triggerer share a list request per 200 sessions.

A triggerer runs all its triggers on one event loop. There is one poller per loop and connection, from the
first who waits to the last.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any
from weakref import WeakKeyDictionary

from devin_tools import AsyncClient
from devin_tools.tasks.wait_sessions import SessionWatchlist, SettledSession

from .failures import PASSING
from .hook import DevinHook
from .pace import Pace, Tally, paced

__all__ = ["Poller", "watching"]

log = logging.getLogger(__name__)

FINAL = frozenset({"failed", "ended", "not_found"})
"""Outcomes that nobody can change."""

REST = 1.0
"""Seconds between two looks, at least, however late the first one is."""

_pollers: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, float], Poller]] = WeakKeyDictionary()


def _is_awaited(outcome: str, outcomes: Collection[str] | None) -> bool:
    """Return whether a wait ends with this outcome; a status that nobody knows yet is none."""
    if outcome == "still_running":
        return False
    return outcomes is None or outcome in outcomes or outcome in FINAL


@asynccontextmanager
async def watching(conn_id: str, settle_seconds: float) -> AsyncIterator[Poller]:
    """Share the poller of a connection for as long as somebody waits."""
    pollers = _pollers.setdefault(asyncio.get_running_loop(), {})
    key = conn_id, settle_seconds
    poller = pollers.get(key)
    if poller is None:
        poller = pollers[key] = Poller(conn_id, settle_seconds)
    poller.users += 1
    try:
        yield poller
    finally:
        poller.users -= 1
        if not poller.users:
            pollers.pop(key, None)
            await poller.close()


class Poller:
    """Looks at sessions for everybody who waits for some of them."""

    def __init__(self, conn_id: str, settle_seconds: float):
        self.users = 0
        self.looks = 0
        """How many looks there were."""
        self._conn_id = conn_id
        self._watchlist = SessionWatchlist((), settle_seconds)
        self._waiting: dict[str, set[asyncio.Queue[Any]]] = {}
        self._joining: set[str] = set()
        """Those to look at from the next look on: in the midst of one they would count as missing."""
        self._task: asyncio.Task[None] | None = None

    async def wait(
        self,
        session_ids: Iterable[str],
        until: float,
        *,
        needs: str = "all",
        outcomes: Collection[str] | None = None,
    ) -> dict[str, str]:
        """Wait for sessions; give the outcome of each that settled in time."""
        open_, settled = set(session_ids), dict[str, str]()
        news: asyncio.Queue[Any] = asyncio.Queue()
        for session_id in open_:
            self._waiting.setdefault(session_id, set()).add(news)
            self._joining.add(session_id)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, until - time.time())):
                    while open_ and not (needs == "any" and settled):
                        one = await news.get()
                        if isinstance(one, BaseException):
                            raise one
                        if _is_awaited(one.outcome, outcomes):
                            settled[one.session_id] = one.outcome
                            open_.discard(one.session_id)
        finally:
            self._leave(session_ids, news)
        return settled

    def _leave(self, session_ids: Iterable[str], news: asyncio.Queue[Any]) -> None:
        for session_id in session_ids:
            queues = self._waiting.get(session_id, set())
            queues.discard(news)
            if not queues:
                self._waiting.pop(session_id, None)
                self._joining.discard(session_id)
                self._watchlist.remove(session_id)

    async def _watch(self) -> None:
        try:
            client, pace = await DevinHook(self._conn_id).async_client()
            async with client:
                while True:
                    pace = await self._look(client, pace)
        except Exception as error:
            for queue in {queue for queues in self._waiting.values() for queue in queues}:
                queue.put_nowait(error)

    async def _look(self, client: AsyncClient, pace: Pace) -> Pace:
        """Look once at all, tell those who wait, and pause."""
        began, tally = time.monotonic(), Tally()
        while self._joining:
            self._watchlist.add(self._joining.pop())
        try:
            await client.drive(paced(self._watchlist.look(math.inf), pace, tally))
        except PASSING as error:  # the sessions work on, and whoever waits has a deadline
            log.warning("could not look at sessions: %s", error)
        self.looks += 1
        self._tell()
        await asyncio.sleep(max(REST, pace.interval(tally.requests) - (time.monotonic() - began)))
        return pace.after(tally.requests, tally.refused)

    def _tell(self) -> None:
        settled: list[SettledSession] = list(self._watchlist.settled.values())
        for one in settled:
            self._watchlist.remove(one.session_id)
            for queue in self._waiting.get(one.session_id, ()):
                queue.put_nowait(one)
                self._joining.add(one.session_id)  # for those who wait for another outcome

    async def close(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
