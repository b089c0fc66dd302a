"""An answer that trickles in without end is left, though each single read is quick."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from devin_tools import AsyncClient, Client
from devin_tools.api import CreateSession, GetSession
from devin_tools.client import exchange as intake
from devin_tools.errors import Ambiguous, ConnectionLost

OPTIONS = {"api_key": "cog_x", "org_id": "org-1", "guards": (), "max_tries": 1, "max_retry_seconds": 30}


class Trickle(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body of spaces that ends only after a very long time."""

    sent = 0

    def __iter__(self) -> Iterator[bytes]:
        while self.sent < 10_000:
            self.sent += 1
            yield b" "

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part


@pytest.fixture
def body(monkeypatch: pytest.MonkeyPatch) -> Trickle:
    """Return a body of which each byte takes a second."""
    trickle = Trickle()
    monkeypatch.setattr(intake.time, "perf_counter", lambda: float(trickle.sent))
    return trickle


def test_a_read_is_given_up_and_a_write_is_ambiguous(body: Trickle) -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=body))
    with Client(**OPTIONS, tag_creates=False, transport=transport) as client:
        with pytest.raises(ConnectionLost, match="ReadTimeout"):
            client.run(GetSession(session_id="abc"))
        assert 60 < body.sent < 70
        with pytest.raises(Ambiguous):
            client.run(CreateSession(prompt="x"))


def test_an_async_client_does_the_same(body: Trickle) -> None:
    async def go() -> None:
        transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=body))
        async with AsyncClient(**OPTIONS, transport=transport) as client:
            await client.run(GetSession(session_id="abc"))

    with pytest.raises(ConnectionLost, match="ReadTimeout"):
        asyncio.run(go())
    assert 60 < body.sent < 70


@pytest.mark.parametrize("seconds", [None, 7.0])
def test_the_timeout_of_a_request_bounds_its_time_on_the_wire(seconds: float | None) -> None:
    from devin_tools.wire import Request

    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    def flow():  # type: ignore[no-untyped-def]
        yield Request("GET", "/x", timeout=seconds)

    with Client(**OPTIONS, transport=httpx.MockTransport(answer)) as client:
        client.drive(flow())
    timeout = seen[0].extensions["timeout"]
    assert (timeout["read"], timeout["connect"]) == (seconds or 60.0, 5.0)
