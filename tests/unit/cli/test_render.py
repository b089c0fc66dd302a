"""What a person sees at a terminal: tables and fields, and JSON when asked."""

from __future__ import annotations

import re

import pytest
from support.shell import at_terminal

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


def test_a_person_sees_how_many_tools_of_a_preset_spend():
    ran = at_terminal("presets", width=200)
    assert re.search(r"^preset +tools +\$ +\$\$ ", plain(ran.out), re.MULTILINE)
    assert re.search(r"^observe +\d+ +0 +0 ", plain(ran.out), re.MULTILINE)
    assert re.search(r"^automate +\d+ +\d+ +2 ", plain(ran.out), re.MULTILINE)


@pytest.mark.parametrize("words", [["--limit", "3"], ["--limit", "5", "--all"]])
def test_a_person_sees_a_table_of_sessions(words):
    ran = at_terminal("--simulate", "call", "devin_list_sessions", *words)
    assert ran.code == 0
    assert "status_detail" in ran.out
    assert FIRST_ID in ran.out
    assert '"session_id"' not in ran.out
    assert ("More follow: --after" in ran.out) is ("--all" not in words)


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
