"""Namespaces: groups of few tools, for providers whose models see groups before they see tools. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import chain, count, zip_longest

from ..spec import Spec

__all__ = ["MOST_IN_A_NAMESPACE", "leading_words", "namespaces"]

MOST_IN_A_NAMESPACE = 9
"""OpenAI advises fewer than 10 functions in one (guide on tool search, read in November 2026)."""

MOST_WORDS = 56
"""Characters that describe a namespace: a model is shown all of these before it has found anything."""


def namespaces(specs: Iterable[Spec]) -> dict[str, list[Spec]]:
    """Return tools by the name of their namespace, each its own, and none the name of one of the tools.

    One holds the tools of a resource; where these are too many, those that read and those that do more are
    apart, and where they still are, some in each part, in the order given.
    """
    given = list(specs)
    taken = {spec.name for spec in given}
    resources: dict[str, list[Spec]] = {}
    for spec in given:
        resources.setdefault(spec.resource, []).append(spec)
    found: dict[str, list[Spec]] = {}
    for resource, members in resources.items():
        for ending, part in _parts(members):
            found[_free(f"devin_{resource}{ending}", taken | found.keys())] = part
    return found


def _free(name: str, taken: Container[str]) -> str:
    """Return a name that nothing has: a plugin may call a resource as a part of another is called."""
    more = (f"{name}_tools_{number}" for number in count(2))
    return next(tried for tried in chain([name, f"{name}_tools"], more) if tried not in taken)


def leading_words(specs: Iterable[Spec]) -> str:
    """Return in one short line what people say who want one of the tools: a keyword of each in turn.

    Of tools without keywords, the words of their names.
    """
    found: list[str] = []
    said = [spec.keywords or (spec.name.replace("_", " "),) for spec in specs]
    for words in (word for turn in zip_longest(*said) for word in turn if word):
        if words not in found and sum(map(len, found)) + 2 * len(found) + len(words) <= MOST_WORDS:
            found.append(words)
    return ", ".join(found)


def _parts(members: list[Spec]) -> list[tuple[str, list[Spec]]]:
    """Return the parts of the tools of a resource, each with how its name ends."""
    if len(members) <= MOST_IN_A_NAMESPACE:
        return [("", members)]
    kinds = {
        "_read": [spec for spec in members if spec.effect.only_reads],
        "_change": [spec for spec in members if not spec.effect.only_reads],
    }
    return [part for ending, some in kinds.items() for part in _slices(ending, some)]


def _slices(ending: str, members: list[Spec]) -> list[tuple[str, list[Spec]]]:
    """Return members in slices of about one length, none of them too long."""
    count = -(-len(members) // MOST_IN_A_NAMESPACE)
    if count == 1:
        return [(ending, members)]
    size = -(-len(members) // count) if count else 1
    starts = range(0, len(members), size)
    return [(f"{ending}_{number}", members[start : start + size]) for number, start in enumerate(starts, 1)]
