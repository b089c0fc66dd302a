"""Langflow itself, started on a free port with nothing kept, and a browser that looks at it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from external.builders.browser import ARGUMENTS, CHROMIUM

__all__ = ["App", "browser", "langflow"]

SECONDS_TO_START = 300


class App:
    """A running Langflow."""

    def __init__(self, url: str):
        self.url = url
        self._token = self.ask("GET", "/api/v1/auto_login", token="")["access_token"]

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        """Ask its own API."""
        headers = {"Content-Type": "application/json"}
        if token := self._token if token is None else token:
            headers["Authorization"] = f"Bearer {token}"
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data=data, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def new_flow(self, name: str) -> str:
        """Make an empty flow; give its id."""
        nothing = {"nodes": [], "edges": [], "viewport": {"x": 0, "y": 0, "zoom": 1}}
        return str(self.ask("POST", "/api/v1/flows/", {"name": name, "data": nothing})["id"])


@contextmanager
def langflow(home: Path, **environment: str) -> Iterator[App]:
    """Start Langflow with its files under a folder, and end it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    options = {
        "DO_NOT_TRACK": "true",
        "LANGFLOW_DO_NOT_TRACK": "true",
        "LANGFLOW_AUTO_LOGIN": "true",
        "LANGFLOW_SKIP_AUTH_AUTO_LOGIN": "true",
        "LANGFLOW_CONFIG_DIR": str(home),
        "LANGFLOW_SAVE_DB_IN_CONFIG_DIR": "true",  # else it is kept beside Langflow's own code
        "LANGFLOW_OPEN_BROWSER": "false",
        "LANGFLOW_HOST": "127.0.0.1",
        "LANGFLOW_PORT": port,
    }
    command = [str(Path(sys.executable).with_name("langflow")), "run"]
    with (home / "log.txt").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=home,
            env={**os.environ, **options, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process, home / "log.txt")
            yield App(url)
        finally:
            process.terminate()
            process.wait(timeout=60)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5):
                return
        except OSError:
            time.sleep(1)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace")[-4000:])


@contextmanager
def browser() -> Iterator[Any]:
    """Yield a page of headless Chromium that reaches nothing but loopback."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = chromium.new_page(viewport={"width": 1500, "height": 950})
        page.set_default_timeout(60_000)
        yield page
        chromium.close()
