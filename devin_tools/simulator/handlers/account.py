"""Who the key belongs to."""

from __future__ import annotations

from typing import Any

from ...api import account
from ..world import SERVICE_USER_ID, World

__all__ = ["HANDLERS"]


def get_self(world: World, call: account.GetSelf) -> dict[str, Any]:
    """Show the service user of this world."""
    return {
        "principal_type": "service_user",
        "service_user_id": SERVICE_USER_ID,
        "service_user_name": "devin-tools simulator",
        "org_id": world.org_id,
    }


HANDLERS = {account.GetSelf: get_self}
