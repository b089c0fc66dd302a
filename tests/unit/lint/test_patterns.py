"""A pattern is taken by the engine that reads it, or not; another implementation of ECMAScript agrees."""

from __future__ import annotations

import random
import time

import pytest

from devin_tools.lint.patterns import is_ecmascript, is_python, is_taken

PARTS = [
    *"abc09 -_^$.*+?()[]{}|/,:<>=!&~#@",
    *(rf"\{sign}" for sign in "dDwWsSBnrtfv0129-_.^$*+?()[]{}|/@AZzGpuxck"),
    "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?<n>", "(?P<n>", "(?i)", "(?#", "(?>", r"\p{L}", r"\u{1F600}",
    r"\u0041", r"\x41", r"\k<n>", r"\cA", "{1,2}", "{2,1}", "{3}", "{2,}", "[a-z]", "[^a]", "[]", "[^]",
    r"[\w-x]", "a*", "b+",
]  # fmt: skip

BOTH = [
    "^[a-z]{1,3}$",
    r"^\d+(?:\.\d+)?$",
    "(?!a)b",
    r"[\-.]",
    "a|b",
    "",
    r"^[^\s/?#\\\x00-\x1f\x7f]{1,256}$",
]
PYTHON_ALONE = ["(?P<n>a)", "(?i)a", r"\Aa", r"a\-b", r"\_", "(?>a)", "a++", "a{", "a}", "]", r"\'", "(?#x)"]
ECMASCRIPT_ALONE = [r"\p{L}", "(?<n>a)", r"\u{1F600}", "(?<=a+)b", "[^]", r"(?<n>a)\k<n>", r"\cA", r"\/"]
NEITHER = ["[a-z", "(a", "a)", "a{2,1}", "*a", "[z-a]", r"\9", "(?<n"]


def test_each_engine_takes_its_own() -> None:
    assert [text for text in BOTH if not (is_python(text) and is_ecmascript(text))] == []
    assert [text for text in PYTHON_ALONE if is_ecmascript(text)] == []
    assert [text for text in ECMASCRIPT_ALONE if not is_ecmascript(text)] == []
    assert [text for text in NEITHER if is_python(text) or is_ecmascript(text)] == []
    assert not is_taken("[a-z", "any")
    assert is_taken(r"\p{L}", "any")
    assert is_taken("(?P<n>a)", "any")


def test_an_engine_of_ecmascript_says_the_same() -> None:
    regress = pytest.importorskip("regress")
    chance = random.Random(7)
    differ = []
    for _ in range(3_000):
        pattern = "".join(chance.choice(PARTS) for _ in range(chance.randint(1, 6)))
        try:
            regress.Regex(pattern, "u")
            is_right = True
        except regress.RegressError:
            is_right = False
        if is_ecmascript(pattern) != is_right:
            differ.append(pattern)
    assert len(differ) < 15, differ  # it lets boundaries repeat, which no browser does


@pytest.mark.parametrize(
    "pattern", ["[" * 20_000, "(" * 20_000, "(a{1,100})" * 1_500, "\\" * 20_001, "a" * 30_000]
)
def test_a_hostile_pattern_takes_no_time(pattern: str) -> None:
    started = time.process_time()
    is_taken(pattern, "ecmascript")
    is_taken(pattern, "grammar")
    assert time.process_time() - started < 1
