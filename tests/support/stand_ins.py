"""Stand-ins: copies of the built-in tools under other names and paths, as many as are asked for.

`pytest --tools 235` shows what the tests would cost with that many tools. Tests that compare with committed
files fail then, which is expected: the run is for its time, not for its outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count, islice
from typing import Any

from devin_tools.catalog import BUILT_IN
from devin_tools.codec import id_of
from devin_tools.hookspecs import Handler, hookimpl
from devin_tools.tool import Tool
from devin_tools.tool_index import read_index

__all__ = ["devin_tools_provide_handlers", "devin_tools_provide_tools", "join", "stood_for"]

WORDS = ("Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth")
WANTED = 0
MADE: dict[type[Tool[Any]], type[Tool[Any]]] = {}
"""Stand-ins, with what each stands in for."""


def join(total: int) -> None:
    """Let every catalog that is loaded from now on have this many tools."""
    global WANTED
    WANTED = total
    BUILT_IN["stand-ins"] = __name__


@hookimpl
def devin_tools_provide_tools() -> Iterable[type[Tool[Any]]]:
    """Return the stand-ins."""
    if not MADE:
        originals = [spec.tool for spec in read_index()]
        copies = ((tool, number) for number in count() for tool in originals)
        for tool, number in islice(copies, max(0, WANTED - len(originals))):
            MADE[_copy(tool, WORDS[number])] = tool
    return list(MADE)


@hookimpl
def devin_tools_provide_handlers() -> Mapping[type[Tool[Any]], Handler]:
    """Return the handlers of the tools that they stand in for."""
    from devin_tools.simulator import handlers

    own = handlers.devin_tools_provide_handlers()
    return {copy: own[id_of(tool)] for copy, tool in MADE.items() if id_of(tool) in own}


def stood_for(name: str) -> str:
    """Return the name of the tool that a stand-in copies, or its own name for a tool that is not a copy."""
    start, _, word = name.rpartition("_")
    return start if MADE and word.title() in WORDS else name


def _copy(tool: type[Tool[Any]], word: str) -> type[Tool[Any]]:
    parts: dict[str, Any] = {
        "__doc__": tool.__doc__,
        "__module__": tool.__module__,
        "resource": tool.resource,
        "__annotations__": {},
        "model_config": {"use_attribute_docstrings": False},  # a copy has no source to read them in
    }
    if tool.route is not None:
        version, _, rest = tool.route.path.removeprefix("/").partition("/")
        parts["route"] = replace(tool.route, path=f"/{version}/{word.lower()}/{rest}")
    return type(f"{tool.__name__}{word}", (tool,), parts)
