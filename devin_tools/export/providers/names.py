"""Names that fit beside the prefix a client puts before them. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from ...errors import UsageError
from ...spec import MAX_NAME, Spec

FAMILY = "devin_"
SHORTEST_WORD = 3
DIGITS = 4
"""How many characters of a digest tell two shortened names apart."""
LEAST_ROOM = DIGITS + 2
LETTERS = 8
"""How many times the room of a name is looked at: lists of others hold names of any length."""


@dataclass(frozen=True)
class Aliases:
    """What each tool is called, and the way back."""

    names: dict[str, str]
    """The name to offer, for every tool id; its own where that fits."""

    @property
    def ids(self) -> dict[str, str]:
        """The tool id, for every name that is offered."""
        return {name: tool for tool, name in self.names.items()}


def aliases(specs: Iterable[Spec], prefix: str = "") -> Aliases:
    """Choose a unique name for each tool that, after a client's prefix, has at most 64 characters.

    A client that calls its servers' tools `mcp__devin__...` leaves 52 characters.
    """
    return Aliases(shortened([spec.name for spec in specs], MAX_NAME - len(prefix)))


def shortened(names: Iterable[str], room: int) -> dict[str, str]:
    """Map each name to itself, or to a shorter one where it is too long; raise `UsageError` without room."""
    if room < LEAST_ROOM:
        raise UsageError(f"The prefix leaves fewer than {LEAST_ROOM} characters for a name.")
    names = list(names)
    taken = {name for name in names if len(name) <= room}
    chosen = {}
    for name in names:
        chosen[name] = name if name in taken else _short(name, room, taken)
        taken.add(chosen[name])
    return chosen


def _short(name: str, room: int, taken: set[str]) -> str:
    """Drop the family's name, then letters from the longest words, until it fits and is free."""
    words = re.split(r"([_\W]+)", name.removeprefix(FAMILY)[: LETTERS * room])
    places = range(0, len(words), 2)
    while sum(map(len, words)) > room and max(len(words[place]) for place in places) > SHORTEST_WORD:
        longest = max(places, key=lambda place: len(words[place]))
        words[longest] = words[longest][:-1]
    short = "".join(words)
    if len(short) <= room and short not in taken:
        return short
    head = short[: room - DIGITS - 1].rstrip("_")
    tries = (f"{head}_{_digest(name, attempt)}" for attempt in count())
    return next(tried for tried in tries if tried not in taken)


def _digest(name: str, attempt: int) -> str:
    return hashlib.sha256(f"{name} {attempt}".encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
