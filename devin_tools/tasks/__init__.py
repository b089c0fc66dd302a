"""Composed tools: what takes several requests, or a long time. One module each.

This package is also the built-in plugin, for the operations too; it comes through the same door as any other.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING

from ..hookspecs import hookimpl
from ..public_names import HELPERS, MODELS, lazy_names, names_in

if TYPE_CHECKING:
    from ..spec import Spec


def modules() -> tuple[ModuleType, ...]:
    """Import the modules of every composed tool."""
    from ..api.shared.discovery import modules_in

    return modules_in(sys.modules[__name__])


if TYPE_CHECKING:  # type checkers read imports, and no computed list; `devin-tools generate` writes them
    # generated:modules
    from .download_attachments import *
    from .export_audit_logs import *
    from .fan_out import *
    from .fix_bug import *
    from .hand_off import *
    from .report_spend import *
    from .review_pull_request import *
    from .rotate_key import *
    from .run_task import *
    from .session_events import *
    from .spend_figures import *
    from .wait_session import *
    from .wait_sessions import *
    # end
else:
    __all__ = sorted(names_in(MODELS, "tasks.") | names_in(HELPERS, "tasks."))
    __getattr__ = lazy_names(__name__)


@hookimpl
def devin_tools_provide_tools() -> Iterable[Spec]:
    """Return every operation and every composed tool."""
    from ..tool_index import read_index

    return read_index()
