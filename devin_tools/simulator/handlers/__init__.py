"""What each tool does to the world: one short function per tool class, in a module named like the tool's.

A public function `(world, call)` handles the tool class that `call` is annotated with, and those that derive
from it and have none of their own. This package is a plugin too: a third party's tools bring their handlers
through the same hook.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from inspect import isfunction
from typing import Any, get_type_hints

from ...codec import id_of
from ...hookspecs import Handler, hookimpl
from ...tool import Tool
from ...tool_index import read_index

__all__ = ["devin_tools_provide_handlers"]


@hookimpl
def devin_tools_provide_handlers() -> Mapping[str, Handler]:
    """Return the handlers of the built-in tools; a module of theirs is imported by its first call."""
    return {spec.name: _handle for spec in read_index() if spec.route is not None}


def _handle(world: Any, call: Tool[Any]) -> Any:
    return handler_of(type(call))(world, call)


def handler_of(tool: type[Tool[Any]]) -> Handler:
    """Return the handler of a tool, or else that of the tool it derives from.

    So what an enterprise does as its organisations do needs none of its own: the world knows the scope.
    """
    for kind in tool.__mro__:
        if vars(kind).get("route") is None:
            continue
        found = handlers_of(kind.__module__.rpartition(".api.")[2])
        if (handler := found.get(id_of(kind))) is not None:
            return handler
    raise LookupError(f"{tool.__name__} has no handler")


@cache
def handlers_of(module: str) -> dict[str, Handler]:
    """Return the handlers in a module of this package by the names of their tools."""
    found: dict[str, Handler] = {}
    home = f"{__name__}.{module}"
    if find_spec(home) is None:
        return found
    for function in vars(import_module(home)).values():
        if isfunction(function) and function.__module__ == home and not function.__name__.startswith("_"):
            tool = get_type_hints(function).get("call")
            if isinstance(tool, type) and issubclass(tool, Tool):
                assert id_of(tool) not in found, f"two handlers of {tool.__name__}"
                found[id_of(tool)] = function
    return found
