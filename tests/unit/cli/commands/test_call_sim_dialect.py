"""`call NAME --dialect sim` takes Sim's parameters and prints Sim's output."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.laws import for_every
from support.shell import call, run
from support.tools import each_kind, tools

from devin_tools import Spec
from devin_tools.cli.commands.call import command_for

KEY = "cog_a-key-that-must-not-show"
SIM = ("--dialect", "sim")


def test_parameters_go_in_and_the_output_comes_out(tmp_path: Path) -> None:
    params = {"apiKey": KEY, "prompt": "Fix it.", "maxAcuLimit": "5", "tags": "bug, cart"}
    (tmp_path / "params.json").write_text(json.dumps(params), encoding="utf-8")
    from_file = call("devin_create_session", f"@{tmp_path}/params.json", *SIM)
    from_input = call("devin_create_session", "-", *SIM, stdin=json.dumps(params))
    for ran in (from_file, from_input):
        assert ran.code == 0, ran.err
        assert list(ran.json)[:3] == ["sessionId", "url", "status"] and ran.json["tags"][:2] == [
            "bug",
            "cart",
        ]
        assert KEY not in ran.out + ran.err


def test_a_key_on_the_command_line_is_refused_and_not_repeated() -> None:
    ran = call("devin_create_session", json.dumps({"apiKey": KEY, "prompt": "x"}), *SIM)
    assert ran.code == 2 and ran.out == "" and "command line" in ran.err
    assert KEY not in ran.err


def test_a_key_may_be_named_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    given = json.dumps({"apiKey": "env:TENANT_KEY", "orgId": "org-tenant", "prompt": "x"})
    ran = run("call", "devin_create_session", given, *SIM, "--dry-run")
    assert ran.code == 3 and "TENANT_KEY" in ran.err
    monkeypatch.setenv("TENANT_KEY", KEY)
    ran = run("call", "devin_create_session", given, *SIM, "--dry-run")
    assert ran.code == 0, ran.err
    assert ran.json["requests"][0]["url"].endswith("/organizations/org-tenant/sessions")
    assert KEY not in ran.out + ran.err


def test_the_key_of_the_parameters_is_the_one_that_is_sent(tmp_path: Path) -> None:
    """The simulator takes keys that begin with cog_, and there is none in the settings."""
    params = tmp_path / "params.json"
    for key, code in ((KEY, 0), ("wrong", 5)):
        params.write_text(json.dumps({"apiKey": key, "limit": 1}), encoding="utf-8")
        ran = call("devin_list_sessions", f"@{params}", *SIM)
        assert ran.code == code, ran.err
        assert key not in ran.out + ran.err


def test_options_are_parameters_too() -> None:
    ran = call("devin_list_sessions", "--limit", "1", *SIM)
    assert list(ran.json) == ["sessions", "endCursor", "hasNextPage", "total"]
    session = ran.json["sessions"][0]["sessionId"]
    assert call("devin_get_session_tags", "--session-id", session, *SIM).json.keys() == {"tags"}


def test_a_destroying_call_needs_consent_here_too() -> None:
    session = call("devin_list_sessions", "--limit", "1").json["sessions"][0]["session_id"]
    params = json.dumps({"sessionId": session, "archive": "true"})
    assert call("devin_terminate_session", params, *SIM).code == 4
    assert call("devin_terminate_session", params, *SIM, "--yes").json["isArchived"] is True


def test_what_does_not_go_together_is_refused() -> None:
    assert call("devin_list_sessions", "--all", *SIM).code == 2
    ran = call("devin_list_sessions", "--detail", "brief", *SIM)
    assert ran.code == 2 and "detail is not a parameter" in ran.err
    assert call("devin_list_sessions", "--dialect", "other").code == 2


@for_every("spec", tools)
def test_every_tool_has_the_dialect(spec: Spec) -> None:
    assert "--dialect" in {flag for param in command_for(spec).params for flag in param.opts}


@for_every("spec", each_kind)
def test_the_help_of_a_tool_names_the_dialect(spec: Spec) -> None:
    assert "--dialect" in run("call", spec.name, "--help").out


def test_it_needs_no_settings() -> None:
    ran = call("devin_create_session", '{"prompt": "x"}', *SIM)
    assert ran.code == 0, ran.err
    assert ran.json["status"] == "new"
