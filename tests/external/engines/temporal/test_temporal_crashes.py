"""Workers and the server are killed with SIGKILL, for real: nothing is lost, and nothing is started twice."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from external.engines.temporal.temporal_home import Server, server, start_worker

from devin_tools import RunTask, Simulator
from devin_tools.engines.temporal import DurableClient, Row

COUNT = 50
CALLS = [RunTask(prompt=f"Fix part {number}. #simulate:exits") for number in range(COUNT)]
ANSWER_SECONDS = 0.5
"""How long the simulator keeps the answer of a create to itself: whoever is killed then never hears it."""


class Fleet:
    """A simulator, a Temporal server, and workers that can be killed."""

    def __init__(self, temporal: Server, simulator: Simulator, url: str):
        self.temporal, self.simulator, self.url = temporal, simulator, url
        self.workers: list[subprocess.Popen[str]] = []
        self._handle = simulator.handle
        simulator.handle = self._slowly  # type: ignore[method-assign]

    def _slowly(self, request: Any, *more: Any) -> Any:
        answer = self._handle(request, *more)
        if request.method == "POST" and request.path.endswith("/sessions"):
            time.sleep(ANSWER_SECONDS)
        return answer

    @property
    def sessions(self) -> int:
        return len(self.simulator.world.sessions)

    def work(self, count: int = 2) -> None:
        """Start workers."""
        words = ("--tick", "1", "--activities-at-once", "8")
        for _ in range(count):
            self.workers.append(start_worker(self.temporal.address, self.url, self.simulator, *words))

    def kill(self, count: int) -> None:
        """Kill workers, so that they cannot do anything about it."""
        for worker in self.workers[:count]:
            worker.kill()
        for worker in self.workers[:count]:
            worker.communicate()
        del self.workers[:count]


@contextlib.contextmanager
def fleet(database: Path | None = None, speed: float = 10) -> Iterator[Fleet]:
    simulator = Simulator(seed=1, speed=speed)
    with simulator.serve() as api, server(database) as temporal:
        made = Fleet(temporal, simulator, api.url)
        try:
            yield made
        finally:
            made.kill(len(made.workers))


async def until(is_so: Callable[[], bool], seconds: float = 240) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it does not come"
        await asyncio.sleep(0.02)


async def began(made: Fleet) -> tuple[DurableClient, asyncio.Task[list[Row[Any]]]]:
    """Let a caller begin to wait for the fleet."""
    durable = DurableClient(await made.temporal.client())
    return durable, asyncio.create_task(durable.fan_out(CALLS, id="fleet"))


def assert_whole(made: Fleet, rows: list[Row[Any]]) -> None:
    """Every call has its own session and its own output."""
    assert [row.error for row in rows] == [None] * COUNT
    assert [row.output.outcome for row in rows if row.output] == ["finished"] * COUNT
    ids = [row.output.session_id.removeprefix("devin-") for row in rows if row.output]
    prompts = [made.simulator.world.sessions[one].prompt for one in ids]
    assert prompts == [call.prompt for call in CALLS]
    assert made.sessions == COUNT


def test_all_workers_killed_in_creates_start_no_session_twice() -> None:
    async def test() -> None:
        with fleet() as made:
            _, waiting = await began(made)
            made.work()
            await until(lambda: made.sessions >= 15)
            made.kill(2)
            assert made.sessions < COUNT
            made.work()
            assert_whole(made, await waiting)

    asyncio.run(asyncio.wait_for(test(), 900))


def test_all_workers_killed_while_all_sessions_are_waited_for() -> None:
    async def test() -> None:
        with fleet(speed=2) as made:
            durable, waiting = await began(made)
            made.work()
            await until(lambda: made.sessions == COUNT)
            await asyncio.sleep(3)
            assert (await durable.count("fleet")).done == 0
            made.kill(2)
            made.work()
            assert_whole(made, await waiting)

    asyncio.run(asyncio.wait_for(test(), 900))


def test_one_of_two_workers_killed_for_good_is_replaced_by_the_other() -> None:
    async def test() -> None:
        with fleet() as made:
            _, waiting = await began(made)
            made.work()
            await until(lambda: made.sessions >= 15)
            made.kill(1)
            assert_whole(made, await waiting)

    asyncio.run(asyncio.wait_for(test(), 900))


def test_the_server_killed_and_started_again_loses_nothing_and_callers_stay(
    tmp_path: Path,
) -> None:
    async def test() -> None:
        with fleet(tmp_path / "temporal.db", speed=4) as made:
            _, waiting = await began(made)
            made.work()
            await until(lambda: made.sessions >= 15)
            made.temporal.kill()
            await asyncio.sleep(3)
            made.temporal.start()
            assert_whole(made, await waiting)

    asyncio.run(asyncio.wait_for(test(), 900))
