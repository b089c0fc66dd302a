"""What a user trusts with money, at scale and under faults. Run with `nox -s load`."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections import Counter

import httpx

from devin_tools import (
    AsyncClient,
    Client,
    CreateSession,
    GetSession,
    ListSessions,
    SendMessage,
    Simulator,
    WaitSessions,
)
from devin_tools.simulator import Faults

MANY = 1000
CALLERS = 20
SPEED = 400
"""Times faster than real: a grace period of 15 s then takes 40 ms."""

KEY = "cog_CANARY_5ca1e5ca1e"


async def in_parallel(count, work):
    """Run `work(i)` for each i, at most CALLERS at a time; give the results in order."""
    gate = asyncio.Semaphore(CALLERS)

    async def one(i):
        async with gate:
            return await work(i)

    return await asyncio.gather(*(one(i) for i in range(count)))


def faulty(seed: int) -> Simulator:
    return Simulator(seed=seed, speed=SPEED, faults=Faults(rate=0.2, seed=seed))


def patient(server, simulator) -> AsyncClient:
    return AsyncClient(
        api_key=KEY,
        org_id=simulator.world.org_id,
        base_url=server.url,
        clock=simulator.clock,
        max_tries=12,
        max_retry_seconds=86_400,
        timeout=30,
        guards=(),
    )


def test_a_thousand_creates_under_faults_make_a_thousand_sessions(caplog):
    caplog.set_level(logging.DEBUG)
    simulator = faulty(seed=11)

    async def run():
        with simulator.serve() as server:
            async with patient(server, simulator) as client:
                return await in_parallel(MANY, lambda i: client.run(CreateSession(prompt=f"Task {i}.")))

    sessions = asyncio.run(run())
    records = simulator.world.sessions
    assert len(records) == MANY
    assert [records[session.session_id].prompt for session in sessions] == [f"Task {i}." for i in range(MANY)]
    assert Counter(session.creation for session in sessions)["adopted"] > 20
    assert KEY not in caplog.text


def test_a_thousand_messages_under_faults_arrive_once_each():
    simulator = faulty(seed=12)

    async def run():
        with simulator.serve() as server:
            async with patient(server, simulator) as client:
                prompts = [CreateSession(prompt=f"Task {i}.") for i in range(CALLERS)]
                made = [await client.run(prompt) for prompt in prompts]

                async def send(i):
                    call = SendMessage(session_id=made[i % CALLERS].session_id, message=f"Message {i}.")
                    return await client.run(call)

                return await in_parallel(MANY, send)

    outputs = asyncio.run(run())
    records = simulator.world.sessions.values()
    heard = Counter(m["message"] for record in records for m in record.messages if m["source"] == "user")
    assert {text: times for text, times in heard.items() if text.startswith("Message")} == {
        f"Message {i}.": 1 for i in range(MANY)
    }
    assert Counter(output.delivery for output in outputs)["found"] > 20


def test_waiting_for_a_thousand_sessions_costs_a_page_for_each_two_hundred_and_look():
    simulator = Simulator(seed=13)
    with Client(**simulator.connection(), guards=()) as client:
        scenarios = ("finishes", "asks", "sleeps", "fails", "exits")
        calls = [CreateSession(prompt=f"#simulate:{scenarios[i % 5]}") for i in range(MANY)]
        ids = [client.run(call).session_id for call in calls]
        before, looks = len(simulator.requests), 0
        pauses = simulator.clock.sleep

        def counted(seconds):
            nonlocal looks
            looks += 1
            pauses(seconds)

        simulator.clock.sleep = counted
        output = client.run(WaitSessions(session_ids=ids))
    assert len(output.settled) == MANY
    assert len(simulator.requests) - before <= (looks + 1) * 5 + 5


def test_twenty_callers_under_a_limit_use_the_rate_and_meet_no_error():
    limit, each = 60, 30
    simulator = Simulator(seed=14, limit=limit)
    started = simulator.clock.now()

    async def run():
        async with AsyncClient(**simulator.connection(), guards=()) as client:
            session = await client.run(CreateSession(prompt="x"))

            async def caller(_):
                for _ in range(each):
                    await client.run(GetSession(session_id=session.session_id))

            await in_parallel(CALLERS, caller)

    asyncio.run(run())
    minutes = (simulator.clock.now() - started) / 60
    assert CALLERS * each / minutes >= 0.9 * limit


SCRIPT = """
import os, sys
from devin_tools import Client, CreateSession
with Client() as client:
    made = client.run(CreateSession(prompt="Only once.", idempotency_key="nightly-2026-01-01"))
    print(made.session_id, made.creation)
"""


def start(server, simulator) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("DEVIN_")}
    env |= {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": server.url, "DEVIN_ORG_ID": simulator.world.org_id}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", SCRIPT], env=env, text=True, **pipes)


def test_a_process_killed_before_its_answer_adopts_its_session_when_run_again():
    simulator = Simulator(seed=15, speed=1, faults=Faults(rate=1.0, kinds=("slow",), seconds=1.0))
    with simulator.serve() as server:
        first = start(server, simulator)
        deadline = time.monotonic() + 30
        while not simulator.world.sessions and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(first.pid, signal.SIGKILL)
        out, _ = first.communicate()
        assert out == ""
        second = start(server, simulator)
        out, err = second.communicate(timeout=60)
    assert len(simulator.world.sessions) == 1, err
    assert out.split() == [next(iter(simulator.world.sessions)), "adopted"]


def page_number(request: httpx.Request) -> int:
    return int(request.url.params.get("after", "0"))


def endless(request: httpx.Request) -> httpx.Response:
    """Answer one of 500 pages of 200 sessions, made as they are asked for."""
    number = page_number(request)
    rows = [
        {
            "session_id": f"{number * 200 + i:032x}",
            "status": "running",
            "title": f"Session {i} of page {number}",
            "tags": ["a", "b"],
            "pull_requests": [],
        }
        for i in range(200)
    ]
    more = number < 499
    cursor = str(number + 1) if more else None
    page = {"items": rows, "end_cursor": cursor, "has_next_page": more}
    return httpx.Response(200, content=json.dumps(page))


def test_memory_stays_flat_over_a_hundred_thousand_sessions():
    peaks = []
    with Client(api_key=KEY, org_id="org-1", transport=httpx.MockTransport(endless), guards=()) as client:
        tracemalloc.start()
        try:
            for count, session in enumerate(client.items(ListSessions(limit=200)), 1):
                assert session.session_id
                if count in (20_000, 100_000):
                    peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert count == 100_000
    assert peaks[1] < peaks[0] * 1.2
    assert peaks[1] < 20 * 1024 * 1024
