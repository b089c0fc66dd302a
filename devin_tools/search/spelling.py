"""Words that were written wrong: the one word that is known and one letter away. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

__all__ = ["Spelling"]

SHORTEST = 6
"""Letters of a word at least that may be one written wrong: shorter ones are too near to others."""


class Spelling:
    """Known words, found by one with a letter too many, too few or wrong, or with two that changed places."""

    def __init__(self, known: Iterable[str]):
        self._known = frozenset(known)

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for word in self._known:
            found.setdefault(len(word), []).append(word)
        return found

    def spelled(self, word: str) -> str:
        """Return the known word that one with a letter wrong stands for; where there is not just one, itself.

        The first letter is taken as right, as it nearly always is, and the last one: `terminal` is not a
        wrong `terminat`, which is the stem of `terminate`.
        """
        if len(word) < SHORTEST or word in self._known or not word.isalpha():
            return word
        near = [
            known
            for length in (len(word) - 1, len(word), len(word) + 1)
            for known in self._by_length.get(length, ())
            if known[0] == word[0] and _is_near(word, known)
        ]
        return near[0] if len(near) == 1 else word


def _is_near(one: str, other: str) -> bool:
    """Return whether two words of nearly the same length are one letter apart."""
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    left, right = one[at:], other[at:]
    if left[:2] == right[1::-1] and left[2:] == right[2:]:
        return True
    rest = (left[len(left) >= len(right) :], right[len(right) >= len(left) :])
    return bool(rest[0]) and rest[0] == rest[1]
