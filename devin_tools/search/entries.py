"""Tools as a finder compares them with what is asked: their words, and whose things they are for.

To read the words of all tools takes longer than to find one by them, so that those of this package's tools
are kept in a file, under a number of the texts that they were read from. Any other tool's are read anew.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from pydantic_core import from_json

from ..spec import Spec
from .query import ONE, OWN, PLACES, WHOLE
from .vocabulary import merged
from .words import HUMP, IGNORED, phrases_of, pieces_of

__all__ = ["KEPT", "Entry", "entries_of", "kept", "plain"]

KEPT = Path(__file__).with_name("index") / "words.jsonl"
"""The words of the tools of this package, a line for each: the number of its texts, and its words."""

NAME, KEYWORDS, SUMMARY, RESOURCE, DESCRIPTION = 5.4, 1.2, 2.5, 1.2, 0.3
"""What a word weighs where it stands."""

MORE = 160
"""Characters of a description after its summary that are read."""

DENYING = ("never", "without", "but for", "no operation")
DENIED = re.compile(rf"(?:^|(?<=[.,;:]))[^.,;:]*\b(?:{'|'.join(DENYING)})\b[^.,;:]*")
"""What a text says that a tool does not do: nobody finds it by that."""

MAKING = frozenset(pieces_of("create delete"))
"""Verbs of tools that make or delete what their names end with."""

Words = tuple[list[str], dict[str, float], list[list[str]], list[str]]
"""The words of a tool's name, all with what they weigh, those of its keywords, and of what it does not do."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A tool with its words."""

    spec: Spec
    text: dict[str, float]
    """Its words, each with what it weighs."""
    names: frozenset[str]
    """The words of its name, but for those that say whose things it is for."""
    thing: str
    """What it makes or deletes, by the last word of its name; empty where it does neither."""
    keywords: tuple[frozenset[str], ...]
    """The words of each keyword that has two or more."""
    denied: frozenset[str]
    """The words of what its summary says that it does not do, where nothing else says that it does."""
    needs_id: bool
    """Whether its path names one thing."""
    level: str
    """Whose things it is for, where another one is the same for other ones': else empty."""


def entries_of(specs: Iterable[Spec]) -> list[Entry]:
    """Return an entry for each tool, in their order."""
    found = [(spec, *_twins(spec)) for spec in specs]
    levels: dict[Key, set[str]] = {}
    for _, key, level in found:
        levels.setdefault(key, set()).add(level)
    return [_entry(spec, level if len(levels[key]) > 1 else "") for spec, key, level in found]


@lru_cache(maxsize=4096)
def plain(text: str) -> frozenset[str]:
    """Return the words of a text as they are, so that one thing and several are not the same."""
    return frozenset(re.findall(r"[a-z0-9]+", HUMP.sub(" ", text).lower())) - {"devin"}


def kept(specs: Iterable[Spec]) -> str:
    """Return the text of the file of words for some tools."""
    rows = ([_number(spec), *_read(spec)] for spec in specs)
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)


@cache
def _kept() -> dict[int, Words]:
    """Return the words that are kept, by the number of the texts; none where the file is missing."""
    lines = KEPT.read_bytes().splitlines() if KEPT.is_file() else []
    return {number: words for number, *words in from_json(b"[" + b",".join(lines) + b"]")}


def _number(spec: Spec) -> int:
    """Return a number of the texts of a tool: that of any other texts is almost surely another."""
    texts = (spec.name, spec.resource, spec.summary, spec.description, *spec.keywords)
    return zlib.crc32("\n".join(texts).encode(errors="surrogatepass"))


def _read(spec: Spec) -> Words:
    """Return the words of a tool, read from its texts."""
    text: dict[str, float] = {}
    name = _said(pieces_of(spec.name))
    keywords = [_said(phrase) for phrase in phrases_of(",".join(spec.keywords))]
    fields = (
        (NAME, [name]),
        (KEYWORDS, keywords),
        (SUMMARY, _promised(spec.summary)),
        (DESCRIPTION, _promised(spec.description[len(spec.summary) :][:MORE])),
        (RESOURCE, [_said(pieces_of(spec.resource))]),
    )
    for weight, phrases in fields:
        for phrase in phrases:
            for word in phrase:
                text[word] = round(text.get(word, 0.0) + weight, 1)
    denied = sorted({*_denied(spec.summary)} - text.keys())
    return name, text, [keyword for keyword in keywords if len(keyword) > 1], denied


def _entry(spec: Spec, level: str) -> Entry:
    name, text, keywords, denied = _kept().get(_number(spec)) or _read(spec)
    return Entry(
        spec=spec,
        text=text,
        names=frozenset(name) - PLACES,
        thing=name[-1] if MAKING & {*name[:1]} else "",
        keywords=tuple(keyword for keyword in map(frozenset, keywords) if len(keyword) > 1),
        denied=frozenset(denied),
        needs_id=spec.route is not None and "{" in spec.route.path.replace("{org_id}/", ""),
        level=level,
    )


def _promised(text: str) -> Iterable[list[str]]:
    """Return the words of each part of a text that says what a tool does, not what it does not."""
    if any(word in text for word in DENYING):
        text = DENIED.sub("", text)
    return map(_said, phrases_of(text))


def _denied(text: str) -> Iterable[str]:
    """Return the words of each part of a text that says what a tool does not do."""
    if not any(word in text for word in DENYING):
        return ()
    return _said(pieces_of(" ".join(DENIED.findall(text))))


def _said(pieces: list[str]) -> list[str]:
    return [word for word in merged(pieces) if word not in IGNORED]


def _twins(spec: Spec) -> tuple[Key, str]:
    """Return what a tool does to which things, the same for its twins, and whose things they are.

    An enterprise has most of what an organisation has: for all of them, and for one of them.
    """
    if spec.route is None:
        return (spec.name, ""), OWN
    path = re.sub(r"^/v3\w*", "", spec.route.path)
    rest = re.sub(r"^/enterprise|/organizations/\{org_id\}", "", path) or path
    level = OWN if spec.scope != "enterprise" else ONE if "/organizations/{org_id}" in path else WHOLE
    verb = spec.name.removeprefix("devin_").partition("_")[0]
    return (re.sub(r"\{\w+", "{", rest), verb), level
