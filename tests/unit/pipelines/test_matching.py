"""Wildcards and patterns on texts that somebody made for them; one form of a sender's name."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.laws import for_every

from devin_tools.pipelines.alert import Alert
from devin_tools.pipelines.matching import Match
from devin_tools.pipelines.plans import plan
from devin_tools.pipelines.rule_models import Rules
from devin_tools.schemas.patterns import searcher


def fits(pattern: str, text: str, field: str = "resource") -> bool:
    alert = Alert.model_validate({"name": "n", "source": "s", field: text})
    return not Match.model_validate({field: pattern}).mismatch_reasons(alert)


def plainly(pattern: str, text: str) -> bool:
    """Return whether a text fits wildcards, by the rule of each."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(plainly(pattern[1:], text[at:]) for at in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and plainly(pattern[1:], text[1:])


@given(st.text("ab*?", min_size=1, max_size=6), st.text("ab", min_size=1, max_size=7))
def test_wildcards_are_what_they_are_called(pattern: str, text: str) -> None:
    assert fits(pattern, text) is plainly(pattern, text)


SLOW = [
    ("*-*-*prod*", "-" * 1_000),
    ("*-*-*-*-*-*-prod", "-" * 1_000),
    ("*a*" * 100, "a" * 99 + "b" * 901),
    ("*?" * 200 + "x", "-" * 1_000),
    ("re:^(-+)+prod$", "-" * 1_000),
    ("re:(a|a)*b", "a" * 1_000),
    ("*" * 500, "-" * 1_000),
    ("re:" + "(a*)*" * 50 + "b", "a" * 1_000),
]


@for_every("pattern, text", lambda: SLOW)
def test_no_text_makes_a_match_take_long(pattern: str, text: str) -> None:
    fits(pattern, text)


@for_every(
    "pattern", lambda: ["re:(?=a)b", r"re:(a)\1", "re:[a-z]{1,900}[0-9]{1,900}[a-z]{1,900}{1,3}", "re:("]
)
def test_a_pattern_that_the_engine_does_not_take_is_refused_when_the_rule_is_read(pattern: str) -> None:
    with pytest.raises(ValueError, match="regular expression"):
        Match.model_validate({"name": pattern})


@for_every("pattern", lambda: ["re:a*b*c", "re:(?:x|y)z*z*z"])
def test_without_the_engine_a_rule_takes_no_pattern_that_a_long_text_would_make_slow(
    pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Match.model_validate({"name": pattern})
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "re2", None)
        searcher.cache_clear()
        with pytest.raises(ValueError, match="takes too long"):
            Match.model_validate({"name": ["fine", pattern]})
        Match.model_validate({"name": "re:^web-[0-9]+$"})
    searcher.cache_clear()


SPELLINGS = [
    "github",
    "GitHub",
    " -github- ",
    "github\0",
    "github\u00ad",
    "\uff47ithub",
    "git\u200bhub",
    "git\ufe0fhub",
]
OTHERS = ["g\u0456thub", "g\u0131thub", "git.hub", "github2", "監視"]


def tag_of(source: str) -> str:
    rules = Rules.model_validate({"version": 1, "rules": [{"name": "all"}]})
    call = plan(Alert(name="n", source=source), rules, now=0).call
    assert call is not None and call.tags is not None
    return call.tags[-1]


@for_every("source", lambda: [*SPELLINGS, *OTHERS, "Azure Monitor", "x" * 300, "-" * 80 + "a", "\0"])
def test_what_a_rule_takes_for_a_sender_is_what_the_tag_says(source: str) -> None:
    is_github = fits("github", source, "source")
    assert is_github is (tag_of(source) == "source:github")
    assert fits(tag_of(source).removeprefix("source:"), source, "source")
    assert tag_of(source).isascii() and len(tag_of(source)) <= 71


def test_signs_that_do_not_show_make_no_name_of_somebody_else() -> None:
    for source in SPELLINGS[:6]:
        assert tag_of(source) == "source:github"
    for source in OTHERS:
        assert tag_of(source) != "source:github"


@for_every("pattern", lambda: ["Azure Monitor", "azure-monitor", "AZURE*", "?zure-monitor", "re:^azure-"])
def test_a_rule_may_write_a_sender_as_it_writes_itself(pattern: str) -> None:
    assert fits(pattern, "Azure Monitor", "source")


def test_two_names_in_other_scripts_are_two() -> None:
    names: list[Any] = [Alert(name="n", source=text).source for text in ("監視", "данные")]
    assert len(set(names)) == 2


@pytest.mark.parametrize(
    "given, patterns",
    [
        ('["High *", "re:^CPU"]', ["High *", "re:^CPU"]),
        ("[FIRING] High *", ["[FIRING] High *"]),
        ("[FIRING]", ["[FIRING]"]),
        ("a, b", ["a, b"]),
    ],
)
def test_a_list_of_patterns_that_came_as_json_text_is_that_list(given: str, patterns: list[str]) -> None:
    assert Match(name=given).name == patterns
    assert Match(dimensions={"team": given}).dimensions == {"team": patterns}
