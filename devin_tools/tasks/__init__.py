"""Composed tools: what takes several requests, or a long time. One module each.

This package is also the built-in plugin, for the operations too; it comes through the same door as any other.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .. import api
from ..api.shared.discovery import exported, models_in, modules_in, tools_of
from ..hookspecs import hookimpl
from ..moved import moved_name
from ..tool import Tool

MODULES: tuple[ModuleType, ...] = modules_in(__name__, __path__)
MODELS = models_in(exported(MODULES))
"""What the root of the package exports of these: calls, outputs and their parts."""

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
    _exported = exported(MODULES)
    globals().update(_exported)
    __all__ = sorted(_exported)

    def __getattr__(name: str) -> Any:
        return moved_name(__name__, name)


@hookimpl
def devin_tools_provide_tools() -> Iterable[type[Tool[Any]]]:
    """Return every operation and every composed tool, in the order of the names of their modules."""
    return tools_of(sorted((*api.MODULES, *MODULES), key=lambda module: module.__name__.rpartition(".")[2]))
