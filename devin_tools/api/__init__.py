"""The operations of the API: one module per resource, models first and tools after them."""

from __future__ import annotations

import warnings
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .shared.discovery import exported, modules_in

MODULES: tuple[ModuleType, ...] = modules_in(__name__, __path__)

if TYPE_CHECKING:  # type checkers read imports, and no computed list; `devin-tools generate` writes them
    # generated:modules
    from .account import *
    from .attachments import *
    from .consumption import *
    from .create_session import *
    from .insights import *
    from .knowledge import *
    from .members import *
    from .messages import *
    from .metrics import *
    from .playbooks import *
    from .repositories import *
    from .reviews import *
    from .schedule_models import *
    from .schedules import *
    from .secrets import *
    from .session_models import *
    from .sessions import *
    from .tags import *
    # end
else:
    _exported = exported(MODULES)
    globals().update(_exported)
    __all__ = sorted(_exported)

    def __getattr__(name: str) -> Any:
        """Composed tools were here up to version 0.1; remove this with 0.3."""
        from .. import tasks

        if name not in tasks.__all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        warnings.warn(f"{name} is in devin_tools.tasks now.", DeprecationWarning, stacklevel=2)
        return getattr(tasks, name)
