"""Bounded matching: untrusted regular expressions on untrusted text.

The engine is RE2, whose time grows with the text and never with the ways to match it. Where it is not
installed, the few patterns are taken whose cost is known before: those that repeat no group.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

MAX_WORK = 20_000_000
"""The most steps of one search: a fraction of a second. A step is a character at a place of the pattern."""

MAX_PATTERN, MAX_PROGRAM, MAX_MEMORY = 10_000, 10_000, 1 << 20

REFUSED = (
    "is not a regular expression of the syntax of RE2 (which has no look-around and no back-references, "
    "and repeats at most 1,000 times)"
)
UNPROVEN = (
    "is a regular expression that may take too long without the engine for such patterns: "
    "run `pip install 'devin-tools[patterns]'`"
)

PLAIN = re.compile(
    r"(?P<group>\((?:\?:)?)|(?P<or>\|)|(?P<end>\))(?P<optional>\??)|(?P<anchor>\^|\$)"
    r"|(?:\\[dDwWsS]|\\[^\w\s]|\\[nrtfv]|\[\^?\]?(?:\\[dDwWsSnrtfv]|\\[^\w\s]|[^\]\\\[])+\]|[^\\()|*+?{}\[\]^$])"
    r"(?P<repeat>[*+?]|\{(?P<least>\d{1,3})(?P<comma>,)?(?P<most>\d{1,3})?\})?\??",
    re.DOTALL,
)
"""A part of a pattern that repeats no group."""


class TooMuchWork(Exception):
    """What would take too long to check is given up."""


class Searcher(NamedTuple):
    """A pattern, and what it costs to search for it."""

    engine: Any
    size: int
    """How many steps a character takes; without RE2, the ways to go from one place of the text."""
    degree: int = 1
    """The power of the length of the text that the steps grow with: 1 with RE2."""

    def work(self, length: int) -> int:
        """Return how many steps a text of this length can take."""
        return int(self.size * max(length, 1) ** self.degree)

    def is_in(self, text: str) -> bool:
        """Return whether the pattern is found in a text; raise `TooMuchWork` rather than take long."""
        if self.work(len(text)) > MAX_WORK:
            raise TooMuchWork
        # halves of characters can be in JSON, and in no encoding
        whole = text.encode("utf-8", "replace").decode("utf-8")
        return self.engine.search(whole) is not None


@lru_cache(maxsize=1_000)
def searcher(pattern: str) -> Searcher:
    """Read a pattern; raise `ValueError`, which does not repeat it, for one that cannot be searched for."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"is a regular expression of more than {MAX_PATTERN:,} characters")
    try:
        import re2
    except ImportError:
        return _plain(pattern)
    options = re2.Options()
    options.log_errors, options.max_mem = False, MAX_MEMORY
    try:
        engine = re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError):
        raise ValueError(REFUSED) from None
    if engine.programsize > MAX_PROGRAM:
        raise ValueError("is a regular expression that repeats too much")
    return Searcher(engine, max(1, engine.programsize))


def _plain(pattern: str) -> Searcher:
    """Read a pattern for Python's engine, which goes back and tries every way there is."""
    ways, degree, at, text = 1, 0 if pattern.startswith("^") and "|" not in pattern else 1, 0, ""
    while at < len(pattern):
        part = PLAIN.match(pattern, at)
        if part is None:
            raise ValueError(UNPROVEN)
        if part["or"] or part["optional"]:
            ways *= 2
        elif part["repeat"] in ("*", "+") or (part["comma"] and not part["most"]):
            degree += 1
        elif part["repeat"]:
            ways *= 2 if part["repeat"] == "?" else 1 + int(part["most"] or 0)
        text += r"\Z" if part[0] == "$" else part[0]
        at = part.end()
    try:
        engine = re.compile(text, re.ASCII)
    except (re.error, RecursionError, OverflowError):
        raise ValueError(REFUSED) from None
    made = Searcher(engine, ways * max(1, len(pattern)), max(1, degree))
    if made.work(10) > MAX_WORK:
        raise ValueError(UNPROVEN)
    return made
