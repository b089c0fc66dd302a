"""What people say for the nouns and verbs that many tools share, beside the keywords of each tool. Pure.

A word of the left side, in what somebody asks, finds what the words of the right side find, at less weight.
"""

from __future__ import annotations

from functools import cache

from .words import words_of

__all__ = ["meanings"]

SAID = {
    "run, job, agent": "session",
    "label": "tag",
    "repo, codebase": "repository",
    "pr, mr": "pull request",
    "cost, spend, burn, bill": "acu consumption",
    "team, workspace": "organization",
    "company": "enterprise",
    "colleague, people, person, teammate": "user member",
}


@cache
def _by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for said, meant in SAID.items():
        for phrase in said.split(","):
            for word in words_of(phrase):
                found[word] = (*found.get(word, ()), *words_of(meant))
    return found


def meanings(word: str) -> tuple[str, ...]:
    """Return the words of the tools that a word, as `words_of` returns it, may stand for."""
    return _by_word().get(word, ())
