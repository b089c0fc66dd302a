"""What each tool does to the world: one module per resource, one short function per tool class.

This package is a plugin too: a third party's tools bring their handlers through the same hook.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ...hookspecs import Handler, hookimpl
from ...tool import Tool

__all__ = ["devin_tools_provide_handlers"]


@hookimpl
def devin_tools_provide_handlers() -> Mapping[type[Tool[Any]], Handler]:
    """Return the handlers of the built-in tools: the table `HANDLERS` of every module here."""
    modules = [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    return {tool: handler for module in modules for tool, handler in module.HANDLERS.items()}
