"""What a word or a phrase may stand for in the words of the tools: `thesaurus`, read. Pure."""

from __future__ import annotations

from functools import cache

from .thesaurus import ELSEWHERE, LEADS, MERGED, NOUNS, PARAMETERS, VERBS
from .words import pieces_of

__all__ = ["LONGEST_PHRASE", "Meaning", "is_elsewhere", "is_parameter", "meanings", "merged"]

Meaning = tuple[tuple[str, ...], ...]
"""What may be meant: of each group one word, of all groups together."""

LONGEST_PHRASE = 5


@cache
def _merged() -> dict[tuple[str, ...], str]:
    return {tuple(pieces_of(said)): one for said, one in MERGED.items()}


@cache
def _said(is_lead: bool) -> dict[tuple[str, ...], tuple[Meaning, ...]]:
    """Return what words and phrases stand for; of verbs that somebody begins with what they do besides."""
    found: dict[tuple[str, ...], dict[Meaning, None]] = {}
    for table in (LEADS,) if is_lead else (VERBS, NOUNS):
        for meant, said in table.items():
            readings = _readings(meant)
            for phrase in said.split(","):
                found.setdefault(tuple(merged(pieces_of(phrase))), {}).update(dict.fromkeys(readings))
    return {phrase: tuple(readings) for phrase, readings in found.items()}


def _readings(meant: str) -> list[Meaning]:
    """Return what an entry's left side means: one reading for single words, one for each sum."""
    singles: list[str] = []
    sums: list[Meaning] = []
    for one in meant.split(","):
        groups = tuple(tuple(merged(pieces_of(part))) for part in one.split("+"))
        if len(groups) == 1:
            singles.extend(groups[0])
        else:
            sums.append(groups)
    return [(tuple(singles),), *sums] if singles else sums


def merged(pieces: list[str]) -> list[str]:
    """Return the words of a text, with those that are one together as one."""
    pairs = _merged()
    found: list[str] = []
    at = 0
    while at < len(pieces):
        one = pairs.get((pieces[at], pieces[at + 1])) if at + 1 < len(pieces) else None
        found.append(one or pieces[at])
        at += 2 if one else 1
    return found


@cache
def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(merged(pieces_of(phrase))) for phrase in text.split(","))


def is_elsewhere(phrase: tuple[str, ...]) -> bool:
    """Return whether no tool has to do with what a word or a phrase says."""
    return phrase in _phrases(ELSEWHERE)


def is_parameter(phrase: tuple[str, ...]) -> bool:
    """Return whether a word or a phrase only says when, or how much."""
    return phrase in _phrases(PARAMETERS)


def meanings(phrase: tuple[str, ...], is_lead: bool = False) -> tuple[Meaning, ...]:
    """Return what a word or a phrase, as `merged` returns its words, may stand for."""
    found = _said(False).get(phrase, ())
    return (*found, *_said(True).get(phrase, ())) if is_lead else found
