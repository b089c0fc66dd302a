"""The tools that fit what somebody asks for in their own words, the best first: no model, no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ..spec import Spec
from .entries import Entry, entries_of, plain
from .query import ASIDE, LIGHT, Part, Query, read
from .ranking import Ranking
from .spelling import Spelling
from .vocabulary import is_verb, said
from .words import IGNORED, pieces_of

__all__ = ["Finder", "Found"]

MEANT = 0.8
"""What a word weighs that somebody may have meant, beside one they said."""

SUM = 0.55
"""How fast what is meant together weighs less than all of it: the exponent of how many groups there are."""

ASKING, WHO, NAMING, TELLING = 0.62, 0.25, 0.93, 0.92
"""What a tool that changes something weighs after a question, after one for who did so, and where only a
thing is named; and one that reads where a verb says what to do."""

OTHER = 0.65
"""What a tool weighs for whose things it is, where there is one for those that are meant."""

UNNAMED = 0.88
"""What a tool weighs that reads one thing where none is named by an id, or many where one is."""

RARE = 0.8
"""What a tool weighs that wants a key which few have, as those of the workers of an outpost."""

CLOSE = 50
"""How many of the best are looked at more closely."""

NARROW = 0.25
"""How much less a tool weighs in whose name much stands that was not asked for."""

KEYED = 0.45
"""What it adds that most words of one keyword were said."""

EXACT = 5.0
"""How much more a tool weighs whose name, or whose summary, is what was asked, word for word."""

FITS = 0.45
"""Which part of what was asked the first tool must have for it to fit."""

UNKNOWN = 0.6
"""What a word counts that no tool knows, when it is asked whether a tool fits."""

STATED = 1.0
"""What a word must at least weigh in a tool that is about it: more than in the description alone."""

READS = frozenset(pieces_of("list get read count wait report show find"))
"""Verbs of tools that only read."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a query, the best first, and whether the first of them fits."""

    specs: tuple[Spec, ...]
    fits: bool
    """Whether the best one has most of what was asked for, and a model may be offered it.

    Otherwise there may be no tool for it: the verb is another, most words are none of its, or what is asked
    for cannot be done by the API, as bringing back what was deleted.
    """
    for_person: bool = False
    """Whether the best one would fit, but is offered to no model: only a person may fill its arguments."""

    @property
    def fits_people(self) -> bool:
        """Whether the best one has most of what was asked for, for a person, who may fill all arguments."""
        return self.fits or self.for_person


class Finder:
    """Finds tools among those it was made of; what it has read of them it keeps."""

    def __init__(self, specs: Iterable[Spec]):
        self._specs = list(specs)

    @cached_property
    def _entries(self) -> list[Entry]:
        return entries_of(self._specs)

    @cached_property
    def _ranking(self) -> Ranking:
        return Ranking([entry.text for entry in self._entries])

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling({*self._ranking.words(), *said(), *IGNORED})

    def find(self, query: str, limit: int = 5) -> Found:
        """Return the tools that fit a query best, `limit` of them at most; none where no word is known."""
        asked = read(query, self._spelling.spelled)
        total: dict[int, float] = {}
        for part in asked.parts:
            for number, score in self._scores(part).items():
                total[number] = total.get(number, 0.0) + part.weight * score
        for number in total:
            total[number] *= _factor(asked, self._entries[number])
        self._compare(asked, total, max(CLOSE, limit))
        best = sorted(total, key=lambda number: (-total[number], number))[:limit]
        fits = bool(best) and self._fits(asked, self._entries[best[0]])
        for_person = fits and bool(self._specs[best[0]].missing_from_models)
        return Found(tuple(self._specs[number] for number in best), fits and not for_person, for_person)

    def _scores(self, part: Part) -> dict[int, float]:
        """Return what a part of a query adds to the score of each tool: the most of what it may mean."""
        found: dict[int, float] = {}
        for word in part.words:
            for number, score in self._ranking.scores([word]).items():
                found[number] = found.get(number, 0.0) + score / len(part.words) ** 0.5
        for meaning in part.meanings:
            scale = MEANT / len(meaning) ** SUM
            meant: dict[int, float] = {}
            for group in meaning:
                for number, score in self._ranking.scores(group).items():
                    meant[number] = meant.get(number, 0.0) + scale * score
            for number, score in meant.items():
                found[number] = max(found.get(number, 0.0), score)
        return found

    def _compare(self, query: Query, total: dict[int, float], count: int) -> None:
        """Look at the names, the keywords and the summaries of the best ones as a whole."""
        told = {word for part in query.parts for word in part.words}
        meant = {word for part in query.parts for word in _all_words(part)}
        words = plain(query.text)
        for number in sorted(total, key=lambda number: (-total[number], number))[:count]:
            entry = self._entries[number]
            total[number] *= 1 - NARROW * len(entry.names - meant) / (len(entry.names) or 1)
            total[number] += KEYED * max((self._share(one, told) for one in entry.keywords), default=0.0)
            alike = max(_likeness(words, plain(text)) for text in (entry.spec.name, entry.spec.summary))
            total[number] *= 1 + EXACT * alike**3

    def _share(self, keyword: frozenset[str], told: set[str]) -> float:
        """Return what of a keyword was said, by the rarity of its words; nothing for one word alone."""
        had = keyword & told
        if len(had) < 2:
            return 0.0
        return sum(self._ranking.rarity(word) for word in had) * len(had) / len(keyword)

    def _fits(self, query: Query, entry: Entry) -> bool:
        """Return whether a tool does what the verb says that a query begins with, and has most of it."""
        if query.is_undoing or _denies(entry, query) or not self._does(query, entry):
            return False
        if query.asks_who and not entry.spec.effect.only_reads:
            return False
        known = whole = 0.0
        for part in query.parts:
            weight = part.weight * self._counts(part)
            whole += weight
            known += weight * _had(part, entry)
        return known >= FITS * whole

    def _does(self, query: Query, entry: Entry) -> bool:
        """Return whether a tool does what the verb says that a query begins with, and to something named."""
        verb = query.verb
        if verb is None or LIGHT & {*verb.words}:
            return not any(part.counts > 1 and part.is_main and not _had(part, entry) for part in query.parts)
        is_foreign = verb.counts > 1 and not is_verb(verb.phrase)
        if is_foreign or _had(verb, entry) < 1.0:
            return False
        if entry.thing and not any(entry.thing in _all_words(part) for part in query.parts):
            return False
        is_noun = not query.is_surely_verb and bool(entry.names & {*verb.words})
        if entry.spec.effect.only_reads and not is_noun and not READS & {*_all_words(verb)}:
            return False
        main = [part for part in query.parts if part.is_main and part is not verb and part.counts > ASIDE]
        return not main or any(_had(part, entry, STATED) for part in main)

    def _counts(self, part: Part) -> float:
        """Return what a part counts: one that no tool knows may be a name."""
        is_known = part.counts > 1 or any(self._ranking.knows(word) for word in _all_words(part))
        return part.counts if is_known else min(part.counts, UNKNOWN)


def _factor(query: Query, entry: Entry) -> float:
    """Return what a tool weighs by the kind of thing that was asked for."""
    reads, factor = entry.spec.effect.only_reads, 1.0
    if not reads and query.asks_who:
        factor *= WHO
    elif not reads:
        factor *= ASKING if query.is_question else 1.0 if query.verb else NAMING
    elif query.verb:
        factor *= TELLING
    if reads and query.has_id is not entry.needs_id:
        factor *= UNNAMED
    if entry.spec.scope not in ("organization", "enterprise"):
        factor *= RARE
    if entry.level not in ("", query.level):
        factor *= OTHER
    return factor


def _had(part: Part, entry: Entry, least: float = 0.0) -> float:
    """Return how much of a part a tool has: all of it, or of what it may mean the best share.

    Words that weigh less than `least` do not count.
    """
    if part.words and all(entry.text.get(word, -1.0) >= least for word in part.words):
        return 1.0
    if part.counts > 1:  # of another field, whatever it may stand for in this one
        return 0.0
    shares = (
        sum(any(entry.text.get(word, -1.0) >= least for word in group) for group in meaning) / len(meaning)
        for meaning in part.meanings
    )
    return max(shares, default=0.0)


def _denies(entry: Entry, query: Query) -> bool:
    """Return whether a tool says that it does not give what is asked for."""
    return any(part.is_main and part.words and entry.denied.issuperset(part.words) for part in query.parts)


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one | other) or 1)


def _all_words(part: Part) -> Iterator[str]:
    """Yield the words of a part, and those that it may mean."""
    yield from part.words
    for meaning in part.meanings:
        for group in meaning:
            yield from group
