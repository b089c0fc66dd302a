"""A response that goes on: server-sent events, until whoever reads them goes away.

The format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

STREAM_HEADERS = {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",  # a proxy that buffers would hold events back
}

KEEP_ALIVE = b": still here\n\n"
"""A comment, which readers pass over: it shows both ends, and proxies between, that the other is there."""


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
            await super().__call__(scope, receive, send)
        finally:
            await self._events.aclose()


def event_bytes(name: str, data: bytes) -> bytes:
    """Return one event; `data` is one line, as compact JSON is."""
    return b"event: " + name.encode("ascii") + b"\ndata: " + data + b"\n\n"
