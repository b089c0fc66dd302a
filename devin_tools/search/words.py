"""Texts as the words that are compared: lower case, without endings, and without what says nothing. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["words_of"]

IGNORED = frozenset(
    """
    a an the this that these those it its i me my mine we us our you your he she they them their
    is are was were be been am do does did done have has had will would can could should may might must
    of to in on for and or but with at by from as into onto over about than then so if not no nor
    what which who whom whose how when where why there here all any some each every
    please just let now yet still also too very devin
    """.split()  # noqa: SIM905 - a list of so many words would take a page
)
"""Words that say nothing of what somebody wants, and the name that all tools share."""

ENDINGS = (
    ("ies", "y"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("ing", ""),
    ("ed", ""),
    ("s", ""),
)
SHORTEST = 3
"""Letters that a word keeps at least when its ending is cut."""


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order: `listedSessions` and `list_sessions` are the same two."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    return [_stem(word) for word in re.findall(r"[a-z0-9]+", apart.lower()) if word not in IGNORED]


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    for ending, kept in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST and not word.endswith("ss"):
            word = word[: len(word) - len(ending)] + kept
            break
    return word[:-1] if word.endswith("e") and len(word) > SHORTEST + 1 else word
