"""Workers and the server are killed with SIGKILL, for real: nothing is lost, and nothing is started twice."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from external.engines.temporal.temporal_home import Server, server, start_worker, until, waited_for
from temporalio.client import Client
from temporalio.service import RPCError

from devin_tools import RunTask, Simulator
from devin_tools.engines.temporal import DurableClient, Row

COUNT = 50
CALLS = [RunTask(prompt=f"Fix part {number}. #simulate:exits") for number in range(COUNT)]
AT_ONCE = 8
"""How many requests one worker has on their way at a time."""
ENOUGH = 3600
"""Simulated seconds after which all sessions have ended."""


class Fleet:
    """A simulator, a Temporal server, and workers that can be killed.

    Time stands still in the simulator, so that no session ends before `end_sessions`. Until `answer`, it
    keeps the answer of every create to itself: whoever is killed then never hears it.
    """

    def __init__(self, temporal: Server, simulator: Simulator, url: str):
        self.temporal, self.simulator, self.url = temporal, simulator, url
        self.workers: list[subprocess.Popen[str]] = []
        self._handle = simulator.handle
        self._answers = threading.Event()
        simulator.handle = self._answer_late  # type: ignore[method-assign]

    def _answer_late(self, request: Any, *more: Any) -> Any:
        answer = self._handle(request, *more)
        if request.method == "POST" and request.path.endswith("/sessions"):
            self._answers.wait()
        return answer

    def answer(self) -> None:
        """Let creates be answered from now on."""
        self._answers.set()

    @property
    def sessions(self) -> int:
        return len(self.simulator.world.sessions)

    async def all_are_started(self) -> None:
        await until(lambda: self.sessions == COUNT)

    def end_sessions(self) -> None:
        self.simulator.clock.step(ENOUGH)

    async def all_wait(self, client: Client) -> None:
        """Wait until every call has left waiting to the poller."""

        async def have_joined() -> bool:
            return await waited_for(client, self.simulator) == COUNT

        await until(have_joined, pause=0.5)

    def work(self, count: int = 2) -> None:
        """Start workers."""
        words = ("--tick", "1", "--activities-at-once", str(AT_ONCE))
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
def fleet(database: Path | None = None) -> Iterator[Fleet]:
    simulator = Simulator(seed=1)
    with simulator.serve() as api, server(database) as temporal:
        made = Fleet(temporal, simulator, api.url)
        try:
            yield made
        finally:
            made.answer()
            made.kill(len(made.workers))


async def began(made: Fleet) -> tuple[DurableClient, asyncio.Task[list[Row[Any]]]]:
    """Let a caller begin to wait for the fleet."""
    durable = DurableClient(await made.temporal.client())
    return durable, asyncio.create_task(durable.fan_out(CALLS, id="fleet"))


async def in_creates(made: Fleet) -> None:
    """Wait until both workers have as many creates on their way as they can, all of them unanswered."""
    await until(lambda: made.sessions == 2 * AT_ONCE)


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
            await in_creates(made)
            made.kill(2)
            made.answer()
            made.work()
            await made.all_are_started()
            made.end_sessions()
            assert_whole(made, await waiting)

    asyncio.run(asyncio.wait_for(test(), 900))


def test_all_workers_killed_while_all_sessions_are_waited_for() -> None:
    async def test() -> None:
        with fleet() as made:
            durable, waiting = await began(made)
            made.answer()
            made.work()
            await made.all_wait(durable.client)
            assert (await durable.count("fleet")).done == 0
            made.kill(2)
            made.work()
            made.end_sessions()
            assert_whole(made, await waiting)

    asyncio.run(asyncio.wait_for(test(), 900))


def test_one_of_two_workers_killed_for_good_is_replaced_by_the_other() -> None:
    async def test() -> None:
        with fleet() as made:
            _, waiting = await began(made)
            made.work()
            await in_creates(made)
            made.kill(1)
            made.answer()
            await made.all_are_started()
            made.end_sessions()
            assert_whole(made, await waiting)

    asyncio.run(asyncio.wait_for(test(), 900))


def test_the_server_killed_and_started_again_loses_nothing_and_callers_stay(
    tmp_path: Path,
) -> None:
    async def test() -> None:
        with fleet(tmp_path / "temporal.db") as made:
            durable, waiting = await began(made)
            made.work()
            await in_creates(made)
            made.temporal.kill()
            made.answer()
            with pytest.raises(RPCError):  # Temporal's client tries for a while, as it does for the caller
                await durable.client.count_workflows()
            made.temporal.start()
            await made.all_are_started()
            made.end_sessions()
            assert_whole(made, await waiting)

    asyncio.run(asyncio.wait_for(test(), 900))
