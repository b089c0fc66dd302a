"""Severities: the words of vendors, on one scale from 0 to 4.

A number called a severity is on this scale; one called a priority counts from 1. No number tells by itself
which of the two it is, so whoever reads it says so.
"""

from __future__ import annotations

import re

WORDS = {
    0: "critical crit fatal emergency emerg alert disaster blocker page urgent highest p0 p1 sev0 s0",
    1: "error err high major severe p2 sev1 s1",
    2: "warning warn medium moderate average minor p3 sev2 s2 normal",
    3: "informational information info low notice ok success p4 sev3 s3",
    4: "verbose debug trace none lowest p5 sev4 s4",
}
"""Priorities count from 1 and severities from 0: P1 is what Sev0 is."""

NUMBERED = re.compile(r"(?:p|prio|priority|s|sev|severity)?[\s_-]*([0-9]{1,2})", re.ASCII)

SAID = re.compile(r"(?P<kind>sev|severity|level|p|prio|priority)[\s_:#-]*(?P<number>[0-9])", re.ASCII)
"""A number that says which scale it is on: `Severity 1`, `Priority: 2`."""

BETWEEN = re.compile(r"[\s_:/|,()\[\]\u2013\u2014-]+")

BESIDE = re.compile(r"(?:p|prio|priority|s|sev|severity|level)?[0-9]?", re.ASCII)
"""What may stand beside the word in a name such as `1 - Critical`, `P2: High` or `Critical (P1)`."""

LABEL = re.compile(r"(priority|prio|severity|sev)\s*[:/=_ -]\s*(\S.*)")

_BY_WORD = {word: severity for severity, words in WORDS.items() for word in words.split()}


def severity_of(word: object) -> int | None:
    """Return the severity that a number from 0 to 4 or a word means; `None` for what is neither."""
    if isinstance(word, bool):
        return None
    if isinstance(word, int | float):
        return int(word) if word in (0, 1, 2, 3, 4) else None
    if not isinstance(word, str) or len(word) > 40:
        return None
    text = word.strip().lower()
    plain = re.sub(r"[\s_-]+", "", text)
    if re.fullmatch("[0-4]", plain):
        return int(plain)
    if plain in _BY_WORD:
        return _BY_WORD[plain]
    return _named(text) if (said := SAID.fullmatch(text)) is None else _numbered(said)


def _numbered(said: re.Match[str]) -> int | None:
    number = int(said["number"])
    return priority_of(number) if said["kind"].startswith("p") else severity_of(number)


def _named(text: str) -> int | None:
    """Return what the one word of a name with a number means; the number is of a scale of its owner's."""
    parts = list(filter(None, BETWEEN.split(text)))
    words = [part for part in parts if BESIDE.fullmatch(part) is None]
    return _BY_WORD.get(words[0]) if len(words) == 1 < len(parts) else None


def priority_of(value: object) -> int | None:
    """Return the severity that a priority means: a word, or a number of which 1 is the worst, as P1 is.

    So is `SEV-1` where it is a priority: those who number their incidents begin with 1.
    """
    if isinstance(value, str):
        number = NUMBERED.fullmatch(value.strip().lower())
        if number is None:
            return severity_of(value)
        value = int(number[1])
    if isinstance(value, bool) or not isinstance(value, int | float) or value not in (0, 1, 2, 3, 4, 5):
        return None
    return max(0, int(value) - 1)


def label_severity(label: str) -> int | None:
    """Return the severity that a label such as `P2`, `priority: high` or `severity/1` means.

    A bare number is neither a severity nor a priority.
    """
    kind, name = LABEL.fullmatch(label.strip().lower()), label.strip()
    if kind is None:
        return None if name.isdigit() else severity_of(name)
    return priority_of(kind[2]) if kind[1].startswith("pri") else severity_of(kind[2])
