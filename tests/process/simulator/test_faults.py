"""Faults of a simulator that is served: by its control path, and as the command line asks."""

from __future__ import annotations

import signal
import subprocess
import sys

import httpx
from support.misbehaving_api import HEADERS, misbehaving, over_a_socket


def test_the_control_path_meets_no_fault_and_tells_how_often_others_did():
    simulator = misbehaving("down", limit=3)
    with over_a_socket(simulator) as client:
        for _ in range(2):
            client.get("/v3/self")
        states = [client.get("/_simulator").json() for _ in range(5)]
        assert client.post("/_simulator/step", json={"seconds": 1}).status_code == 200
    assert [(state["faults"], state["requests"]) for state in states] == [({"down": 2}, 2)] * 5


def test_the_command_serves_faults_and_a_limit():
    words = ["simulator", "--faults", "rate=1,kinds=down", "--limit", "2", "--speed", "0.001"]
    command = [sys.executable, "-m", "devin_tools", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().split(" at ")[1].split()[0]
        statuses = [httpx.get(f"{url}/v3/self", headers=HEADERS, timeout=120).status_code for _ in range(3)]
        state = httpx.get(f"{url}/_simulator", timeout=120).json()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=120)
    assert (process.returncode, statuses) == (0, [503, 503, 429])
    assert (state["faults"], state["requests"]) == ({"down": 2}, 3)
