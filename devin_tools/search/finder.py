"""The tools that fit what somebody asks for in their own words, the best first: no model, no network."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ..spec import Spec
from .asking import LIGHT, ONE, OWN, PLACES, WHOLE, Asked, Part, read
from .ranking import Ranking
from .vocabulary import merged
from .words import IGNORED, pieces_of

__all__ = ["Finder", "Found"]

NAME, KEYWORDS, SUMMARY, RESOURCE, DESCRIPTION = 5.4, 1.1, 2.4, 1.5, 0.3
"""What a word weighs where it stands."""

MEANT = 0.8
"""What a word weighs that somebody may have meant, beside one they said."""

OTHER = 0.65
"""What a tool weighs for whose things it is, where there is one for those that are meant."""

ASKING, TELLING = 0.62, 0.9
"""What a tool that changes something weighs where a question was asked, and one that reads where it was not."""

UNNAMED = 0.88
"""What a tool weighs that reads or changes one thing, where none is named by an id."""

RARE = 0.8
"""What a tool weighs that wants a key which few have, as those of the workers of an outpost."""

NARROW = 0.25
"""How much less a tool weighs in whose name much stands that was not asked for."""

KEYED = 0.5
"""What it adds that most words of one keyword were said."""

SUM = 0.4
"""How fast what is meant together weighs less than all of it: the exponent of how many groups there are."""

TOGETHER = 0.2
"""How much less a tool weighs that has nothing of what was asked but one word."""

FITS = 0.45
"""Which part of a query, by the rarity of its words, the first tool must have for it to fit."""

CLOSE = 20
"""How many of the best are looked at more closely."""

UNKNOWN = 0.6
"""What a word counts that no tool knows, when it is asked whether a tool fits."""

DENIED = re.compile(r"(?:^|(?<=[.,;:]))[^.,;:]*\b(?:never|without|but for|no operation)\b[^.,;:]*")
"""What a text says that a tool does not do: nobody finds it by that."""

READS = frozenset(pieces_of("list get read count wait report show find export save download"))
"""Verbs of tools that only read."""

LONGEST = 2000
"""Characters of a query that are read."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a query, the best first, and whether the first of them fits."""

    specs: tuple[Spec, ...]
    fits: bool
    """Whether the best one has most of what was asked for; otherwise there may be no tool for it."""
    for_person: bool = False
    """Whether the best one would fit, and is offered to no model: only a person can fill its arguments."""


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

    @cached_property
    def _levels(self) -> list[str]:
        """Return for each tool whose things it is for, as far as others are the same for other ones'."""
        keys = [_twin_key(spec) for spec in self._specs]
        levels: dict[tuple[str, str], set[str]] = {}
        for key, level in keys:
            levels.setdefault(key, set()).add(level)
        return [level if len(levels[key]) > 1 else "" for key, level in keys]

    @cached_property
    def _needs_id(self) -> list[bool]:
        return [bool(spec.route and "{" in spec.route.path.replace("{org_id}/", "")) for spec in self._specs]

    def find(self, query: str, limit: int = 5) -> Found:
        """Return the tools that fit a query best, `limit` of them at most; none where no word is known."""
        asked = read(query[:LONGEST])
        total: dict[int, float] = {}
        had: dict[int, float] = {}
        for part in asked.parts:
            weight = part.weight
            for number, score in self._scores(part).items():
                total[number] = total.get(number, 0.0) + weight * score
                had[number] = had.get(number, 0.0) + weight
        whole = sum(part.weight for part in asked.parts) or 1.0
        for number in total:
            total[number] *= self._factor(asked, number) * (1 - TOGETHER + TOGETHER * had[number] / whole)
        self._narrow(asked, total, max(CLOSE, limit))
        best = sorted(total, key=lambda number: (-total[number], number))[:limit]
        fits = bool(best) and self._fits(asked, best[0])
        specs = tuple(self._specs[number] for number in best)
        for_person = fits and bool(specs[0].missing_from_models)
        return Found(specs, fits and not for_person, for_person)

    def _fits(self, asked: Asked, number: int) -> bool:
        """Return whether a tool has most of what was asked, and does what the verb says that it begins with."""
        if asked.is_undoing:
            return False
        lead, spec = asked.lead, self._specs[number]
        if lead and not LIGHT & {*lead.words}:
            covered = self._has(lead, number) == 1.0
            if not covered and (lead.meanings or asked.lead_is_verb):
                return False
            if spec.effect.only_reads and (covered or asked.lead_is_verb) and not READS & {*_all_words(lead)}:
                return False
            others = [part for part in asked.parts if part is not lead]
            if others and not any(self._has(part, number) for part in others):
                return False
        known = whole = 0.0
        for part in asked.parts:
            weight = part.weight * self._importance(part)
            whole += weight
            known += weight * self._has(part, number)
        return known >= FITS * whole

    def _importance(self, part: Part) -> float:
        if any(self._ranking.knows(word) for word in _all_words(part)):
            return part.counts
        return min(part.counts, UNKNOWN) if part.counts <= 1 else part.counts

    def _has(self, part: Part, number: int) -> float:
        """Return how much of a part a tool has: all of it, or of what it may mean the best share."""
        text = self._texts[number]
        if part.words and all(word in text for word in part.words):
            return 1.0
        shares = [
            sum(any(word in text for word in group) for group in one) / len(one) for one in part.meanings
        ]
        return max(shares, default=0.0) if part.counts <= 1 else 0.0

    def _factor(self, asked: Asked, number: int) -> float:
        """Return what a tool weighs by the kind of thing that was asked."""
        spec, factor = self._specs[number], 1.0
        if asked.is_question and not spec.effect.only_reads:
            factor *= ASKING
        if asked.lead and spec.effect.only_reads:
            factor *= TELLING
        if spec.effect.only_reads and asked.has_id is not self._needs_id[number]:
            factor *= UNNAMED
        if spec.scope not in ("organization", "enterprise"):
            factor *= RARE
        level = self._levels[number]
        if level and level != asked.level:
            factor *= OTHER
        return factor

    def _narrow(self, asked: Asked, total: dict[int, float], count: int) -> None:
        """Let the best ones weigh less by what their names have that was not asked for."""
        said = {word for part in asked.parts for word in _all_words(part)}
        words = {word for part in asked.parts for word in part.words}
        for number in sorted(total, key=lambda number: (-total[number], number))[:count]:
            names = self._names[number]
            total[number] *= 1 - NARROW * len(names - said) / (len(names) or 1)
            total[number] += KEYED * max(
                (self._share(one, words) for one in self._keywords[number]), default=0.0
            )

    @cached_property
    def _keywords(self) -> list[list[frozenset[str]]]:
        """Return the words of each keyword of two words or more."""
        split = [
            [
                frozenset(merged(pieces_of(one))) - IGNORED
                for text in spec.keywords
                for one in re.split("[,;:]", text)
            ]
            for spec in self._specs
        ]
        return [[one for one in found if len(one) > 1] for found in split]

    def _share(self, keyword: frozenset[str], words: set[str]) -> float:
        """Return what of a keyword was said, by the rarity of its words."""
        had = keyword & words
        return (
            sum(self._ranking.rarity(word) for word in had) * len(had) / len(keyword) if len(had) > 1 else 0.0
        )

    @cached_property
    def _names(self) -> list[frozenset[str]]:
        """Return the words of each name that a query can have."""
        return [frozenset(merged(pieces_of(spec.name))) - IGNORED - PLACES for spec in self._specs]

    def _scores(self, part: Part) -> dict[int, float]:
        """Return what a part of a query adds to the score of each tool: the most of what it may mean."""
        ranking = self._ranking
        found: dict[int, float] = {}
        for word in part.words:
            for number, score in ranking.scores([word]).items():
                found[number] = found.get(number, 0.0) + score / len(part.words) ** 0.5
        for meaning in part.meanings:
            meant: dict[int, float] = {}
            for group in meaning:
                for number, score in ranking.scores(group).items():
                    meant[number] = meant.get(number, 0.0) + score
            scale = MEANT / len(meaning) ** SUM
            for number, score in meant.items():
                found[number] = max(found.get(number, 0.0), score * scale)
        return found


def _all_words(part: Part) -> Iterator[str]:
    """Yield the words of a part, and those that it may mean."""
    yield from part.words
    for meaning in part.meanings:
        for group in meaning:
            yield from group


def _twin_key(spec: Spec) -> tuple[tuple[str, str], str]:
    """Return what a tool does to which things, and whose: the enterprise has most of what an organisation has."""
    if spec.route is None:
        return (spec.name, ""), OWN
    path = re.sub(r"^/v3\w*", "", spec.route.path)
    level = OWN if spec.scope != "enterprise" else ONE if "/organizations/{org_id}" in path else WHOLE
    rest = re.sub(r"^/enterprise|/organizations/\{org_id\}", "", path)
    return (re.sub(r"\{\w+", "{", rest) or path, spec.name.split("_")[1 if "_" in spec.name else 0]), level


def _weighed(spec: Spec) -> dict[str, float]:
    """Return the words of a tool, each with what it weighs."""
    found: Counter[str] = Counter()
    fields = (
        (NAME, spec.name),
        (KEYWORDS, " ; ".join(spec.keywords)),
        (SUMMARY, DENIED.sub("", spec.summary)),
        (RESOURCE, spec.resource),
        (DESCRIPTION, DENIED.sub("", spec.description.removeprefix(spec.summary))),
    )
    for weight, text in fields:
        for word in merged(pieces_of(text)):
            if word not in IGNORED:
                found[word] += weight  # type: ignore[assignment]
    return dict(found)
