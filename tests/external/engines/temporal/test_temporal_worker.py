"""The worker of the command line, workflows of one's own, and alert servers that hand following over."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from external.engines.temporal.my_workflow import Mine
from external.engines.temporal.temporal_home import (
    HANGS,
    KEY,
    ROOT,
    Server,
    ready,
    server,
    settings_of,
    start_worker,
    stop,
    until,
)
from temporalio.service import RPCError

from devin_tools import RunTask, Simulator
from devin_tools.engines.temporal import DurableClient, connect, make_worker

RULES = """
version: 1
sinks: {{kept: {{kind: file, path: {path}}}}}
rules:
  - name: all
    session: {{max_acu_limit: 5}}
    tell: [kept, log]
"""
ALERT = {"alertName": "High CPU", "severity": 1, "description": "95 %", "affectedResource": "web-1"}


def test_a_worker_says_when_it_is_ready_and_ends_when_asked() -> None:
    async def test() -> None:
        simulator = Simulator(seed=1, speed=60)
        with simulator.serve() as api, server() as temporal:
            await temporal.client()
            worker = start_worker(temporal.address, api.url, simulator, "--tick", "1", "--add-attributes")
            assert (await ready(worker)).startswith("devin-tools temporal worker ready at")
            durable = DurableClient(await connect(temporal.address))
            output = await durable.run(RunTask(prompt="Fix the cart."), id="cart")
            assert (output.outcome, output.creation) == ("finished", "created")
            said = stop(worker, signal.SIGINT)
            assert worker.returncode == 0, said
            assert KEY not in said and "Traceback" not in said
            query = f"DevinSessionId = 'devin-{output.session_id}' AND DevinOutcome = 'finished'"

            async def is_found() -> bool:
                return [one.id async for one in durable.client.list_workflows(query)] == ["cart"]

            await until(is_found)  # a server makes things searchable a little later

    asyncio.run(asyncio.wait_for(test(), 480))


@pytest.mark.parametrize(
    ("words", "settings", "code", "part"),
    [
        (["--address", "127.0.0.1:9"], {"DEVIN_API_KEY": KEY}, 2, "server cannot be reached"),
        (["--address", "127.0.0.1:9"], {}, 3, "DEVIN_API_KEY"),
        (["--codec", "no_module:NAME"], {"DEVIN_API_KEY": KEY}, 2, "no codec"),
        (["--rules", "no-such-file.yaml"], {"DEVIN_API_KEY": KEY}, 2, "no-such-file.yaml"),
    ],
)
def test_a_worker_that_cannot_work_says_why(
    words: list[str], settings: dict[str, str], code: int, part: str, tmp_path: Path
) -> None:
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("DEVIN_", "TEMPORAL_"))}
    command = [sys.executable, "-m", "devin_tools", "temporal", "worker", *words]
    env = mine | settings | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path, timeout=HANGS)
    assert part in done.stderr and "Traceback" not in done.stderr
    assert done.returncode == code
    assert KEY not in done.stderr


def test_workflows_of_ones_own_call_tools() -> None:
    async def test() -> None:
        simulator = Simulator(seed=1, speed=60)
        with simulator.serve() as api, server() as temporal:
            client = await temporal.client()
            settings = settings_of(simulator, base_url=api.url)
            async with make_worker(client, settings=settings, more_workflows=[Mine]):
                outcome = await client.execute_workflow(
                    Mine.run, "Fix it.", id="mine", task_queue="devin-tools"
                )
            assert outcome == "finished"
            (record,) = simulator.world.sessions.values()
            assert "Thank you." in [one["message"] for one in record.messages]

    asyncio.run(asyncio.wait_for(test(), 480))


def test_the_program_of_the_page_runs(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "temporal.md").read_text(encoding="utf-8")
    program = tmp_path / "program.py"
    program.write_text(page.partition("```python\n")[2].partition("```")[0], encoding="utf-8")
    simulator = Simulator(seed=1, speed=60)
    with simulator.serve() as api, server() as temporal:
        asyncio.run(temporal.client())
        worker = start_worker(temporal.address, api.url, simulator, "--tick", "1")
        env = os.environ | {"TEMPORAL_ADDRESS": temporal.address, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, str(program)], capture_output=True, text=True, env=env, timeout=400
        )
        stop(worker)
    assert worker.returncode == 0
    assert done.stdout.splitlines() == [
        "finished created",
        "nightly-2026-11-26/0 finished",
        "nightly-2026-11-26/1 finished",
    ], done.stderr


def start_server(temporal: Server, url: str, simulator: Simulator, rules: Path) -> subprocess.Popen[str]:
    """Start an alert server that hands following over."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("DEVIN_")}
    settings = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": url, "DEVIN_ORG_ID": simulator.world.org_id}
    settings |= {"TEMPORAL_ADDRESS": temporal.address, "PYTHONPATH": str(ROOT)}
    words = ["serve", "--no-auth", "--no-hook-secret", "--port", "0", "--rules", str(rules)]
    command = [sys.executable, "-m", "devin_tools", *words, "--follow", "temporal"]
    return subprocess.Popen(command, env=mine | settings, stdout=subprocess.PIPE, text=True)


def test_an_alert_server_hands_following_over(tmp_path: Path) -> None:
    """It is killed right after its answer, and so is a worker: the outcome is told by another worker."""
    told = tmp_path / "told.jsonl"
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES.format(path=json.dumps(str(told))), encoding="utf-8")

    async def test() -> None:
        simulator = Simulator(seed=1)
        with simulator.serve() as api, server() as temporal:
            client = await temporal.client()
            alerts = start_server(temporal, api.url, simulator, rules)
            url = (await ready(alerts)).split()[4]
            async with httpx.AsyncClient(timeout=HANGS) as sender:
                answer = (await sender.post(f"{url}/hooks/alerts", json=ALERT)).json()
            assert answer["success"] is True
            await until(lambda: bool(simulator.world.sessions))  # a slow server answers before it is there
            (session_id,) = simulator.world.sessions
            following = client.get_workflow_handle(f"devin-tools.follow-devin-{session_id}")

            async def is_followed() -> bool:
                try:
                    return (await following.describe()).history_length > 0
                except RPCError:  # it is not there yet
                    return False

            await until(is_followed)
            alerts.kill()
            alerts.communicate()
            words = ("--tick", "1", "--rules", str(rules))
            before = len(simulator.requests)
            first = start_worker(temporal.address, api.url, simulator, *words)

            def is_waited_for() -> bool:
                return [where.endswith("/sessions") for _, where in simulator.requests[before:]].count(
                    True
                ) > 1

            await until(is_waited_for)  # by the poller, which lists
            first.kill()
            first.communicate()
            assert not told.exists()
            simulator.clock.step(600)
            second = start_worker(temporal.address, api.url, simulator, *words)
            await following.result()
            assert "Devin is done: rule all, https://" in stop(second)
            assert second.returncode == 0
        (line,) = told.read_text(encoding="utf-8").splitlines()
        news = json.loads(line)
        assert (news["outcome"], len(news["pull_requests"])) == ("finished", 1)

    asyncio.run(asyncio.wait_for(test(), 600))
