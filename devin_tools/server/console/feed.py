"""Feeds as server-sent events: one reader for any number of watchers, only while somebody watches.

The format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from ...client.clock import Clock
from ...errors import DevinToolsError
from ..responses import HTTPError, error_response, json_bytes

log = logging.getLogger("devin_tools.server")

STREAM_HEADERS = {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",  # a proxy that buffers would hold events back
}

KEEP_ALIVE = b": still here\n\n"
"""A comment, which readers pass over: it shows both ends, and proxies between, that the other is there."""

KEEP_ALIVE_SECONDS = 15.0
"""After how long without an event a comment is sent."""


class Feed:
    """Reads once a tick for any number of watchers, which get an event when something has changed.

    A watcher that comes later gets what was last read at once. One that is slow misses what was
    replaced meanwhile, and holds up nobody.
    """

    def __init__(self, read: Callable[[], Awaitable[Any]], clock: Clock, seconds: float):
        self._read = read
        self._clock = clock
        self._seconds = seconds
        self._task: asyncio.Task[None] | None = None
        self._latest: bytes | None = None
        self._next_at = clock.monotonic()
        self._changed = asyncio.Event()
        self._is_closed = False
        self.watchers = 0
        """How many watch now."""

    async def watch(self) -> AsyncGenerator[bytes, None]:
        """Yield the events, from what is known now on, until the feed is closed."""
        seen: bytes | None = None
        self.watchers += 1
        if self._task is None and not self._is_closed:
            if self._clock.monotonic() >= self._next_at:  # what was read before anybody watched is old
                self._latest = None
            self._task = asyncio.ensure_future(self._read_on())
        try:
            while not self._is_closed:
                if self._latest is not None and self._latest is not seen:
                    seen = self._latest
                    yield seen
                    continue
                try:
                    async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                        await self._changed.wait()
                except TimeoutError:
                    yield KEEP_ALIVE
        finally:
            self.watchers -= 1
            if not self.watchers:
                self._stop()

    def close(self) -> None:
        """Stop reading, and end the events of every watcher."""
        self._is_closed = True
        self._stop()
        self._changed.set()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _read_on(self) -> None:
        """Read until nobody watches; whoever comes back at once does not make it read more often."""
        while True:
            early = self._next_at - self._clock.monotonic()
            if early > 0:
                await self._clock.sleep_async(early)
            self._next_at = self._clock.monotonic() + self._seconds
            latest = await self._event()
            if latest != self._latest:
                self._latest = latest
                before, self._changed = self._changed, asyncio.Event()
                before.set()

    async def _event(self) -> bytes:
        try:
            return event_bytes("seen", json_bytes(await self._read()))
        except (DevinToolsError, HTTPError) as error:
            failure = error_response(error)
            wait = float(failure.headers.get("retry-after", 0))
            self._next_at = max(self._next_at, self._clock.monotonic() + wait)
        except Exception as fault:  # its text could hold a value
            log.error("a feed of the console met an unexpected %s", type(fault).__name__)
            failure = error_response(HTTPError(500, "error", "The server has an internal error."))
        return event_bytes("failure", bytes(failure.body))


class EventStream(StreamingResponse):
    """A response of events. It ends when they do, or when the caller has gone."""

    def __init__(self, events: AsyncGenerator[bytes, None], headers: Mapping[str, str]):
        super().__init__(events, headers=STREAM_HEADERS | dict(headers))
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events, and close their generator: a caller who goes may leave it at a `yield`."""
        try:
            if scope["method"] == "HEAD":  # it would wait for the end of a body that nobody gets
                await self._events.aclose()
            # From version 2.4 of ASGI on, Starlette learns of a caller who has gone by sending alone: a quiet
            # stream would keep its place among the watchers.
            asgi = scope.get("asgi", {}) | {"spec_version": "2.3"}
            await super().__call__({**scope, "asgi": asgi}, receive, send)
        finally:
            await self._events.aclose()


def event_bytes(name: str, data: bytes) -> bytes:
    """Return one event; `data` is one line, as compact JSON is."""
    return b"event: " + name.encode("ascii") + b"\ndata: " + data + b"\n\n"
