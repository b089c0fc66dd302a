"""Composed tools: what takes several requests, or a long time. One module each.

This package is also the built-in plugin, for the operations too; it comes through the same door as any other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .. import api
from ..hookspecs import hookimpl
from ..public_names import HELPERS, MODELS, lazy_names, names_in

if TYPE_CHECKING:
    from ..tool import Tool


def modules() -> tuple[ModuleType, ...]:
    """Import the modules of every composed tool."""
    from ..api.shared.discovery import modules_in

    return modules_in(sys.modules[__name__])


if TYPE_CHECKING:  # type checkers read imports, and no computed list; `devin-tools generate` writes them
    # generated:modules
    from .download_attachments import *
    from .fan_out import *
    from .fix_bug import *
    from .hand_off import *
    from .review_pull_request import *
    from .run_task import *
    from .session_events import *
    from .wait_session import *
    from .wait_sessions import *
    # end
else:
    __all__ = sorted(names_in(MODELS, "tasks.") | names_in(HELPERS, "tasks."))
    __getattr__ = lazy_names(__name__)


@hookimpl
def devin_tools_provide_tools() -> Iterable[type[Tool[Any]]]:
    """Return every operation and every composed tool, in the order of the names of their modules."""
    from ..api.shared.discovery import tools_of

    every = (*api.modules(), *modules())
    return tools_of(sorted(every, key=lambda module: module.__name__.rpartition(".")[2]))
