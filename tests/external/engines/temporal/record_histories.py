"""Record the histories that `tests/unit/engines/temporal/workflow/test_run_tool_replay.py` replays.

    python tests/external/engines/temporal/record_histories.py

Run it only for a workflow whose steps change on purpose: who upgrades has old histories in the midst, so
the old files must go on replaying. It adds what is not there, and rewrites nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))  # as pytest does

from external.engines.temporal.temporal_home import Virtual, virtual

from devin_tools import DevinToolsError, FanOut, GetSession, RunTask, Simulator
from devin_tools.simulator import Faults

HISTORIES = Path(__file__).parents[3] / "data" / "histories"
LONG = RunTask(prompt="Run the tests. #simulate:toils", timeout_seconds=3 * 3600)

Record = Callable[[Virtual], Awaitable[None]]


async def run_task(there: Virtual) -> None:
    await there.durable.run(RunTask(prompt="Fix the cart."), id="recorded")


async def refused(there: Virtual) -> None:
    with contextlib.suppress(DevinToolsError):
        await there.durable.run(GetSession(session_id="devin-" + "0" * 32), id="recorded")


async def signalled(there: Virtual) -> None:
    await there.durable.start(LONG, id="recorded")
    await there.env.sleep(3600)
    await there.durable.send_message("recorded", "Leave the slow tests out.")
    await there.env.sleep(60)
    await there.durable.stop("recorded")
    await there.output(LONG, "recorded")


async def cancelled(there: Virtual) -> None:
    there.durable.ends_session = True
    await there.durable.start(LONG, id="recorded")
    await there.env.sleep(600)
    await there.durable.cancel("recorded")
    await there.env.sleep(60)


async def alone(there: Virtual) -> None:
    there.durable.is_polled, there.durable.max_events = False, 60
    await there.durable.run(LONG.model_copy(update={"timeout_seconds": 1800.0}), id="recorded")


async def fan_out_tool(there: Virtual) -> None:
    call = FanOut(prompt="Fix {item}.", items=["the cart", "the search", "the tax"], max_acu_total=9)
    await there.durable.run(call, id="recorded")


async def many(there: Virtual) -> None:
    await there.durable.fan_out([RunTask(prompt=f"Fix part {number}.") for number in range(3)], id="recorded")


WHAT: dict[str, Record] = {
    one.__name__: one for one in (run_task, refused, signalled, cancelled, alone, fan_out_tool, many)
}


def anonymous(value: Any) -> Any:
    """Leave out what tells of the machine it was recorded on."""
    if isinstance(value, list):
        return [anonymous(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {name: anonymous(item) for name, item in value.items() if name != "stackTrace"}
    return kept | ({"identity": "recorder"} if "identity" in kept else {})


async def record(name: str) -> None:
    """Run one of them, and keep the histories of all its workflows."""
    simulator = Simulator(seed=3, faults=Faults(0.1, ["down"], seed=1))
    async with virtual(simulator) as there:
        await WHAT[name](there)
        poller = f"devin-tools.poller-{simulator.world.org_id}"
        for part, workflow in {"": "recorded", ".poller": poller}.items():
            with contextlib.suppress(Exception):  # not every call has a poller
                history = await there.env.client.get_workflow_handle(workflow).fetch_history()
                text = json.dumps(anonymous(json.loads(history.to_json())), separators=(",", ":"))
                (HISTORIES / f"{name}{part}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    HISTORIES.mkdir(exist_ok=True)
    for one in WHAT:
        if not (HISTORIES / f"{one}.json").exists():
            asyncio.run(record(one))
            print(one)
