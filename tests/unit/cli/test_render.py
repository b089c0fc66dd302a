"""What a person sees at a terminal: tables and fields, and JSON when asked."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stdout

import pytest
from support.shell import at_terminal

from devin_tools.api.enterprise.acu_limits import AcuLimitPage
from devin_tools.api.sessions import SessionPage
from devin_tools.cli.commands import presets
from devin_tools.cli.render import DOORS, SIZES, show_facts, show_output
from devin_tools.presets import PRESETS
from devin_tools.reading import read

FIRST_ID = "adc0da7a16febaa011af923d79fdef7c"


def plain(text):
    return re.sub(r"\x1b\[[\d;]*m", "", text)


def test_a_person_sees_a_table_of_tools():
    ran = at_terminal("list")
    assert ran.code == 0
    assert "what it does" in ran.out
    assert "devin_terminate_session" in ran.out
    assert "{" not in ran.out
    assert re.search(r"devin_create_session +write \$ ", plain(ran.out))
    assert re.search(r"devin_create_schedule +write \$\$ ", plain(ran.out))
    assert "$$ again and again by itself" in ran.out
    assert re.search(r"devin_create_organization +write ! ", plain(ran.out))
    assert re.search(r"devin_create_service_user +write !\* ", plain(ran.out))
    assert "\nenterprise api keys" in plain(ran.out)


@pytest.mark.parametrize("words", [["--limit", "3"], ["--limit", "5", "--all"]])
def test_a_person_sees_a_table_of_sessions(words):
    ran = at_terminal("--simulate", "call", "devin_list_sessions", *words)
    assert ran.code == 0
    assert "status_detail" in ran.out
    assert FIRST_ID in ran.out
    assert '"session_id"' not in ran.out
    assert ("More follow: --after" in ran.out) is ("--all" not in words)


def test_rows_without_an_id_show_what_they_are_about():
    rows = [
        {"cycle_acu_limit": 5, "scope": "org", "org_id": "org-1"},
        {"cycle_acu_limit": 5, "scope": "user", "user_id": "okta|1"},
    ]
    out = io.StringIO()
    with redirect_stdout(out):
        show_output(AcuLimitPage.model_validate({"items": rows}))
    assert re.search(r"cycle_acu_limit +scope +org_id +user_id", plain(out.getvalue()))
    assert "okta|1" in out.getvalue()


def test_a_person_sees_fields_under_each_other_or_json_when_asked():
    words = ["--simulate", "call", "devin_get_session", "--session-id", FIRST_ID]
    assert '"session_id"' not in at_terminal(*words).out
    assert f'"session_id": "{FIRST_ID}"' in at_terminal(*words, "--json").out


def test_a_person_sees_what_a_tool_is():
    ran = at_terminal("show", "devin_create_session", width=200)
    effect = "write, spends ACUs up to max_acu_limit"
    for text in (
        "POST /v3/organizations/{org_id}/sessions",
        "[required]",
        "[never filled by a model]",
        effect,
    ):
        assert text in ran.out


def test_titles_cannot_steer_the_terminal():
    ran = at_terminal(
        "--simulate", "call", "devin_create_session", '{"prompt": "x", "title": "[red]a\\u001b]0;b\\u0007"}'
    )
    assert "[red]a" in ran.out
    assert "\x1b]0;b" not in ran.out


def test_what_of_a_list_could_not_be_read_is_told_under_it(capsys):
    rows = [{"session_id": "a", "tags": [5], "title": "kept"}, "no\x1b row"]
    show_output(read(SessionPage, json.dumps({"items": rows, "has_next_page": False}).encode()))
    table, _, note = capsys.readouterr().out.partition("Not as documented, so left out: ")
    assert "kept" in table
    assert note == "items[1], sessions[0].tags.\n"


def test_what_is_deep_in_an_item_of_a_list_is_shown_as_json(capsys):
    show_facts(
        {"days": [{"date": "2026-01-01", "acus": 0.5, "by": {"devin": 0.5}, "more": [], "open": True}]}
    )
    assert capsys.readouterr().out.split(maxsplit=1)[1].strip() == '2026-01-01 0.5 {"devin": 0.5} true'


def test_a_person_sees_a_report_as_its_own_text():
    ran = at_terminal("--simulate", "call", "report_spend", width=60)
    assert ran.code == 0
    assert "## Organisations" in ran.out and "acus_by_product" not in ran.out
    assert any(line.startswith("| Simulated research |") for line in plain(ran.out).splitlines())


def test_an_empty_list_is_told_in_words(capsys):
    show_output(SessionPage.model_validate({"items": [], "has_next_page": False}))
    assert capsys.readouterr().out == "No sessions.\n"


def test_what_is_deep_is_shown_as_json_and_what_is_not_there_is_left_out(capsys):
    show_facts({"parts": {"a": ["x\x1b[2J", {"b": None}]}, "nothing": {}, "none": None})
    shown = capsys.readouterr().out
    assert (
        shown.startswith("parts") and "none" not in shown and "nothing" not in shown and "\x1b" not in shown
    )
    assert json.loads(shown.removeprefix("parts"))["a"][1] == {"b": None}


def test_standard_output_may_be_a_buffer_without_an_encoding():
    with redirect_stdout(io.StringIO()) as out:
        show_facts({"title": "\U0001f600 done"})
    assert "\U0001f600 done" in out.getvalue()


def test_a_person_sees_what_a_schedule_may_cost_before_it_is_made():
    words = ["--name", "Nightly", "--prompt", "Look.", "--frequency", "0 * * * *", "--dry-run"]
    ran = at_terminal("call", "devin_create_schedule", *words, width=200)
    assert ran.code == 0, ran.out
    assert (
        "up to 24 sessions start by themselves in a day" in ran.out and "without a limit of ACUs" in ran.out
    )


def test_a_dry_run_of_a_request_without_a_body_shows_none():
    ran = at_terminal("call", "devin_terminate_session", "--session-id", "abc", "--dry-run", width=200)
    assert ran.code == 0
    (line,) = [line for line in ran.out.splitlines() if line.startswith("DELETE ")]
    assert ran.out.rstrip().endswith(line) and "{" not in ran.out.replace("{org_id}", "")


def test_a_person_sees_the_presets_and_what_to_install_for_tokens(monkeypatch):
    monkeypatch.setattr(presets, "find_spec", lambda name: None)
    most = {"sizes": 1_234_321, "always_seen": 34_321}  # characters, of which there are more than tokens
    sizes = {kind: dict.fromkeys(columns.values(), most[kind]) for _, kind, columns in SIZES}
    sizes["sizes"] |= dict.fromkeys(DOORS.values(), most["sizes"])
    monkeypatch.setattr(presets, "sizes_of", lambda specs, measure: sizes)
    ran = at_terminal("presets", width=80)
    assert ran.code == 0
    shown = plain(ran.out).replace("\r", "")
    tables = shown.split("\n\n")
    assert re.search(r"^preset +tools +\$ +\$\$\n", tables[0])
    assert re.search(r"^observe +\d+ +0 +0$", tables[0], re.MULTILINE)
    assert re.search(r"^automate +\d+ +\d+ +4$", tables[0], re.MULTILINE)
    assert [table.splitlines()[0].strip() for table in tables[1:-1]] == [title for title, *_ in SIZES]
    for table, (_, kind, columns) in zip(tables[1:-1], SIZES, strict=True):
        _, names, *rows = table.splitlines()
        assert re.split(r"  +", names.strip()) == ["preset", *columns]
        assert [row.split()[0] for row in rows] == [*PRESETS, "default", "all"]
        assert all(row.split()[1:] == [f"{most[kind]:,}"] * len(columns) for row in rows)
    assert max(map(len, shown.splitlines())) <= 80
    assert "Sizes in characters. For tokens, run" in " ".join(shown.split())
