"""Whether the engines that clients and providers read patterns with take one."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

from ..schemas.for_grammars import grammar_pattern

MAX_READ = 20_000
"""The longest pattern that is read."""

LAZY = re.compile(r"(?<!\\)([*+}])\?")

ESCAPE = (
    r"\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[pP]\{[A-Za-z]\w*(?:=\w+)?\}|c[A-Za-z]|[^upPxc])"
)
PART = re.compile(
    rf"(?P<escape>\\k<\w+>|{ESCAPE})|(?P<empty>\[\^?\])|(?P<inside>\[\^?(?:{ESCAPE}|[^\]\\])+\])"
    r"|(?P<behind>\(\?<[=!])|(?P<named>\(\?<)|(?P<repeat>(?:[*+?]|\{\d+(?:,\d*)?\})\??(?!\+))"
    r"|(?P<refused>\\|\[|[{}\]*+?]|\(\?(?:P|[#(>]|[a-zA-Z-]+\)))|(?P<plain>.)",
    re.DOTALL,
)
"""A part of a pattern with the flag `u`; `refused` is what only other engines know."""

SYNTAX = frozenset("^$\\.*+?()[]{}|/")
LETTERS = frozenset("bBdDsSwWfnrtv0123456789")
IN_CLASS = SYNTAX | {*"-bdDsSwWfnrtv0"}
DOUBLED = re.compile(r"[\[&|~]")
"""What Python will give a meaning in classes some day."""


def is_taken(pattern: str, engine: str) -> bool:
    """Return whether an engine of a dialect takes a pattern; `any`: whether there is one that does."""
    if len(pattern) > MAX_READ:
        return True
    if engine == "python":
        return is_python(pattern)
    if engine == "ecmascript":
        return is_ecmascript(pattern)
    if engine == "grammar":
        return is_taken(pattern, "any") and LAZY.sub(r"\1", pattern) == grammar_pattern(pattern)
    return is_python(pattern) or is_ecmascript(pattern)


@lru_cache(maxsize=1_000)
def is_python(pattern: str) -> bool:
    """Return whether Python's engine takes a pattern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError, MemoryError):
            return False
    return True


@lru_cache(maxsize=1_000)
def is_ecmascript(pattern: str) -> bool:
    """Return whether ECMAScript takes a pattern with the flag `u`, which JSON Schema asks for.

    The pattern is put into Python's words, as far as its syntax goes.
    """
    words = []
    for found in PART.finditer(pattern):
        if (word := _python_word(found)) is None:
            return False
        words.append(word)
    return is_python("".join(words))


def _python_word(found: re.Match[str]) -> str | None:
    kind, text = found.lastgroup, found[0]
    if kind == "refused":
        return None
    if kind == "escape":
        return _escape(text, SYNTAX | LETTERS)
    if kind == "inside":
        return _inside(text)
    if kind in ("behind", "named"):  # Python looks behind for texts of one length alone
        return f"(?{text[-1]}" if kind == "behind" else "(?P<"
    return "." if kind == "empty" else text


def _inside(text: str) -> str | None:
    start = 2 if text.startswith("[^") else 1
    parts = re.findall(rf"{ESCAPE}|.", text[start:-1], re.DOTALL)
    words = [_escape(part, IN_CLASS) if len(part) > 1 else DOUBLED.sub(r"\\\g<0>", part) for part in parts]
    return None if None in words else f"{text[:start]}{''.join(filter(None, words))}]"


def _escape(text: str, known: frozenset[str]) -> str | None:
    """Return an escape in Python's words; a character by its number is like any other."""
    if text.startswith(r"\k<"):
        return f"(?P={text[3:-1]})"
    if len(text) > 2:
        return "x"
    return None if text[1] not in known else text
