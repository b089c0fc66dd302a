"""Suggestions for an unknown name: the known names that are close to it, if any. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

__all__ = ["did_you_mean", "nearest", "one_of"]

MOST = 3

SAME_WORD = 0.8
"""How alike two words must be to be one, misspelled: `sesion` and `session` are, `nope` and `notes` not."""

SAME_WORDS = 0.66
"""Which part of the words of both names must have a partner: `list_session` is near `list_sessions`."""

PART_OF_NAME = 0.5
"""The same where each word that was given has one: `knowledge` is near `get_knowledge_note`."""

SAME_NAME = 0.85
"""How alike two names must be as a whole where their words are not: `gti_session` is near `get_session`."""

LONGEST = 100
"""Characters up to which a name is compared: a longer one is not a name, and comparing takes time."""


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that are close to one, the closest first; none when none is close.

    Words count in any order and case, however they are joined. The first word of all names, such as `devin`,
    is left out of account: it would make all of them alike.
    """
    names = list(dict.fromkeys(known))
    if not name or len(name) > LONGEST:
        return []
    words_of = {each: _words(each) for each in names}
    common = _first_of_all(words_of.values())
    given = _without(_words(name), common)
    scores = {each: _likeness(given, _without(words, common)) for each, words in words_of.items()}
    close = [each for each in names if scores[each] > (0, 0.0)]
    return sorted(close, key=lambda each: scores[each], reverse=True)[:MOST]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the question whether one of the nearest names was meant; an empty text when none is near."""
    near = nearest(name, known)
    return f"Did you mean {', '.join(near)}?" if near else ""


def one_of(name: str, known: Iterable[str], what: str) -> str:
    """Return the same question and all there are, for what is few; `what` is its name in the plural."""
    names = list(known)
    asked = did_you_mean(name, names)
    return f"{asked} The {what} are: {', '.join(names)}.".lstrip() if names else f"There are no {what}."


def _words(name: str) -> list[str]:
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return re.findall(r"[^\W_]+", apart.lower())


def _first_of_all(names: Iterable[Sequence[str]]) -> str | None:
    """Return the word that most names begin with: those of plugins may begin with another."""
    firsts = Counter(words[0] for words in names if len(words) > 1)
    if not firsts:
        return None
    word, count = firsts.most_common(1)[0]
    return word if count > 3 and count > firsts.total() / 2 else None


def _without(words: Sequence[str], first: str | None) -> Sequence[str]:
    return words[1:] if len(words) > 1 and words[0] == first else words


def _likeness(given: Sequence[str], other: Sequence[str]) -> tuple[float, float]:
    """Return how alike two names are: by their words, then as a whole; (0, 0) for what is not close."""
    if not given or not other:
        return 0, 0.0
    whole = _ratio("_".join(given), "_".join(other))
    left, found = list(other), 0.0
    for word in given:
        best = max(left, key=lambda each: _ratio(word, each), default="")
        if (ratio := _ratio(word, best)) >= SAME_WORD:
            left.remove(best)
            found += ratio
    by_words = 2 * found / (len(given) + len(other))
    pairs = len(other) - len(left)
    needed = PART_OF_NAME if pairs == len(given) else SAME_WORDS
    is_close = 2 * pairs >= needed * (len(given) + len(other))
    return (by_words, whole) if is_close or whole >= SAME_NAME else (0, 0.0)


def _ratio(one: str, other: str) -> float:
    from difflib import SequenceMatcher  # here, as only an error needs it

    return SequenceMatcher(None, one, other, autojunk=False).ratio()
