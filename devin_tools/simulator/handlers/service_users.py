"""Service users that are made in an organisation."""

from __future__ import annotations

from typing import Any

from ...api import service_users
from ..refusal import Refusal
from ..roles import ROLES, require_role
from ..service_users import provision
from ..world import World


def create_service_user(world: World, call: service_users.CreateServiceUser) -> dict[str, Any]:
    """Make one with a role here, and its first key; refuse a role that allows more than the asking key."""
    require_role(call.role_id, world.scope)
    if not all(world.principal.may(one, world.scope) for one in ROLES[call.role_id]["permissions"]):
        raise Refusal(403, "The role has permissions that this key lacks")
    return provision(world, call, world.scope)
