"""The tools that stand for all others in a list that stays short: one finds tools, two call what was found.

They are described and listed as any tool, and are in no catalog: `offer.Offer` answers their calls. An index
of their own says what they are, so that a list is made without their classes.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ..errors import Hint, UsageError
from ..flow import Flow
from ..tool import DESTROY, READ, Output, Spending, Tool

__all__ = ["META_TOOLS", "CallRead", "CallWrite", "FindTools", "FoundTool", "FoundTools"]

RESOURCE = "tools"
MOST = 20


def _answered_elsewhere(call: Tool[Any]) -> UsageError:
    return UsageError(
        f"{type(call).__name__} is a tool for models, answered where tools are offered.",
        hint=Hint(python="Use `dispatch`, an adapter or the MCP server; in Python, `search.finder.Finder`."),
    )


class FoundTool(Output):
    """A tool that was found."""

    name: str
    """Its name."""

    summary: str
    """What it does, in one sentence."""

    effect: str
    """What a call does to the world, and what it spends."""

    call_with: str
    """The tool to call it with: itself, or one that takes its name and its arguments."""

    input_schema: dict[str, Any] | None = None
    """The JSON Schema of its arguments. Left out where it would be too much at once: ask for the name."""


class FoundTools(Output):
    """The tools that were found, the best first."""

    tools: list[FoundTool]
    """The tools."""

    fits: bool
    """Whether the first one has most of what was asked for. If not, there may be no tool for it."""

    note: str
    """What to do with this."""


class FindTools(Tool[FoundTools]):
    """Find tools of Devin by what you want to do, or read the schemas of named ones.

    With neither a query nor names it lists the names of all tools by area.
    """

    resource = RESOURCE
    effect = READ

    query: Annotated[str, Field(max_length=2000)] | None = None
    """What you want to do, in a few words: `list open security findings`."""

    names: Annotated[list[str], Field(max_length=MOST)] | None = None
    """Names of tools whose arguments you want to see."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 5
    """How many tools to find at most."""

    def flow(self) -> Flow[FoundTools]:
        """Raise `UsageError`: who offers tools answers it."""
        raise _answered_elsewhere(self)


class _OfAnother(Tool[Output]):
    """A call of a tool that was found."""

    resource = RESOURCE

    name: str
    """The exact name of the tool."""

    arguments: dict[str, Any] = Field(default_factory=dict)
    """Its arguments, as its schema has them."""

    def flow(self) -> Flow[Output]:
        """Raise `UsageError`: who offers tools runs the one that is named."""
        raise _answered_elsewhere(self)


class CallRead(_OfAnother):
    """Call a tool that only reads, by its name.

    `devin_find_tools` shows the names and what arguments each tool takes.
    """

    effect = READ


class CallWrite(_OfAnother):
    """Call a tool that changes, destroys or spends, by its name.

    `devin_find_tools` shows the names, what arguments each tool takes, and what a call does.
    """

    effect = DESTROY.billable(Spending("parts"))


META_TOOLS: tuple[type[Tool[Any]], ...] = (FindTools, CallRead, CallWrite)
"""All of them, in the order of their index."""
