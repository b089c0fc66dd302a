"""`find`: tools by what somebody wants to do, for people and for programs."""

from __future__ import annotations

import re

import pytest
from support.shell import at_terminal, run


def plain(text: str) -> str:
    """Return what a terminal shows, each run of spaces as one."""
    return re.sub(r"\s+", " ", re.sub(r"\x1b\[[\d;]*m", "", text))


def test_a_program_gets_the_best_first_and_whether_it_fits() -> None:
    found = run("find", "list", "the", "sessions", "--limit", "3")
    assert (found.code, found.err) == (0, "")
    assert found.json["fits"] is True
    assert len(found.json["tools"]) == 3
    assert found.json["tools"][0]["name"] == "devin_list_sessions"
    listed = {tool["name"]: tool for tool in run("list").json}
    for tool in found.json["tools"]:
        assert tool.pop("only_people_fill") == []
        assert isinstance(tool.pop("unasked"), list)
        assert tool == listed[tool["name"]]


def test_a_sentence_may_be_one_argument_or_several() -> None:
    assert run("find", "delete a secret").out == run("find", "delete", "a", "secret").out


def test_it_says_where_nothing_fits_and_ends_well() -> None:
    assert run("find", "zqx").json == {"fits": False, "tools": []}
    shown = at_terminal("find", "zqx", width=200)
    assert shown.code == 0
    assert "there may be no tool for it" in plain(shown.out)
    unsure = run("find", "order a pizza for the team")
    assert unsure.json["fits"] is False
    assert unsure.json["tools"]
    assert "None of these surely fits" in at_terminal("find", "order a pizza for the team").out


def test_a_person_sees_which_tools_no_model_is_offered_and_why() -> None:
    shown = plain(at_terminal("find", "create secret", width=200).out)
    assert "devin_create_secret write Store" in shown
    assert "no model is offered it: only a person may fill value" in shown
    shown = plain(at_terminal("find", "create organization", width=200).out)
    assert re.search(
        r"devin_create_organization write ! .*? offered to models only where chosen: it administers "
        r"accounts, security or money; it needs a key of an enterprise",
        shown,
    )


def test_what_only_a_person_may_call_fits_a_person() -> None:
    words = ["find", "store", "my", "password", "as", "a", "secret"]
    found = run(*words).json
    assert found["fits"] is True
    assert (found["tools"][0]["name"], found["tools"][0]["only_people_fill"]) == (
        "devin_create_secret",
        ["value"],
    )
    assert "no tool for it" not in plain(at_terminal(*words, width=200).out)


def test_what_is_chosen_limits_what_is_found_and_is_not_called_offered() -> None:
    found = run("find", "create", "organization", "--preset", "administer").json["tools"]
    assert found[0]["name"] == "devin_create_organization"
    assert found[0]["unasked"] == [
        "administers accounts, security or money",
        "needs a key of an enterprise",
    ]
    without = run("find", "create", "organization", "--exclude", "*organization*").json["tools"]
    assert not [tool for tool in without if "organization" in tool["name"]]
    assert [
        tool["name"] for tool in run("find", "end", "session", "--tools", "devin_get_session").json["tools"]
    ] == ["devin_get_session"]


@pytest.mark.parametrize(
    "words",
    [["find"], ["find", " "], ["find", "x", "--limit", "0"], ["find", "x", "--tools", "devin_nope_*"]],
)
def test_a_wrong_question_is_refused(words: list[str]) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "error: " in ran.err
    assert "hint: " in ran.err


@pytest.mark.parametrize("command", ["show", "call"])
def test_an_unknown_tool_that_is_near_none_leads_to_it(command: str) -> None:
    ran = run(command, "qqqq")
    assert ran.code == 2
    assert "`devin-tools find WORDS` to look for one" in ran.err
    assert "devin-tools find" not in run(command, "devin_get_sesion").err
