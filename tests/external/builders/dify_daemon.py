"""Plays the plugin daemon of Dify: starts a plugin and speaks to it over its standard streams."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

__all__ = ["Daemon", "Failed"]

SECONDS = 60


class Failed(Exception):
    """What the plugin said went wrong: its type, and the text that Dify shows."""


class Daemon:
    """A plugin that runs in a folder; use it in a `with` statement."""

    def __init__(self, folder: Path, **environment: str):
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "main"],
            cwd=folder,
            env={**os.environ, "INSTALL_METHOD": "local", **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._number = 0
        self.said: list[str] = []
        """All the plugin wrote, to look for what it must never write."""
        for stream, lines in ((self._process.stdout, self._lines), (self._process.stderr, None)):
            threading.Thread(target=self._listen, args=(stream, lines), daemon=True).start()

    def __enter__(self) -> Daemon:
        try:
            self.manifest = self._next()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End the plugin's process."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()

    def _listen(self, stream: Any, lines: queue.Queue[str] | None) -> None:
        with stream:
            for line in stream:
                self.said.append(line)
                if lines is not None and line.strip():
                    lines.put(line)

    def _next(self) -> dict[str, Any]:
        try:
            read: dict[str, Any] = json.loads(self._lines.get(timeout=SECONDS))
        except queue.Empty:
            raise AssertionError("".join(self.said)) from None
        return read

    def ask(self, action: str, **data: Any) -> list[Any]:
        """Ask for something, and give what was streamed back; raise `Failed` when it went wrong."""
        self._number += 1
        session = f"session-{self._number}"
        asked = {"type": "tool", "action": action, "user_id": "somebody", "provider": "devin", **data}
        message = {"session_id": session, "event": "request", "data": asked}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        streamed = []
        while True:
            said = self._next()
            if said.get("session_id") != session or said.get("event") != "session":
                continue
            part = said["data"]
            if part["type"] == "error":
                raise Failed(part["data"]["error_type"], part["data"]["message"])
            if part["type"] != "stream":
                return streamed
            streamed.append(part["data"])

    def check(self, credentials: dict[str, Any]) -> list[Any]:
        """Have credentials checked, as when a person adds them."""
        return self.ask("validate_tool_credentials", credentials=credentials)

    def invoke(self, tool: str, credentials: dict[str, Any], **parameters: Any) -> dict[str, Any]:
        """Invoke a tool; give its JSON under `json`, and its variables by their names."""
        got: dict[str, Any] = {}
        asked = {"credentials": credentials, "tool_parameters": parameters}
        for part in self.ask("invoke_tool", tool=tool, **asked):
            message = part["message"]
            if part["type"] == "json":
                got["json"] = message["json_object"]
            elif part["type"] == "variable":
                got[message["variable_name"]] = message["variable_value"]
            else:
                raise AssertionError(part["type"])
        return got
