"""The declarations: one module per resource, models first and tools after them.

This package is also the built-in plugin; it comes through the same door as any other. A module is
found by being here, so that a new one is written in no list.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..hookspecs import hookimpl
from ..tool import Tool

INSIDE = frozenset(
    {"fan", "fields", "merging", "once", "outcomes", "structured", "template", "times", "typed_tasks"}
)
"""Modules that declare no tool and no output: what the others are made of."""

NAMES = tuple(found.name for found in pkgutil.iter_modules(__path__) if found.name not in INSIDE)
MODULES = tuple(import_module(f"{__name__}.{name}") for name in NAMES)

if TYPE_CHECKING:  # type checkers read imports, and no computed list; `devin-tools generate` writes them
    # generated:modules
    from .account import *
    from .attachments import *
    from .consumption import *
    from .create_session import *
    from .downloads import *
    from .fanned_out import *
    from .fanning_out import *
    from .fixing import *
    from .handing_off import *
    from .insights import *
    from .knowledge import *
    from .members import *
    from .messages import *
    from .metrics import *
    from .playbooks import *
    from .repositories import *
    from .reviewing import *
    from .reviews import *
    from .running import *
    from .schedule_models import *
    from .schedules import *
    from .secrets import *
    from .session_models import *
    from .sessions import *
    from .tags import *
    from .waiting import *
    from .waiting_for_many import *
    from .watching import *
    # end
else:
    _exported = {name: getattr(module, name) for module in MODULES for name in module.__all__}
    globals().update(_exported)
    __all__ = sorted(_exported)


def _tools_in(module: ModuleType) -> Iterator[type[Tool[Any]]]:
    """Find the tools a module declares, in the order of its text.

    Only classes whose own body has a route or a flow count: pydantic parks its `Tool[Session]`
    helper classes in the module too.
    """
    for value in vars(module).values():
        is_tool = isinstance(value, type) and issubclass(value, Tool)
        if is_tool and value.__module__ == module.__name__ and {"route", "flow"} & vars(value).keys():
            yield value


@hookimpl
def devin_tools_provide_tools() -> Iterable[type[Tool[Any]]]:
    """Give every tool of the Devin API."""
    return [tool for module in MODULES for tool in _tools_in(module)]
