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
            self._dead.wait(60)
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
    """Give a recipe its settings, and nothing of the tester's own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DEVIN_", "DBOS"))}
    settings = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": server.url, "DEVIN_ORG_ID": simulator.world.org_id}
    return env | settings | dict(more or {})


def start(recipe: str, *arguments: str, cwd: Path, env: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a recipe as a process of its own."""
    command = [sys.executable, str(EXAMPLES / recipe), *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=cwd, env=dict(env), text=True, **pipes)
