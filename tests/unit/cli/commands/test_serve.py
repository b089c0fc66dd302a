"""`serve` refuses what would leave a door open, and hands the rest to the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.laws import for_every
from support.shell import run

from devin_tools.engines.temporal.handover import WorkflowFollower
from devin_tools.pipelines.follower import Follower
from devin_tools.server import uvicorn_server as serving

TOKEN = "a-token-of-the-tests-0123456789"
RULES = "version: 1\nrules:\n  - name: all\n    session: {max_acu_limit: 2}\n"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Take down what would be served, and serve nothing."""
    apps: list[Any] = []

    def serve(app: Any, address: Any, *, grace_seconds: float, ready: Any) -> None:
        apps.append(app)
        ready(f"http://{address.host}:8765")

    monkeypatch.setattr(serving, "serve", serve)
    monkeypatch.setenv("DEVIN_SERVE_TOKEN", TOKEN)
    return apps


@pytest.fixture
def rules(tmp_path: Path) -> str:
    file = tmp_path / "rules.yaml"
    file.write_text(RULES, encoding="utf-8")
    return str(file)


OPEN_DOORS = [
    (2, ["--no-auth", "--token-file", "token"], "exclude each other"),
    (2, ["--no-auth", "--host", "0.0.0.0"], "for loopback only: another host needs a token"),
    (2, ["--no-hook-secret"], "--no-hook-secret is for --rules"),
    (2, ["--rules", "RULES", "--no-hook-secret", "--host", "0.0.0.0"], "elsewhere senders need a secret"),
    (3, ["--rules", "RULES"], "No secret is set for the senders of events"),
    (2, ["--public-url", "shop.example"], "must start with http:// or https://"),
]


@for_every("code, options, says", lambda: OPEN_DOORS)
def test_a_door_that_would_stand_open_is_refused(
    served: list[Any], rules: str, code: int, options: list[str], says: str
) -> None:
    ran = run("--simulate", "serve", *(rules if option == "RULES" else option for option in options))
    assert ran.code == code and says in ran.err and "Traceback" not in ran.err
    assert not served


def test_without_a_token_nothing_is_served(served: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEVIN_SERVE_TOKEN")
    ran = run("--simulate", "serve")
    assert ran.code == 3 and "No server token is set" in ran.err and "DEVIN_SERVE_TOKEN" in ran.err
    assert not served


def test_a_missing_package_is_named(served: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("devin_tools.cli.commands.serve.find_spec", lambda name: None)
    ran = run("--simulate", "serve")
    assert ran.code == 2 and "pip install 'devin-tools[server]'" in ran.err
    assert not served


FOLLOWED = [("here", True, Follower), ("not", False, Follower), ("temporal", True, WorkflowFollower)]


@for_every("where, is_followed, follower", lambda: FOLLOWED)
def test_events_are_followed_where_it_is_said(
    served: list[Any],
    rules: str,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    is_followed: bool,
    follower: Any,
) -> None:
    made: list[Any] = []
    from devin_tools import server

    hooks = server.Hooks
    monkeypatch.setattr(
        server, "Hooks", lambda *given, **more: made.append(hooks(*given, **more)) or made[-1]
    )
    ran = run("--simulate", "serve", "--rules", rules, "--no-hook-secret", "--follow", where)
    assert ran.code == 0, ran.err
    assert "ready at http://127.0.0.1:8765" in ran.out and served
    assert made[-1].rules.rules[0].name == "all"
    assert (made[-1].secrets, made[-1].follow, made[-1].follower) == (None, is_followed, follower)
