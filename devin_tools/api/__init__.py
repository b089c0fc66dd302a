"""The operations of the API: one module per resource, models first and tools after them."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..moved import moved_name
from .shared.discovery import exported, models_in, modules_in

MODULES: tuple[ModuleType, ...] = modules_in(__name__, __path__)
MODELS = models_in(exported(MODULES))
"""What the root of the package exports of these: calls, outputs and their parts."""

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
    from .schedules import *
    from .secrets import *
    from .sessions import *
    from .tags import *
    # end
else:
    from .schedules import AGENTS, NOTIFY, TYPES  # noqa: F401
    from .sessions import CATEGORIES, MODES, ORIGINS, SESSION, SESSIONS  # noqa: F401

    _exported = exported(MODULES)
    globals().update(_exported)
    __all__ = sorted(_exported)

    def __getattr__(name: str) -> Any:
        return moved_name(__name__, name)
