"""A rate limit that one call of a client meets slows all of its calls down."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
from support.driving import EPOCH

from devin_tools import AsyncClient, Client
from devin_tools.api import GetSession
from devin_tools.client.retry import Cooldown, Retry, retrying
from devin_tools.flow import Draw, Flow, Monotonic, Now, Pause
from devin_tools.wire import Request, Response

READ = GetSession(session_id="abc")
POLICY = Retry()


def ask() -> Flow[Response]:
    got: Response = yield Request("GET", "/x")
    return got


def refusal(status: int) -> Response:
    return Response(status, b"{}", {"retry-after": "30"})


def test_a_rate_limit_cools_down_every_flow_of_the_client() -> None:
    cooldown = Cooldown()
    first, second = (retrying(ask(), POLICY, cooldown) for _ in range(2))
    next(first)
    assert first.send(refusal(429)) == Draw()
    assert first.send(0) == Now()
    assert first.send(EPOCH) == Monotonic()
    assert first.send(500.0) == Pause(30.0)
    assert next(second) == Monotonic()
    assert second.send(510.0) == Pause(20.0)
    assert second.send(None) == Monotonic()
    assert second.send(530.0) == Request("GET", "/x")
    assert first.send(None) == Monotonic() and first.send(530.0) == Request("GET", "/x")


def test_a_cooldown_never_comes_nearer() -> None:
    cooldown = Cooldown()
    for until in (10.0, 30.0, 20.0):
        cooldown.extend(until)
    assert cooldown.until == 30.0


def test_faults_that_are_no_rate_limit_cool_nobody_down() -> None:
    cooldown = Cooldown()
    flow = retrying(ask(), POLICY, cooldown)
    next(flow)
    assert flow.send(refusal(503)) == Draw()
    assert flow.send(0) == Now()
    assert flow.send(EPOCH) == Monotonic()
    flow.send(500.0)
    assert cooldown.until == 0.0


class Gate:
    """A clock that stands still until it is opened, and counts who waits."""

    def __init__(self) -> None:
        self.time = EPOCH
        self.waits: list[float] = []
        self.arrivals = threading.Semaphore(0)
        self.opened = threading.Event()
        self.opened_async = asyncio.Event()

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.arrivals.release()
        assert self.opened.wait(120)

    async def sleep_async(self, seconds: float) -> None:
        self.waits.append(seconds)
        await self.opened_async.wait()

    def open(self) -> None:
        self.time += 31
        self.opened.set()
        self.opened_async.set()


class Limited:
    """Refuses the first request, and counts them all."""

    def __init__(self) -> None:
        self.seen = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen += 1
        if self.seen == 1:
            return httpx.Response(429, headers={"retry-after": "30"}, json={})
        return httpx.Response(200, json={"session_id": "abc"})


def test_twenty_threads_wait_for_the_rate_limit_that_one_of_them_met() -> None:
    gate, api = Gate(), Limited()
    transport = httpx.MockTransport(api)
    client = Client(api_key="cog_key", org_id="org-1", transport=transport, guards=(), clock=gate)
    with client, ThreadPoolExecutor(20) as pool:

        def start(count: int) -> list[Any]:
            started = [pool.submit(client.run, READ) for _ in range(count)]
            assert all(gate.arrivals.acquire(timeout=120) for _ in started)
            return started

        all_of_them = start(1) + start(19)
        assert api.seen == 1 and all(30 <= seconds <= 30.5 for seconds in gate.waits)
        gate.open()
        assert [future.result(120).session_id for future in all_of_them] == ["abc"] * 20
    assert api.seen == 21


def test_twenty_tasks_wait_for_the_rate_limit_that_one_of_them_met() -> None:
    async def main() -> None:
        gate, api = Gate(), Limited()
        transport = httpx.MockTransport(api)
        client = AsyncClient(api_key="cog_key", org_id="org-1", transport=transport, guards=(), clock=gate)
        async with client:

            async def start(count: int) -> list[asyncio.Task[Any]]:
                before = len(gate.waits)
                started = [asyncio.create_task(client.run(READ)) for _ in range(count)]
                while len(gate.waits) < before + count:
                    await asyncio.sleep(0)
                return started

            all_of_them = await start(1) + await start(19)
            assert api.seen == 1 and all(30 <= seconds <= 30.5 for seconds in gate.waits)
            gate.open()
            assert [session.session_id for session in await asyncio.gather(*all_of_them)] == ["abc"] * 20
        assert api.seen == 21

    asyncio.run(main())
