"""The server as a process of its own, and an API on loopback for it to call that answers when it is let."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support.paths import ROOT

__all__ = ["HANG_SECONDS", "TOKEN", "HeldApi", "environment", "held_api", "served", "side_by_side", "stop"]

TOKEN = "process-token-0123456789"

HANG_SECONDS = 240.0
"""After which a test that waits for what does not come is ended."""

READY = "devin-tools server ready at "


def environment(**more: str) -> dict[str, str]:
    """Return the variables of the tester, without settings, and with these."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("DEVIN_")}
    return {**mine, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **more}


@contextmanager
def served(*words: str, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `devin-tools` with these words; give the process and the URL it says it is ready at."""
    with side_by_side(1, words, variables) as (one,):
        yield one


@contextmanager
def side_by_side(
    count: int, words: Sequence[str], variables: Mapping[str, str]
) -> Iterator[list[tuple[subprocess.Popen[str], str]]]:
    """Run some servers of the same words, which start at the same time."""
    command = [sys.executable, "-m", "devin_tools", *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    env = environment(**variables)
    with ExitStack() as stack:
        started = []
        for _ in range(count):
            started.append(stack.enter_context(subprocess.Popen(command, text=True, env=env, **pipes)))
            stack.callback(_end, started[-1])
        yield [(process, _url_of(process)) for process in started]


def _url_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None and process.stderr is not None
    line = process.stdout.readline()
    assert line.startswith(f"{READY}http://"), line + process.stderr.read()
    return line.removeprefix(READY).split()[0]


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.kill()


def stop(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> tuple[int, str, str]:
    """Ask a process to end; return its exit code and what it still wrote."""
    process.send_signal(number)
    out, err = process.communicate(timeout=HANG_SECONDS)
    return process.returncode, out, err


@dataclass
class HeldApi:
    """An API whose answers wait until they are let."""

    url: str
    asked: threading.Event = field(default_factory=threading.Event)
    """Set once it is asked something."""
    let: threading.Event = field(default_factory=threading.Event)


@contextmanager
def held_api() -> Iterator[HeldApi]:
    """Serve an API that has one session and is in no hurry."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            api.asked.set()
            api.let.wait(HANG_SECONDS)
            body = json.dumps({"session_id": "abc", "status": "running"}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(OSError):  # the server under test was ended while it waited
                super().handle()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        api = HeldApi(f"http://127.0.0.1:{server.server_port}")
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield api
        finally:
            api.let.set()
            server.shutdown()
