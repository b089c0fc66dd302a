"""What each tool does to the world: one module per resource, one short function per tool class.

A public function `(world, call)` of a module here handles the tool class that `call` is annotated with. This
package is a plugin too: a third party's tools bring their handlers through the same hook.
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
    """Return the handlers of the built-in tools; the module of a resource is imported by the first call."""
    routed = [spec for spec in read_index() if spec.route is not None]
    return {spec.name: partial(_handle, spec.resource, spec.name) for spec in routed}


def _handle(resource: str, name: str, world: Any, call: Tool[Any]) -> Any:
    return handlers_of(resource)[name](world, call)


@cache
def handlers_of(resource: str) -> dict[str, Handler]:
    """Return the handlers in the module of a resource by the names of their tools."""
    found: dict[str, Handler] = {}
    home = f"{__name__}.{resource}"
    for function in vars(import_module(home)).values():
        if isfunction(function) and function.__module__ == home and not function.__name__.startswith("_"):
            tool = get_type_hints(function).get("call")
            if isinstance(tool, type) and issubclass(tool, Tool):
                assert id_of(tool) not in found, f"two handlers of {tool.__name__}"
                found[id_of(tool)] = function
    return found
