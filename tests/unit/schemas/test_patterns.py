"""Patterns of others: searched for in linear time, or refused when they are read."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from support.laws import for_every

from devin_tools.schemas.patterns import MAX_WORK, TooMuchWork, searcher


@pytest.fixture
def without_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "re2", None)
    searcher.cache_clear()
    yield
    searcher.cache_clear()


UNFIT = [
    "(?=a)",
    "(?<!a)b",
    r"(a)\1",
    "(?>a)",
    "(",
    "a{1,2000}",
    "(?:a{1,500}){1,500}",
    "a" * 10_001,
    "\ud800",
]


@for_every("pattern", lambda: UNFIT)
def test_a_pattern_that_does_not_fit_the_engine_is_refused_and_not_repeated(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"is (not )?a regular") as caught:
        searcher(pattern)
    assert len(str(caught.value)) < 200


@for_every("pattern", lambda: ["^(a+)+$", "^(a|a)*$", "(a*)*b", "(.*a){12}$", r"^(\w+\s?)*$"])
def test_a_pattern_that_goes_back_without_end_takes_no_time(pattern: str) -> None:
    assert not searcher(pattern).is_in("a" * 20_000 + "!\x00")


def test_work_that_would_be_long_is_given_up_before_it_begins() -> None:
    with pytest.raises(TooMuchWork):
        searcher("a[bc]{900}d").is_in("a" * 1_000_000)


def test_halves_of_characters_are_no_fault() -> None:
    assert searcher("^a.b$").is_in("a\ud800b")


PLAIN = [
    (r"^[A-Z]{2}-\d+$", "AB-12", True),
    (r"^[A-Z]{2}-\d+$", "AB-12\n", False),
    (r"^v?\d+(\.\d+)?$", "v1.2", True),
    ("^(low|high)$", "high", True),
    ("^(low|high)$", "higher", False),
    ("CPU$", "high CPU", True),
    (r"^https?://\S+$", "https://x", True),
    ("[^]a]b", "cb", True),
    (r"\d", "\u0663", False),
]


@for_every("pattern, text, is_in", lambda: PLAIN)
def test_both_engines_find_the_same(pattern: str, text: str, is_in: bool) -> None:
    assert searcher(pattern).is_in(text) is is_in


@for_every("pattern, text, is_in", lambda: PLAIN)
def test_without_the_engine_patterns_that_repeat_no_group_are_read(
    pattern: str, text: str, is_in: bool, without_engine: None
) -> None:
    assert searcher(pattern).is_in(text) is is_in


@for_every(
    "pattern",
    lambda: ["^(a+)+$", "(a|b)*", "(?:a){2,9}b", "(?=a)", r"(a)\1", r"\1", "(?i)a", "a" + "a?" * 60],
)
def test_without_the_engine_what_cannot_be_proven_is_refused(pattern: str, without_engine: None) -> None:
    with pytest.raises(ValueError, match="regular expression"):
        searcher(pattern)


@for_every("pattern", lambda: ["a*a*a*b", r"\d+\d+x", "a*b"])
def test_without_the_engine_a_text_that_is_too_long_is_given_up(pattern: str, without_engine: None) -> None:
    found = searcher(pattern)
    length = 1
    while found.work(length) <= MAX_WORK:
        length *= 2
    with pytest.raises(TooMuchWork):
        found.is_in("a" * length)


@for_every("pattern", lambda: ["a|b\\", "x{3,2}", "(a", "a)", "[b-a]", "+a"])
def test_without_the_engine_what_is_no_pattern_is_refused_and_not_repeated(
    pattern: str, without_engine: None
) -> None:
    with pytest.raises(ValueError, match="regular expression") as caught:
        searcher(pattern)
    assert pattern not in str(caught.value)


def test_a_pattern_whose_program_is_large_is_refused_when_it_is_read() -> None:
    with pytest.raises(ValueError, match="repeats too much"):
        searcher("(?:a{1,100}b{1,100}){1,10}" * 5)
