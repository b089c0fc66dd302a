"""A thousand sessions that wait cost a list request a tick for each two hundred of them, and no more."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from external.engines.temporal.temporal_home import server, start_worker, until, waited_for
from temporalio.client import Client, WorkflowHandle

from devin_tools import RunTask, Simulator
from devin_tools.engines.temporal import DurableClient

COUNT = 1_000
PAGE = 200
PAGES = math.ceil(COUNT / PAGE)
TICK = 2
TICKS = 5


def memory_of(pid: int) -> float:
    """Return the most memory that a process has held, in megabytes; 0 where the system does not say."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    lines = (line.split() for line in status.read_text(encoding="utf-8").splitlines())
    return next(int(words[1]) / 1024 for words in lines if words and words[0] == "VmHWM:")


def test_a_thousand_sessions_are_looked_at_with_five_requests_a_tick(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def test() -> None:
        # Time stands still in the simulator: nothing is new, so that all go on waiting.
        simulator = Simulator(seed=1)
        calls = [RunTask(prompt=f"Fix part {number}.", timeout_seconds=7200) for number in range(COUNT)]
        with simulator.serve() as api, server() as temporal:
            client = await temporal.client()
            durable = DurableClient(client)
            began = time.monotonic()
            worker = start_worker(temporal.address, api.url, simulator, "--tick", str(TICK))
            await durable.start_fan_out(calls, id="fleet", at_once=COUNT)
            poller = client.get_workflow_handle(f"devin-tools.poller-{simulator.world.org_id}")
            while len(simulator.world.sessions) < COUNT or not await is_at_rest(client, simulator, poller):
                assert time.monotonic() - began < 900, "they do not come to rest"
            length, since = (await poller.describe()).history_length, time.monotonic()
            before = len(simulator.requests)
            await until(lambda: len(simulator.requests) - before >= PAGES * TICKS)
            seen = simulator.requests[before:]
            ticks = (time.monotonic() - since) / TICK  # on a slow machine more go by than were waited for
            asked = Counter(method + path.rpartition("/")[2] for method, path in seen)
            sizes = [await client.get_workflow_handle(f"fleet/{n}").describe() for n in (0, COUNT - 1)]
            lengths = {one.id: one.history_length for one in [*sizes, await poller.describe()]}
            fleet = await client.get_workflow_handle("fleet").describe()
            with capsys.disabled():
                print(f"\n{COUNT} sessions wait, after {time.monotonic() - began:.0f} s")
                print(f"in {ticks:.1f} ticks: {dict(asked)}")
                print(f"events: {lengths}, fleet {fleet.history_length}")
                print(f"memory: worker {memory_of(worker.pid):.0f} MB")
            worker.kill()
            worker.communicate()
        assert asked.keys() == {"GETsessions"}
        assert asked["GETsessions"] <= PAGES * (ticks + 1)
        assert lengths[poller.id] <= length + 50  # looks that show nothing new are written nowhere
        assert max(lengths["fleet/0"], lengths[f"fleet/{COUNT - 1}"]) < 100

    asyncio.run(asyncio.wait_for(test(), 1200))


async def is_at_rest(client: Client, simulator: Simulator, poller: WorkflowHandle[Any, Any]) -> bool:
    """Wait for two ticks; say whether all have joined the poller, and only it asked meanwhile."""
    before, length = len(simulator.requests), (await poller.describe()).history_length
    await asyncio.sleep(2 * TICK)
    asked = len(simulator.requests) - before
    is_quiet = asked <= 3 * PAGES and (await poller.describe()).history_length == length
    return is_quiet and await waited_for(client, simulator) == COUNT
