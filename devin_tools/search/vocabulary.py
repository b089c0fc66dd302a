"""What a word or a phrase may stand for in the words of the tools: `thesaurus`, read. Pure."""

from __future__ import annotations

from functools import cache

from .thesaurus import ELSEWHERE, LEADS, MERGED, NOUNS, PARAMETERS, VERBS
from .words import phrases_of, pieces_of

__all__ = [
    "LONGEST_PHRASE",
    "Meaning",
    "is_elsewhere",
    "is_parameter",
    "is_verb",
    "meanings",
    "merged",
    "said",
]

Meaning = tuple[tuple[str, ...], ...]
"""What may be meant: of each group one word, of all groups together."""

LONGEST_PHRASE = 5


@cache
def _merged() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for said, one in MERGED.items():
        first, second = pieces_of(said)
        found.setdefault(first, {})[second] = one
    return found


def merged(pieces: list[str]) -> list[str]:
    """Return the words of a text, with those that are one together as one."""
    pairs = _merged()
    if pairs.keys().isdisjoint(pieces):
        return pieces
    found = pieces[:1]
    for piece in pieces[1:]:
        one = pairs.get(found[-1], {}).get(piece)
        if one:
            found[-1] = one
        else:
            found.append(piece)
    return found


@cache
def _said(is_lead: bool) -> dict[tuple[str, ...], tuple[Meaning, ...]]:
    """Return what words and phrases stand for; of verbs that somebody begins with what they do besides."""
    found: dict[tuple[str, ...], dict[Meaning, None]] = {}
    for table in (LEADS,) if is_lead else (VERBS, NOUNS):
        for meant, said in table.items():
            readings = dict.fromkeys(_readings(meant))
            for phrase in _phrases(said):
                found.setdefault(phrase, {}).update(readings)
    return {phrase: tuple(readings) for phrase, readings in found.items()}


def _readings(meant: str) -> list[Meaning]:
    """Return what an entry's left side means: one reading for single words, one for each sum."""
    sums = [tuple(tuple(merged(pieces_of(part))) for part in one.split("+")) for one in meant.split(",")]
    alone = tuple(word for one in sums if len(one) == 1 for word in one[0])
    return [*([(alone,)] if alone else []), *(one for one in sums if len(one) > 1)]


@cache
def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(merged(phrase)) for phrase in phrases_of(text))


@cache
def _verbs() -> frozenset[tuple[str, ...]]:
    texts = (*VERBS, *VERBS.values(), *LEADS.values())
    return frozenset().union(*(_phrases(text.replace("+", ",")) for text in texts))


def said() -> frozenset[str]:
    """Return all words that mean something here, alone or in a phrase."""
    texts = (*_said(False), *_said(True), *_phrases(ELSEWHERE), *_phrases(PARAMETERS), *MERGED.values())
    return frozenset(word for phrase in texts for word in ((phrase,) if isinstance(phrase, str) else phrase))


def is_verb(phrase: tuple[str, ...]) -> bool:
    """Return whether a word or a phrase may be a verb of something that tools do."""
    return phrase in _verbs()


def is_elsewhere(phrase: tuple[str, ...]) -> bool:
    """Return whether no tool has to do with what a word or a phrase says."""
    return phrase in _phrases(ELSEWHERE)


def is_parameter(phrase: tuple[str, ...]) -> bool:
    """Return whether a word, or each word of a phrase, only says when, or how much."""
    known = _phrases(PARAMETERS)
    return phrase in known or all((word,) in known for word in phrase)


def meanings(phrase: tuple[str, ...], is_lead: bool = False) -> tuple[Meaning, ...]:
    """Return what a word or a phrase, as `merged` returns its words, may stand for."""
    found = _said(False).get(phrase, ())
    return (*found, *_said(True).get(phrase, ())) if is_lead else found
