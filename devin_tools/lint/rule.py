"""A rule as a value: where it holds, why, how to mend, who says so, and a pure check."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict, Unpack

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


About = tuple[str, str, str, tuple[str, ...]]
"""Of a rule: its id, why, how to mend, and its sources."""


class Severities(TypedDict, total=False):
    """The dialects in which a rule holds."""

    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


ToolCheck = Callable[[Listed, Group], Iterator[Fault]]
NodeCheck = Callable[[Node, Dialect], Iterator[Fault]]


def list_rule(*about: *About, **severities: Unpack[Severities]) -> Callable[[Check], Rule]:
    """Make a rule of a check of a whole list."""
    return lambda check: Rule(*about, check, **severities)


def tool_rule(*about: *About, **severities: Unpack[Severities]) -> Callable[[ToolCheck], Rule]:
    """Make a rule of a check of one tool."""
    return lambda check: Rule(*about, every_tool(check), **severities)


def node_rule(
    *about: *About, outputs: bool = False, **severities: Unpack[Severities]
) -> Callable[[NodeCheck], Rule]:
    """Make a rule of a check of one schema object inside an input schema, or with `outputs` in both schemas.

    An output schema is sent to nobody but those whom a list of its form is for.
    """

    def of_nodes(check: NodeCheck) -> Rule:
        def of_tool(tool: Listed, group: Group) -> Iterator[Fault]:
            walks = [tool.walk]
            if outputs and tool.is_for(group.dialect):
                walks.append(tool.output_walk)
            for node in (node for walk in walks for node in walk.nodes):
                yield from check(node, group.dialect)

        return Rule(*about, every_tool(of_tool), **severities)

    return of_nodes


def every_tool(check: ToolCheck) -> Check:
    """Make a check of a list from one of a tool."""

    def of_list(group: Group) -> Iterator[Found]:
        for tool in group.tools:
            for path, detail in check(tool, group):
                yield tool, path, detail

    return of_list
