"""The tools that fit what somebody asks for in their own words, the best first: no model, no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..spec import Spec
from .ranking import Ranking
from .vocabulary import meanings
from .words import words_of

__all__ = ["Finder", "Found"]

NAME, KEYWORDS, SUMMARY, RESOURCE, DESCRIPTION = 4.0, 3.0, 2.0, 1.0, 0.5
"""What a word weighs where it stands."""

MEANT = 0.4
"""What a word weighs that somebody may have meant, beside one they said."""

FITS = 0.5
"""Which part of a query, by the rarity of its words, the first tool must have for it to fit."""

LONGEST = 2000
"""Characters of a query that are read."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a query, the best first, and whether the first of them fits."""

    specs: tuple[Spec, ...]
    fits: bool
    """Whether the best one has most of what was asked for; otherwise there may be no tool for it."""


class Finder:
    """Finds tools among those it was made of; what it has read of them it keeps."""

    def __init__(self, specs: Iterable[Spec]):
        self._specs = list(specs)

    @cached_property
    def _texts(self) -> list[dict[str, float]]:
        return [_weighed(spec) for spec in self._specs]

    @cached_property
    def _ranking(self) -> Ranking:
        return Ranking(self._texts)

    def find(self, query: str, limit: int = 5) -> Found:
        """Return the tools that fit a query best, `limit` of them at most; none where no word is known."""
        said = words_of(query[:LONGEST])
        scores = self._ranking.scores(_expanded(said))
        best = sorted(scores, key=lambda number: (-scores[number], number))[:limit]
        specs = tuple(self._specs[number] for number in best)
        return Found(specs, bool(best) and self._share(said, self._texts[best[0]]) >= FITS)

    def _share(self, said: Sequence[str], text: Mapping[str, float]) -> float:
        """Return which part of a query a text has, each word by its rarity."""
        rarities = {word: self._ranking.rarity(word) for word in said}
        had = [word for word in rarities if word in text or any(one in text for one in meanings(word))]
        return sum(rarities[word] for word in had) / (sum(rarities.values()) or 1.0)


def _weighed(spec: Spec) -> dict[str, float]:
    """Return the words of a tool, each with what it weighs."""
    found: Counter[str] = Counter()
    fields = (
        (NAME, spec.name),
        (KEYWORDS, " ".join(spec.keywords)),
        (SUMMARY, spec.summary),
        (RESOURCE, spec.resource),
        (DESCRIPTION, spec.description.removeprefix(spec.summary)),
    )
    for weight, text in fields:
        for word in words_of(text):
            found[word] += weight  # type: ignore[assignment]
    return dict(found)


def _expanded(said: Sequence[str]) -> dict[str, float]:
    """Return the words of a query with what they weigh, and beside them those that may be meant."""
    query = dict.fromkeys(said, 1.0)
    for word in said:
        for meant in meanings(word):
            query.setdefault(meant, MEANT)
    return query
