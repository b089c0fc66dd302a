"""Severities: the words of vendors, on one scale from 0 to 4."""

from __future__ import annotations

import re

WORDS = {
    0: "critical crit fatal emergency emerg alert disaster blocker page urgent p1 sev0 s0",
    1: "error err high major severe p2 sev1 s1",
    2: "warning warn medium moderate average minor p3 sev2 s2 normal",
    3: "informational information info low notice ok success p4 sev3 s3",
    4: "verbose debug trace none p5 sev4 s4",
}
"""Priorities count from 1 and severities from 0: P1 is what Sev0 is."""

_BY_WORD = {word: severity for severity, words in WORDS.items() for word in words.split()}


def severity_of(word: object) -> int | None:
    """Return the severity that a number from 0 to 4 or a word means; `None` for what is neither."""
    if isinstance(word, bool):
        return None
    if isinstance(word, int | float):
        return int(word) if word in (0, 1, 2, 3, 4) else None
    if not isinstance(word, str) or len(word) > 40:
        return None
    plain = re.sub(r"[\s_-]+", "", word.strip().lower())
    if re.fullmatch("[0-4]", plain):
        return int(plain)
    return _BY_WORD.get(plain)
