"""The declarations: one module per resource, models first and tools after them.

This package is also the built-in plugin; it comes through the same door as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..hookspecs import hookimpl
from ..tool import Tool
from . import (
    account,
    attachments,
    create_session,
    messages,
    running,
    session_models,
    sessions,
    tags,
    waiting,
    waiting_for_many,
    watching,
)
from .account import *
from .attachments import *
from .create_session import *
from .messages import *
from .running import *
from .session_models import *
from .sessions import *
from .tags import *
from .waiting import *
from .waiting_for_many import *
from .watching import *

MODULES = (create_session, running, waiting, waiting_for_many, sessions, messages, attachments, tags, account)

if not TYPE_CHECKING:  # type checkers follow the star imports, and read no computed list
    __all__ = sorted({name for module in (*MODULES, session_models, watching) for name in module.__all__})


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
