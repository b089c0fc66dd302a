"""What the tests of recipes share: a simulator that holds an answer back, and processes that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from support.paths import ROOT

from devin_tools import Simulator

EXAMPLES = ROOT / "examples" / "engines"
KEY = "cog_CANARY_3ng1n35"
PROMPTS = [f"Fix part {number}. #simulate:exits" for number in range(4)]


class Holding:
    """A simulator that starts a session and does not say so, until whoever asked is dead."""

    def __init__(self, sessions: int):
        self.simulator = Simulator(seed=1, speed=2000)
        self._sessions = sessions
        self._reached, self._dead = threading.Event(), threading.Event()
        self._handle = self.simulator.handle
        self.simulator.handle = self._held  # type: ignore[method-assign]

    def _held(self, request, *more):
        answer = self._handle(request, *more)
        if request.method == "POST" and len(self.simulator.world.sessions) == self._sessions:
            self._reached.set()
            self._dead.wait(240)
        return answer

    def kill(self, process: subprocess.Popen[str]) -> None:
        """Kill a process that waits to hear of the session it has started."""
        while not self._reached.wait(0.1):
            assert process.poll() is None, process.communicate()[1]
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        self._dead.set()
        assert len(self.simulator.world.sessions) == self._sessions


def environment(server, simulator: Simulator, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the settings of a recipe, and nothing of the tester's own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DEVIN_", "DBOS"))}
    settings = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": server.url, "DEVIN_ORG_ID": simulator.world.org_id}
    return env | settings | dict(more or {})


def start(recipe: str, *arguments: str, cwd: Path, env: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a recipe as a process of its own."""
    command = [sys.executable, str(EXAMPLES / recipe), *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=cwd, env=dict(env), text=True, **pipes)


def run_with_a_crash(where: str, folder: Path) -> None:
    """Kill a worker between the start of a session and its note of it; let two others go on.

    They begin while the dead one's lease still runs, and take its task when that is over.
    """
    holding = Holding(sessions=2)
    simulator = holding.simulator
    with simulator.serve() as server:
        env = environment(server, simulator)
        twice = start("plain_process.py", where, "submit", *PROMPTS, *PROMPTS, cwd=folder, env=env)
        assert twice.communicate(timeout=240)[1] == ""
        holding.kill(start("plain_process.py", where, "work", "1", cwd=folder, env=env))
        workers = [start("plain_process.py", where, "work", "60", cwd=folder, env=env) for _ in range(2)]
        ends = [worker.communicate(timeout=240) for worker in workers]
    lines = [f"{prompt} finished" for prompt in PROMPTS]
    for out, err in ends:
        assert [line.rpartition(" [")[0] for line in out.splitlines()] == lines, err
        assert "https://github.com/" in out
    assert sorted(record.prompt for record in simulator.world.sessions.values()) == PROMPTS
