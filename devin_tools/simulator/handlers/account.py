"""Who the key belongs to."""

from __future__ import annotations

from typing import Any

from ...api import account
from ..world import World


def get_self(world: World, call: account.GetSelf) -> dict[str, Any]:
    """Return the service user that the key stands for."""
    principal = world.principal
    return {
        "principal_type": "service_user",
        "service_user_id": principal.service_user_id,
        "service_user_name": principal.name,
        "org_id": principal.org_id,
    }
