"""The server as a process of its own, and a slow API on loopback for it to call."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support.paths import ROOT

__all__ = ["TOKEN", "environment", "served", "slow_api", "stop"]

TOKEN = "process-token-0123456789"


def environment(**more: str) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("DEVIN_")}
    return {**mine, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **more}


@contextmanager
def served(*words: str, **variables: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `devin-tools` with these words; give the process and the URL it says it is ready at."""
    command = [sys.executable, "-m", "devin_tools", *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, env=environment(**variables), **pipes) as process:
        try:
            line = process.stdout.readline()
            assert line.startswith("devin-tools server ready at http://"), line + process.stderr.read()
            yield process, line.split(" at ")[1].split()[0]
        finally:
            if process.poll() is None:
                process.kill()


def stop(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> tuple[int, str, str]:
    """Ask a process to end; give its exit code and what it still wrote."""
    process.send_signal(number)
    out, err = process.communicate(timeout=240)
    return process.returncode, out, err


@contextmanager
def slow_api(seconds: float) -> Iterator[tuple[str, threading.Event]]:
    """Serve an API whose every answer takes a while; give its URL, and what is set once it is asked."""
    asked = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.set()
            time.sleep(seconds)
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
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
