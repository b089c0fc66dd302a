"""The simulator as an httpx transport, for both kinds of client."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from .api import SimulatedApi
    from .bodies import Body
    from .response import Answer, EventStream


PACE = 1.0
"""Seconds between two looks for new events."""


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Hands each request of a client to a simulator, with no socket between them.

    Faults of the connection raise what httpx raises over a real one.
    """

    def __init__(self, simulator: SimulatedApi):
        self._simulator = simulator

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a sync client."""
        body = self._simulator.body(request.headers)
        assert isinstance(request.stream, httpx.SyncByteStream)
        for piece in request.stream:
            body.take(piece)
        answer = self._answer(request, body)
        if answer.delay:
            self._simulator.clock.sleep(min(answer.delay, read_timeout(request)))
        return self._delivered(answer, request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer an async client."""
        body = self._simulator.body(request.headers)
        assert isinstance(request.stream, httpx.AsyncByteStream)
        async for piece in request.stream:
            body.take(piece)
        answer = self._answer(request, body)
        if answer.delay:
            await self._simulator.clock.sleep_async(min(answer.delay, read_timeout(request)))
        return self._delivered(answer, request)

    def _delivered(self, answer: Answer, request: httpx.Request) -> httpx.Response:
        if answer.stream is None or answer.delivery not in ("whole", "cut"):
            return delivered(answer, request)
        body = EventBody(self._simulator, answer.stream, is_cut=answer.delivery == "cut")
        return httpx.Response(answer.status, headers=answer.headers, stream=body, request=request)

    def _answer(self, request: httpx.Request, body: Body) -> Answer:
        target = request.url.raw_path.decode("ascii")
        return self._simulator.receive(request.method, target, body, request.headers)


class ResponseStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body as it comes: whole, or a part of it and then the end of the connection."""

    def __init__(self, answer: Answer):
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.pieces()
        if self._answer.delivery == "cut":
            got = f"received {self._answer.length // 2} bytes, expected {self._answer.length}"
            message = f"peer closed connection without sending complete message body ({got})"
            raise httpx.RemoteProtocolError(message)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


class EventBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Events as they come, on the simulator's clock, until their end, or until they are cut."""

    def __init__(self, simulator: SimulatedApi, stream: EventStream, *, is_cut: bool):
        self._simulator, self._stream, self._is_cut = simulator, stream, is_cut

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces():
            if piece:
                yield piece
            self._simulator.clock.sleep(PACE)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces():
            if piece:
                yield piece
            await self._simulator.clock.sleep_async(PACE)

    def _pieces(self) -> Iterator[bytes]:
        while (piece := self._simulator.next_events(self._stream)) is not None:
            yield piece
            if self._is_cut:
                raise httpx.RemoteProtocolError(
                    "peer closed connection without sending complete message body"
                )


def read_timeout(request: httpx.Request) -> float:
    """Return how many seconds the client waits for an answer."""
    seconds = request.extensions.get("timeout", {}).get("read")
    return math.inf if seconds is None else float(seconds)


def delivered(answer: Answer, request: httpx.Request) -> httpx.Response:
    """Return the response as a client receives it; raise the error of httpx where the connection breaks."""
    if answer.delay > read_timeout(request):
        raise httpx.ReadTimeout("timed out", request=request)
    if answer.delivery == "reset":
        raise httpx.ReadError("Connection reset by peer", request=request)
    if answer.delivery == "lost":
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
    headers = {**answer.headers, "content-length": str(answer.length)}
    if answer.delivery == "cut" or answer.file:
        return httpx.Response(answer.status, headers=headers, stream=ResponseStream(answer), request=request)
    return httpx.Response(answer.status, headers=headers, content=answer.body, request=request)
