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
from typing import TYPE_CHECKING, Any, get_type_hints

from ...codec import id_of
from ...hookspecs import Handler, hookimpl
from ...tool import Tool
from ...tool_index import read_index

if TYPE_CHECKING:
    from ..world import World

__all__ = ["devin_tools_provide_handlers"]


@hookimpl
def devin_tools_provide_handlers() -> Mapping[str, Handler]:
    """Return the handlers of the built-in tools; a module of theirs is imported by its first call."""
    return {spec.name: _handle for spec in read_index() if spec.route is not None}


def _handle(world: World, call: Tool[Any]) -> Any:
    """Handle a call. A handler of another tool, of an organisation, handles it for that in the path."""
    tool = type(call)
    home = home_of(tool)
    handler = handlers_of(_module_of(home))[id_of(home)]
    if home.route is tool.route or not (tool.route and "{org_id}" in tool.route.path):
        return handler(world, call)
    org_id: str = vars(call)["org_id"]
    world.organizations.find(org_id)
    with world.within(org_id):
        return handler(world, call)


def home_of(tool: type[Tool[Any]]) -> type[Tool[Any]]:
    """Return the tool whose handler handles this one: itself, or else the nearest that it derives from.

    So what an enterprise does as its organisations do needs no handler of its own.
    """
    for kind in tool.__mro__:
        if vars(kind).get("route") is not None and id_of(kind) in handlers_of(_module_of(kind)):
            return kind
    raise LookupError(f"{tool.__name__} has no handler")


def _module_of(tool: type[Tool[Any]]) -> str:
    return tool.__module__.rpartition(".api.")[2]


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
