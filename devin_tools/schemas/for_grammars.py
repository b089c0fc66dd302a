"""Schemas for models: patterns and counts that grammars of local servers can hold. Pure.

Servers such as llama.cpp make a grammar of all tools of a request, and one pattern that they cannot read
refuses them all. What is written here takes everything that the declared schema takes. Where it takes more,
the description says what was left out, and the call is validated in full when it arrives.
"""

from __future__ import annotations

import re

from .traversal import Schema, transform

MAX_REPEATS = 990
"""The most repeats above the least that llama-cpp-python 0.3.25 surely takes.

With 1,000 it depends on what else the grammar names; with more it refuses.
"""

COUNTS = {"maxLength": "minLength", "maxItems": "minItems"}

SPACES = r"\x09-\x0d \x85\xa0"
"""White space of Latin-1. The rest of it costs more tokens in each pattern than it is worth."""

CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": SPACES}
CONTROLS = {"t": r"\t", "n": r"\n", "r": r"\r", "f": r"\x0c", "v": r"\x0b"}
KEPT_ESCAPES = frozenset("[]()|{}*+?\\")
KEPT_IN_CLASS = frozenset("[]\\")
HEXADECIMAL = {"-": r"\x2d", "^": r"\x5e"}
"""What would mean something else in a class without its backslash."""

ESCAPE = re.compile(r"\\(?:(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})|(.))", re.DOTALL)
TIMES = re.compile(r"\{(\d+)(,?)(\d*)\}")
CLASS = re.compile(r"\[(\^?)((?:[^\]\\]|\\.)+)\]", re.DOTALL)
GROUP = re.compile(r"\((?:\?:)?(?!\?)")


def for_grammars(schema: Schema) -> Schema:
    """Return a schema for models, with each pattern and each count that a grammar can hold."""
    return transform(schema, _changed)


def _changed(node: Schema) -> Schema:
    said = [node.get("description", "")]
    for most, least in COUNTS.items():
        if _is_too_high(node.get(most), node.get(least, 0)):
            # No model writes a text so long by mistake, and the words would cost tokens in each tool.
            said += [f"Constraints: maxItems {node[most]}."] if most == "maxItems" else []
            node = _without(node, most)
    if isinstance(given := node.get("pattern"), str):
        pattern = grammar_pattern(given)
        said += [] if pattern else [f"Constraints: pattern `{given}`."]
        node = node | {"pattern": pattern} if pattern else _without(node, "pattern")
    return node | {"description": " ".join(filter(None, said))} if any(said[1:]) else node


def _is_too_high(most: object, least: object) -> bool:
    return isinstance(most, int) and isinstance(least, int) and most - least > MAX_REPEATS


def _without(node: Schema, keyword: str) -> Schema:
    return {key: value for key, value in node.items() if key != keyword}


def grammar_pattern(pattern: str) -> str | None:
    """Return a pattern for a whole value without shorthand classes; `None` for one that has no such form.

    It takes what the pattern takes, within Latin-1 as Rust's engine reads it; `\\d` and `\\w` are ASCII.
    """
    if not (pattern.startswith("^") and pattern.endswith("$")) or pattern.endswith("\\$"):
        return None
    made, at, end, depth = "", 1, len(pattern) - 1, 0
    while at < end:
        part = _part(pattern, at)
        if part is None:
            return None
        text, at = part
        made += text
        depth += {"(": 1, ")": -1}.get(text, 0)
        if text == "|" and not depth:  # a regular expression anchors each side at one end, a grammar both
            return None
    return f"^{made}$"


def _part(pattern: str, at: int) -> tuple[str, int] | None:
    """Return one part of a pattern as a grammar reads it, and where the next begins."""
    letter = pattern[at]
    if letter == "\\":
        return _escape(pattern, at)
    if letter == "[":
        found = CLASS.match(pattern, at)
        inside = found and _inside(found[2])
        return (f"[{found[1]}{inside}]", found.end()) if found and inside else None
    if letter == "(":
        found = GROUP.match(pattern, at)
        return ("(", found.end()) if found else None
    if letter == "{":
        return _times(pattern, at)
    if letter in "*+?":
        return _lazy(letter, pattern, at + 1)
    return None if letter in "^$}]" else (letter, at + 1)


def _escape(pattern: str, at: int) -> tuple[str, int] | None:
    found = ESCAPE.match(pattern, at)
    if found is None:
        return None
    code, letter = found.groups()
    if code or letter in KEPT_ESCAPES:
        return found[0], found.end()
    if letter.lower() in CLASSES:
        negated = "^" if letter.isupper() else ""
        return f"[{negated}{CLASSES[letter.lower()]}]", found.end()
    if letter in CONTROLS:
        return CONTROLS[letter], found.end()
    if letter.isalnum():  # a back-reference, a boundary, a class by its Unicode property
        return None
    return HEXADECIMAL["^"] if letter == "^" else f"[{letter}]", found.end()


def _inside(text: str) -> str | None:
    """Return the inside of a class without shorthand classes; `None` where a negated one is in it."""
    made, at = "", 0
    while at < len(text):
        if text[at] != "\\":
            made, at = made + text[at], at + 1
            continue
        found = ESCAPE.match(text, at)
        if found is None:
            return None
        code, letter = found.groups()
        if code or letter in KEPT_IN_CLASS:
            made += found[0]
        elif letter in CLASSES or letter in CONTROLS:
            made += CLASSES.get(letter) or CONTROLS[letter]
        elif letter.isalnum():
            return None
        else:
            made += HEXADECIMAL.get(letter, letter)
        at = found.end()
    return made


def _times(pattern: str, at: int) -> tuple[str, int] | None:
    """Return a count of repeats; one that is too high for a grammar has no upper bound instead."""
    found = TIMES.match(pattern, at)
    if found is None:
        return None
    least, comma, most = int(found[1]), found[2], found[3]
    if least > MAX_REPEATS or (most and _is_too_high(int(most), least)):
        return _lazy(f"{{{min(least, MAX_REPEATS)},}}", pattern, found.end())
    return _lazy(f"{{{least}{comma}{most}}}", pattern, found.end())


def _lazy(text: str, pattern: str, at: int) -> tuple[str, int] | None:
    """Leave out that a repeat is lazy: it is the same for a whole value. A possessive one has no form."""
    if pattern.startswith("+", at):
        return None
    return text, at + pattern.startswith("?", at)
