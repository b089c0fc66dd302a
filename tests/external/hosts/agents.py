"""Agents of the command line that are hosts of MCP servers, set up with a server and a model on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.paths import ROOT

__all__ = ["HOSTS", "Codex", "GeminiCli", "Host", "Opencode", "Server"]

SECONDS = 180
"""After which a host that hangs is ended."""


@dataclass(frozen=True)
class Server:
    """How a host reaches the MCP server: by a URL, or else by starting it with some options."""

    options: Sequence[str] = ()
    url: str | None = None

    @property
    def command(self) -> list[str]:
        """The command line that serves the simulator over standard streams."""
        return [sys.executable, "-m", "devin_tools", "--simulate", "mcp", *self.options]


class Host(ABC):
    """A program that runs a prompt with a model and the tools of MCP servers."""

    name: str
    program: str
    """Where npm puts it."""
    prefix: str
    """What it puts before the name of a tool of the server `devin`."""

    @abstractmethod
    def set_up(self, home: Path, model: str, server: Server) -> Mapping[str, str]:
        """Write its configuration; return the variables that it needs besides."""

    @abstractmethod
    def words(self, prompt: str) -> Sequence[str]:
        """Return the arguments with which it runs a prompt and ends."""

    def run(self, installed: Path, home: Path, model: str, server: Server) -> None:
        """Run a prompt in an empty folder with a home of its own. The network is of no use to it."""
        work = home / "work"
        work.mkdir()
        variables = {
            "PATH": os.environ["PATH"], "HOME": str(home), "NO_COLOR": "1", "TERM": "dumb",
            "NO_PROXY": "127.0.0.1", "HTTPS_PROXY": NOWHERE, "HTTP_PROXY": NOWHERE,
            **self.set_up(home, model, server),
        }  # fmt: skip
        done = subprocess.run(
            [installed / "node_modules" / self.program, *self.words("Do what the script says.")],
            cwd=work, env=variables, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


NOWHERE = "http://127.0.0.1:9"


class Codex(Host):
    """OpenAI's Codex. It shows all tools to a model that it does not know; one that it knows has to search.

    With `approves` it runs every call; else those that change something need a person, who is not there.
    """

    program = ".bin/codex"
    prefix = "mcp__devin__"

    def __init__(self, model: str, *, approves: bool = True):
        self.name = f"codex {model}"
        self._model = model
        self._approves = approves

    def set_up(self, home: Path, model: str, server: Server) -> Mapping[str, str]:
        line = {"command": server.command[0], "args": server.command[1:], "cwd": str(ROOT)}
        entry: dict[str, Any] = {"url": server.url} if server.url else line
        entry["required"] = True  # else a slow machine lets it ask the model before the server has started
        if self._approves:
            entry["default_tools_approval_mode"] = "approve"
        provider = {
            "name": "loopback", "base_url": f"{model}/v1", "wire_api": "responses",
            "request_max_retries": 0, "stream_max_retries": 0,
        }  # fmt: skip
        tables: dict[str, dict[str, Any]] = {
            "": {"model": self._model, "model_provider": "loopback", "approval_policy": "never"},
            "analytics": {"enabled": False},
            "model_providers.loopback": provider,
            "mcp_servers.devin": entry,
        }
        lines = (
            (f"[{table}]\n" if table else "")
            + "".join(f"{key} = {json.dumps(values[key])}\n" for key in values)
            for table, values in tables.items()
        )  # what JSON writes of these is TOML too
        (home / "config.toml").write_text("\n".join(lines), encoding="utf-8")
        return {"CODEX_HOME": str(home)}

    def words(self, prompt: str) -> Sequence[str]:
        return ["exec", "--skip-git-repo-check", prompt]


class GeminiCli(Host):
    """Google's Gemini CLI."""

    name = "gemini-cli"
    program = ".bin/gemini"
    prefix = "mcp_devin_"

    def set_up(self, home: Path, model: str, server: Server) -> Mapping[str, str]:
        line = {"command": server.command[0], "args": server.command[1:], "cwd": str(ROOT)}
        entry: dict[str, Any] = {"httpUrl": server.url} if server.url else line
        settings = {
            "security": {"auth": {"selectedType": "gemini-api-key"}},
            "privacy": {"usageStatisticsEnabled": False},
            "telemetry": {"enabled": False},
            "general": {"enableAutoUpdate": False},
            "mcpServers": {"devin": {**entry, "trust": True}},
        }
        _write(home / ".gemini" / "settings.json", settings)
        return {"GEMINI_API_KEY": "made-up", "GOOGLE_GEMINI_BASE_URL": model}

    def words(self, prompt: str) -> Sequence[str]:
        return ["--yolo", "--skip-trust", "--model", "gemini-2.5-pro", "--prompt", prompt]


class Opencode(Host):
    """opencode, with a provider that is like OpenAI's."""

    name = "opencode"
    program = "opencode-linux-x64/bin/opencode"
    """The program itself: what npm would put before it, it writes in a script at installing."""
    prefix = "devin_"

    def set_up(self, home: Path, model: str, server: Server) -> Mapping[str, str]:
        line = {"type": "local", "command": server.command, "environment": {"PYTHONPATH": str(ROOT)}}
        entry = {"type": "remote", "url": server.url, "oauth": False} if server.url else line
        provider = {
            "npm": "@ai-sdk/openai-compatible",
            "options": {"baseURL": f"{model}/v1", "apiKey": "made-up"},
            "models": {"scripted": {}},
        }
        settings = {
            "autoupdate": False, "share": "disabled",
            "model": "loopback/scripted", "small_model": "loopback/scripted",
            "provider": {"loopback": provider}, "mcp": {"devin": {**entry, "enabled": True}},
        }  # fmt: skip
        _write(home / "work" / "opencode.json", settings)
        return {"OPENCODE_DISABLE_MODELS_FETCH": "1"}

    def words(self, prompt: str) -> Sequence[str]:
        return ["run", prompt]


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


HOSTS: tuple[Host, ...] = (Codex("gpt-5.4"), GeminiCli(), Opencode())
"""Those that show their model every tool of the server: Codex to a model that it does not know."""
