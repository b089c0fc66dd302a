"""Who the key belongs to, and the one organisation of its enterprise."""

from __future__ import annotations

from typing import Any

from ...api import account
from ..clock import EPOCH
from ..paging import page_of_rows
from ..world import SERVICE_USER_ID, World


def get_self(world: World, call: account.GetSelf) -> dict[str, Any]:
    """Return the service user of this world."""
    return {
        "principal_type": "service_user",
        "service_user_id": SERVICE_USER_ID,
        "service_user_name": "devin-tools simulator",
        "org_id": world.org_id,
    }


def list_organizations(world: World, call: account.ListOrganizations) -> dict[str, Any]:
    """List the organisation of this world. Nothing in it comes near its limits."""
    organization = {
        "org_id": world.org_id,
        "name": "Simulated organisation",
        "created_at": int(EPOCH),
        "updated_at": int(EPOCH),
        "max_session_acu_limit": 1_000,
        "max_cycle_acu_limit": 100_000,
    }
    return page_of_rows(world.cut_page, [(0, organization)], call)
