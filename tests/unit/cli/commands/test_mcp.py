"""`mcp` takes its token where no list of processes shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.laws import for_every
from support.shell import run

from devin_tools import mcp
from devin_tools.cli.commands import mcp as command

TOKEN = "a-token-of-the-tests-0123456789"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Take down the doors that would be opened, and open none."""
    doors: list[Any] = []
    monkeypatch.setattr(mcp, "serve_http", lambda service, door, ready: doors.append(door))
    monkeypatch.setattr(command, "_require_packages", lambda: None)
    return doors


def test_a_token_on_the_command_line_is_refused_and_not_repeated(served: list[Any]) -> None:
    for given in (["--token", TOKEN], [f"--token={TOKEN}"], ["--token", ""]):
        ran = run("--simulate", "mcp", "--http", *given)
        assert ran.code == 2 and "DEVIN_MCP_TOKEN" in ran.err and "--token-file" in ran.err
        assert TOKEN not in ran.err and "Traceback" not in ran.err
    assert "--token " not in run("mcp", "--help").out
    assert not served


def test_the_token_is_read_from_a_file_over_the_environment(
    served: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    monkeypatch.setenv("DEVIN_MCP_TOKEN", "another-token-of-the-tests")
    assert run("--simulate", "mcp", "--http").code == 0
    assert run("--simulate", "mcp", "--http", "--token-file", str(file)).code == 0
    tokens = [door.access.token.get_secret_value() for door in served]
    assert tokens == ["another-token-of-the-tests", TOKEN]


@for_every(
    "text", lambda: ["CANARY", "", "CANARY with a space in it", "cog_CANARY_0123456789", "CANARY" * 100]
)
def test_a_token_that_can_be_guessed_or_is_a_key_is_refused(
    text: str, served: list[Any], tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(text, encoding="utf-8")
    ran = run("--simulate", "mcp", "--http", "--token-file", str(file))
    why = "is a Devin key" if text.startswith("cog_") else "16 to 512"
    assert ran.code == 3 and why in ran.err and "CANARY" not in ran.err and not served


def test_a_proxy_that_cannot_be_used_is_told_before_anything_is_served(
    served: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://CANARY")
    monkeypatch.setenv("DEVIN_API_KEY", "cog_x")
    monkeypatch.setenv("DEVIN_MCP_TOKEN", TOKEN)
    ran = run("mcp", "--http")
    assert ran.code == 3 and "HTTPS_PROXY" in ran.err and "CANARY" not in ran.err and not served


def test_without_a_key_the_server_of_a_client_stays_and_says_so_in_each_call(
    served: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    services: list[Any] = []
    monkeypatch.setattr(mcp, "serve_stdio", lambda service, streams: services.append(service))
    ran = run("mcp")
    assert (ran.code, len(services)) == (0, 1)
    assert "No API key is set. Every call will fail." in ran.err and "Service users" in ran.err
    ran = run("mcp", "--http")
    assert (ran.code, served) == (3, []) and "No API key is set." in ran.err


@for_every(
    "given, kind, tools, schemas",
    lambda: [
        ([], "core", 11, False),
        (["--list", "auto", "--preset", "core"], "full", 8, False),
        (["--list", "core", "--read-only", "--output-schemas"], "core", 7, True),
        (["--list", "full", "--tools", "devin_get_self", "--no-output-schemas"], "full", 1, False),
    ],
)
def test_what_is_listed_is_chosen_and_said_when_it_is_ready(
    given: list[str], kind: str, tools: int, schemas: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    services: list[Any] = []

    def serve(service: Any, door: Any, ready: Any) -> None:
        services.append(service)
        ready("http://127.0.0.1:1/mcp")

    monkeypatch.setattr(mcp, "serve_http", serve)
    monkeypatch.setattr(command, "_require_packages", lambda: None)
    ran = run("--simulate", "mcp", "--http", *given)
    [service] = services
    listed = service.listing().as_wire
    assert ran.code == 0 and len(listed) == tools
    assert ran.err.startswith(f"ready: http://127.0.0.1:1/mcp - {tools} tools are listed ({kind}), ")
    assert f"{len(service.offer)} may be called" in ran.err and "/full, /core and /auto" in ran.err
    assert any("outputSchema" in tool for tool in listed) is schemas


def test_a_listing_that_is_not_known_is_refused() -> None:
    ran = run("--simulate", "mcp", "--list", "corr")
    assert ran.code == 2 and "auto" in ran.err and "Traceback" not in ran.err
