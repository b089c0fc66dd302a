"""What a word or a phrase may stand for in the words of the tools: `thesaurus`, read.

To read its texts takes longer than to find a tool by them, so that their words are kept in a file, under a
number of each text.
"""

from __future__ import annotations

import json
import zlib
from functools import cache
from pathlib import Path

from pydantic_core import from_json

from .thesaurus import ELSEWHERE, LEADS, MERGED, NOUNS, PARAMETERS, VERBS
from .words import phrases_of, pieces_of

__all__ = [
    "KEPT",
    "LONGEST_PHRASE",
    "Meaning",
    "is_elsewhere",
    "is_parameter",
    "is_verb",
    "kept",
    "meanings",
    "merged",
    "said",
]

Meaning = tuple[tuple[str, ...], ...]
"""What may be meant: of each group one word, of all groups together."""

LONGEST_PHRASE = 5

KEPT = Path(__file__).with_name("index") / "phrases.json"
"""The words of each text of the thesaurus, with commas between phrases, by the number of the text."""


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
    words = _kept().get(_number(text)) or _read(text)
    return frozenset(tuple(phrase.split()) for phrase in words.split(","))


def kept() -> str:
    """Return the words of the texts of the thesaurus, as they are kept."""
    texts = [*VERBS.values(), *NOUNS.values(), *LEADS.values(), ELSEWHERE, PARAMETERS]
    words = {_number(text): _read(text) for text in texts}
    return json.dumps(words, ensure_ascii=False, indent=0) + "\n"


@cache
def _kept() -> dict[str, str]:
    """Return the words that are kept; none where the file is missing."""
    return {**from_json(KEPT.read_bytes())} if KEPT.is_file() else {}


def _number(text: str) -> str:
    """Return a number of a text: that of any other text is almost surely another."""
    return f"{zlib.crc32(text.encode()):x}"


def _read(text: str) -> str:
    return ",".join(" ".join(merged(phrase)) for phrase in phrases_of(text))


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
