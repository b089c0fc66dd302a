"""What the tests of recipes share: a simulator whose answers come late, and processes that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from devin_tools import Simulator
from devin_tools.simulator import Faults

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "engines"
KEY = "cog_CANARY_3ng1n35"


def slow_simulator() -> Simulator:
    """Make a simulator that starts sessions at once and says so up to 0.2 seconds later."""
    return Simulator(seed=1, speed=2000, faults=Faults(rate=1.0, kinds=("slow",), seconds=400.0))


def environment(server, simulator: Simulator, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give a recipe its settings, and nothing of the tester's own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DEVIN_", "DBOS"))}
    settings = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": server.url, "DEVIN_ORG_ID": simulator.world.org_id}
    return env | settings | dict(more or {})


def start(recipe: str, *arguments: str, cwd: Path, env: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a recipe as a process of its own."""
    command = [sys.executable, str(EXAMPLES / recipe), *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=cwd, env=dict(env), text=True, **pipes)


def kill_in_the_midst(process: subprocess.Popen[str], simulator: Simulator, sessions: int) -> None:
    """Kill a process when it has started so many sessions and was told of all but the last."""
    deadline = time.monotonic() + 60
    while len(simulator.world.sessions) < sessions and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert len(simulator.world.sessions) == sessions
