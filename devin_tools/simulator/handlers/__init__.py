"""What each tool does to the world: one short function per tool class, in a module named like the tool's.

A public function `(world, call)` handles the tool class that `call` is annotated with. This package is a
plugin too: a third party's tools bring their handlers through the same hook.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from importlib import import_module
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
    routed = [spec for spec in read_index() if spec.route is not None]
    return {spec.name: partial(_handle, spec.module.rpartition(".api.")[2], spec.name) for spec in routed}


def _handle(module: str, name: str, world: Any, call: Tool[Any]) -> Any:
    return handlers_of(module)[name](world, call)


@cache
def handlers_of(module: str) -> dict[str, Handler]:
    """Return the handlers in a module of this package by the names of their tools."""
    found: dict[str, Handler] = {}
    home = f"{__name__}.{module}"
    for function in vars(import_module(home)).values():
        if isfunction(function) and function.__module__ == home and not function.__name__.startswith("_"):
            tool = get_type_hints(function).get("call")
            if isinstance(tool, type) and issubclass(tool, Tool):
                assert id_of(tool) not in found, f"two handlers of {tool.__name__}"
                found[id_of(tool)] = function
    return found
