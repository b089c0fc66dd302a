"""The roles: the same few in every world."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import roles
from ...paging import page_of_rows
from ...refusal import Refusal
from ...roles import ROLES, plain
from ...world import World


def list_roles(world: World, call: roles.ListRoles) -> dict[str, Any]:
    """List the roles."""
    return page_of_rows(world.cut_page, enumerate(plain(role_id) for role_id in ROLES), call)


def get_role(world: World, call: roles.GetRole) -> dict[str, Any]:
    """Return a role with its permissions."""
    if call.role_id not in ROLES:
        raise Refusal(404, "Role not found")
    return ROLES[call.role_id]
