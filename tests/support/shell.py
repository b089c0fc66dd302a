"""Ways to run `devin-tools` in tests: in this process, in another one, on a pretend terminal in either."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from support.paths import ROOT

from devin_tools import Simulator
from devin_tools.cli import cli
from devin_tools.client import state

ASKED = b"[y/N]"
HANG_UP = "\x04"
PATIENCE = 120.0
"""Seconds a command may take on a pretend terminal, on however slow a machine."""


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Standard output as lines of JSON."""
        return [json.loads(line) for line in self.out.splitlines()]


def run(*words: str, stdin: str = "") -> Ran:
    """Run a command line here. Its streams are not a terminal."""
    got = CliRunner().invoke(cli, list(words), input=stdin)
    return Ran(got.exit_code, got.stdout, got.stderr)


def simulated(*words: str, stdin: str = "") -> Ran:
    return run("--simulate", *words, stdin=stdin)


def call(name: str, *words: str, stdin: str = "") -> Ran:
    return simulated("call", name, *words, stdin=stdin)


@contextmanager
def in_place_of_the_network(simulator: Simulator) -> Iterator[Simulator]:
    """Have a simulator answer what this process sends over the network, in its virtual time."""
    transport = simulator.transport()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            httpx.HTTPTransport, "handle_request", lambda _, request: transport.handle_request(request)
        )
        patch.setattr(state, "WallClock", lambda: simulator.clock)
        yield simulator


def at_terminal(*words: str, typed: str = "", width: int = 120, **more: str) -> Ran:
    """Run a command line here, with all its streams on one pretend terminal."""
    leader, follower = pty.openpty()
    seen = bytearray()
    reader = threading.Thread(target=_read, args=(leader, seen, typed or HANG_UP), daemon=True)
    reader.start()
    with pytest.MonkeyPatch.context() as patch, ExitStack() as streams:
        for name, value in {"TERM": "xterm", "COLUMNS": str(width), **more}.items():
            patch.setenv(name, value)
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            stream = streams.enter_context(open(os.dup(follower), mode, encoding="utf-8"))
            patch.setattr(sys, name, stream)
        os.close(follower)
        with pytest.raises(SystemExit) as end:
            cli.main(list(words), prog_name="devin-tools")
    reader.join(PATIENCE)
    os.close(leader)
    return Ran(int(end.value.code or 0), seen.decode(), "")


def _read(leader: int, seen: bytearray, typed: str) -> None:
    """Read a terminal until nobody writes to it, and type an answer when something is asked."""
    for chunk in _chunks(leader):
        seen += chunk
        if typed and ASKED in seen:  # not before: what is typed while nobody reads may be lost
            os.write(leader, typed.encode())
            typed = ""


def environment(**more: str) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("DEVIN_")}
    return {**mine, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **more}


def spawn(*words: str, cwd: Path | None = None, **more: str) -> Ran:
    """Run a command line in a process of its own."""
    command = [sys.executable, "-m", "devin_tools", *words]
    got = subprocess.run(
        command, capture_output=True, text=True, env=environment(**more), cwd=cwd, timeout=PATIENCE
    )
    return Ran(got.returncode, got.stdout, got.stderr)


def on_terminal(*words: str, typed: str = "", width: int = 120, interrupt_at: str = "", **more: str) -> Ran:
    """Run a command line with all its streams on one pretend terminal; Ctrl-C once a pattern is seen."""
    leader, follower = pty.openpty()
    env = environment(**{"TERM": "xterm", "COLUMNS": str(width)} | more)
    process = start(*words, env=env, stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    seen = b""
    with _ended_after(PATIENCE, process):
        for chunk in _chunks(leader):
            seen += chunk
            if typed and ASKED in seen:  # not before: what is typed while nobody reads may be lost
                os.write(leader, typed.encode())
                typed = ""
            if interrupt_at and re.search(interrupt_at.encode(), seen):
                process.send_signal(signal.SIGINT)
                interrupt_at = ""
    os.close(leader)
    return Ran(process.wait(timeout=PATIENCE), seen.decode(), "")


def interrupted(*words: str, **more: str) -> Ran:
    """Run a command line in a pipe, and press Ctrl-C once it has printed a line."""
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with start(*words, env=environment(**more), **pipes) as process:
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    return Ran(process.returncode, first + out, err)


def start(*words: str, **how: Any) -> subprocess.Popen[Any]:
    return subprocess.Popen([sys.executable, "-m", "devin_tools", *words], **how)


@contextmanager
def _ended_after(seconds: float, process: subprocess.Popen[Any]) -> Iterator[None]:
    """Let no process outlast the patience of whoever waits for the tests."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _chunks(leader: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:  # Linux says that the other side has closed with an error
            return
        if not chunk:
            return
        yield chunk
