"""A call with a key, killed at a write, goes on when it runs again, and starts nothing twice."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import Any

import pytest
from support.served_processes import HANG_SECONDS, environment
from support.tools import built_in

from devin_tools import Client, Simulator

MORTAL = """
import json, os, signal, sys
import httpx
from devin_tools import Client, load_catalog
url, name, arguments, moment, last = sys.argv[1:]
send, writes = httpx.Client.send, 0

def sent(self, request, **options):
    global writes
    writes += request.method != "GET"
    is_last = request.method != "GET" and writes == int(last)
    if is_last and moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    answer = send(self, request, **options)
    if is_last:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

httpx.Client.send = sent
with Client(api_key="cog_simulator", base_url=url) as client:
    client.run(load_catalog(plugins=()).call(name, json.loads(arguments)))
"""
ONE = {"prompt": "Fix it.", "idempotency_key": "k"}
TASK = ONE | {"max_seconds": 1}
MANY = TASK | {"prompt": "Fix {item}.", "items": ["a", "b"], "max_acu_total": 10}


@pytest.mark.parametrize(
    ("name", "arguments", "moment", "write", "there"),
    [
        ("devin_create_session", ONE, "before", 1, []),
        ("devin_create_session", ONE, "after", 1, ["Fix it."]),
        ("devin_run_task", TASK, "after", 1, ["Fix it."]),
        ("devin_fan_out", MANY, "before", 2, ["Fix a."]),
        ("devin_fan_out", MANY, "after", 2, ["Fix a.", "Fix b."]),
    ],
)
def test_what_was_killed_at_a_write_and_runs_again_starts_each_session_once(
    name: str, arguments: dict[str, Any], moment: str, write: int, there: list[str]
) -> None:
    simulator = Simulator(seed=1, scenario="exits", speed=2000)

    def started() -> list[str]:
        return sorted(record.prompt for record in simulator.world.sessions.values())

    with simulator.serve() as server:
        words = (server.url, name, json.dumps(arguments), moment, str(write))
        command = [sys.executable, "-c", MORTAL, *words]
        ran = subprocess.run(
            command, env=environment(), capture_output=True, text=True, timeout=HANG_SECONDS, check=False
        )
        assert (ran.returncode, started()) == (-signal.SIGKILL, there), ran.stderr
        with Client(api_key="cog_simulator", base_url=server.url) as client:
            for _ in range(3):
                client.run(built_in().call(name, arguments))
    assert started() == (["Fix a.", "Fix b."] if name == "devin_fan_out" else ["Fix it."])
