"""What each tool does to the world: one module per resource, one short function per tool class.

A public function `(world, call)` of a module here handles the tool class that `call` is annotated with. This
package is a plugin too: a third party's tools bring their handlers through the same hook.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from inspect import isfunction
from typing import Any, get_type_hints

from ...hookspecs import Handler, hookimpl
from ...tool import Tool

__all__ = ["devin_tools_provide_handlers"]


@hookimpl
def devin_tools_provide_handlers() -> Mapping[type[Tool[Any]], Handler]:
    """Return the handlers of the built-in tools."""
    return handlers()


@cache
def handlers() -> dict[type[Tool[Any]], Handler]:
    """Return the handlers of all modules here by their tool classes."""
    found: dict[type[Tool[Any]], Handler] = {}
    for module in pkgutil.iter_modules(__path__):
        name = f"{__name__}.{module.name}"
        for function in vars(import_module(name)).values():
            if isfunction(function) and function.__module__ == name and not function.__name__.startswith("_"):
                tool = get_type_hints(function).get("call")
                if isinstance(tool, type) and issubclass(tool, Tool):
                    assert tool not in found, f"two handlers of {tool.__name__}"
                    found[tool] = function
    return found
