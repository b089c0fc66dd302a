"""A rule as a value: where it holds, why, how to mend, who says so, and a pure check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..export.providers.limits import Dialect
from ..schemas.traversal import JsonPath, Node
from .finding import Severity
from .listing import Listed


@dataclass(frozen=True, slots=True)
class Group:
    """The tools of a list that are judged by one dialect."""

    dialect: Dialect
    tools: Sequence[Listed]
    whole: Sequence[Listed]
    """Every tool of the list."""
    prefix: str = ""
    """What a client puts before each name."""


Fault = tuple[JsonPath, str]
"""Where, and what exactly: half a sentence that never repeats a value."""

Found = tuple[Listed | None, JsonPath, str]
Check = Callable[[Group], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a provider asks for."""

    id: str
    why: str
    mend: str
    sources: tuple[str, ...]
    check: Check
    errors: tuple[str, ...] = ()
    """The dialects in which breaking it is an error."""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def severity(self, dialect: str) -> Severity | None:
        """Return how bad it is to break the rule in a dialect; `None` where it does not hold."""
        if dialect in self.errors:
            return "error"
        if dialect in self.warnings:
            return "warning"
        return "note" if dialect in self.notes else None


def of_tools(check: Callable[[Listed, Group], Iterator[Fault]]) -> Check:
    """Make a check of a list from one of a tool."""

    def every(group: Group) -> Iterator[Found]:
        for tool in group.tools:
            for place, detail in check(tool, group):
                yield tool, place, detail

    return every


def of_nodes(check: Callable[[Node, Dialect], Iterator[Fault]]) -> Check:
    """Make a check of a list from one of a schema object inside an input schema."""

    def every(group: Group) -> Iterator[Found]:
        for tool in group.tools:
            for node in tool.walk.nodes:
                for place, detail in check(node, group.dialect):
                    yield tool, place, detail

    return every
