"""An answer that goes on: events, as browsers read them, until whoever reads them goes away.

The format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field

from .asgi import Receive, Send

STREAM_HEADERS = {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",  # a proxy that gathers answers would hold events back
}

KEEP_ALIVE = b": still here\n\n"
"""A comment, which readers pass over: it shows both ends, and proxies between, that the other is there."""


@dataclass(frozen=True)
class Stream:
    """An answer in parts. Sending it ends when the parts do, or when the caller has gone."""

    parts: AsyncGenerator[bytes, None]
    receive: Receive
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    async def send(self, send: Send, extra: Mapping[str, str]) -> None:
        """Send it, with headers that have nothing to do with what it says."""
        headers = STREAM_HEADERS | dict(self.headers) | dict(extra)
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": pairs})
        pouring = asyncio.ensure_future(self._pour(send))
        leaving = asyncio.ensure_future(gone(self.receive))
        try:
            await asyncio.wait((pouring, leaving), return_when=asyncio.FIRST_COMPLETED)
            if pouring.done():
                pouring.result()
        finally:
            pouring.cancel()
            leaving.cancel()
            await asyncio.gather(pouring, leaving, return_exceptions=True)
            await self.parts.aclose()

    async def _pour(self, send: Send) -> None:
        async for part in self.parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def event_bytes(name: str, data: bytes) -> bytes:
    """Write one event; `data` is one line, as compact JSON is."""
    return b"event: " + name.encode("ascii") + b"\ndata: " + data + b"\n\n"


async def gone(receive: Receive) -> None:
    """Return when the caller has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
