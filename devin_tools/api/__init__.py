"""The operations of the API: one module per resource, models first and tools after them."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

from ..public_names import HELPERS, MODELS, lazy_names, names_in


def modules() -> tuple[ModuleType, ...]:
    """Import the modules of every resource."""
    from .shared.discovery import modules_in

    return modules_in(sys.modules[__name__])


if TYPE_CHECKING:  # type checkers read imports, and no computed list; `devin-tools generate` writes them
    # generated:modules
    from .account import *
    from .attachments import *
    from .automation import *
    from .automation_parts import *
    from .automations import *
    from .blueprints import *
    from .builds import *
    from .code_scan_profiles import *
    from .code_scans import *
    from .consumption import *
    from .create_session import *
    from .enterprise.acu_limits import *
    from .enterprise.api_keys import *
    from .enterprise.audit_logs import *
    from .enterprise.blueprints import *
    from .enterprise.code_scan_profiles import *
    from .enterprise.code_scans import *
    from .enterprise.consumption import *
    from .enterprise.git import *
    from .enterprise.guardrails import *
    from .enterprise.idp_groups import *
    from .enterprise.infrastructure import *
    from .enterprise.ip_access import *
    from .enterprise.knowledge import *
    from .enterprise.metrics import *
    from .enterprise.organization_tags import *
    from .enterprise.organizations import *
    from .enterprise.playbooks import *
    from .enterprise.reviews import *
    from .enterprise.roles import *
    from .enterprise.service_users import *
    from .enterprise.sessions import *
    from .enterprise.users import *
    from .insights import *
    from .knowledge import *
    from .members import *
    from .messages import *
    from .metrics import *
    from .outposts import *
    from .playbooks import *
    from .repositories import *
    from .reviews import *
    from .schedules import *
    from .secrets import *
    from .service_users import *
    from .session import *
    from .sessions import *
    from .tags import *
    # end
else:
    __all__ = sorted(names_in(MODELS, "api.") | names_in(HELPERS, "api."))
    __getattr__ = lazy_names(
        __name__,
        ("schedules", ("AGENTS", "NOTIFY", "TYPES")),
        ("sessions", ("CATEGORIES", "MODES", "ORIGINS", "SESSION", "SESSIONS")),
    )

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
