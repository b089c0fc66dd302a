"""Service users of the enterprise, and their roles in it and in its organisations."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import service_users
from ... import roles
from ...service_users import NOUN, find_there, page, provision, shown
from ...service_users import service_users as all_of
from ...world import World


def list_service_users(world: World, call: service_users.ListServiceUsers) -> dict[str, Any]:
    """List them."""
    return page(world, call)


def get_service_user(world: World, call: service_users.GetServiceUser) -> dict[str, Any]:
    """Return one, be it removed."""
    return shown(world, all_of(world).find(call.service_user_id))


def assign_service_user_role(world: World, call: service_users.AssignServiceUserRole) -> dict[str, Any]:
    """Add the first role in the enterprise."""
    user = find_there(world, call.service_user_id)
    roles.give(world, NOUN, call.service_user_id, call.role_id, None)
    return shown(world, user)


def update_service_user(world: World, call: service_users.UpdateServiceUser) -> dict[str, Any]:
    """Put another role in the enterprise."""
    user = find_there(world, call.service_user_id)
    roles.change(world, NOUN, call.service_user_id, call.role_id, None)
    return shown(world, user)


def remove_service_user(world: World, call: service_users.RemoveServiceUser) -> dict[str, Any]:
    """Remove one, with whatever roles it has: its keys stand for nobody from now on."""
    user = find_there(world, call.service_user_id)
    user["deleted_at"] = int(world.now)
    return shown(world, user)


def list_organization_service_users(
    world: World, call: service_users.ListOrganizationServiceUsers
) -> dict[str, Any]:
    """List those with a role in an organisation."""
    world.organizations.find(call.org_id)
    there = set(roles.holders(world, NOUN, call.org_id)) if all_of(world) else set()
    return page(world, call, lambda user: user["service_user_id"] in there)


def add_organization_service_user(
    world: World, call: service_users.AddOrganizationServiceUser
) -> dict[str, Any]:
    """Add the first role in an organisation."""
    world.organizations.find(call.org_id)
    user = find_there(world, call.service_user_id)
    roles.give(world, NOUN, call.service_user_id, call.role_id, call.org_id)
    return shown(world, user)


def update_organization_service_user(
    world: World, call: service_users.UpdateOrganizationServiceUser
) -> dict[str, Any]:
    """Put another role in an organisation."""
    world.organizations.find(call.org_id)
    user = find_there(world, call.service_user_id)
    roles.change(world, NOUN, call.service_user_id, call.role_id, call.org_id)
    return shown(world, user)


def remove_organization_service_user(
    world: World, call: service_users.RemoveOrganizationServiceUser
) -> dict[str, Any]:
    """Take the role in an organisation away; return what it was."""
    world.organizations.find(call.org_id)
    was = shown(world, find_there(world, call.service_user_id))
    roles.take(world, NOUN, call.service_user_id, call.org_id)
    return was


def create_enterprise_service_user(
    world: World, call: service_users.CreateEnterpriseServiceUser
) -> dict[str, Any]:
    """Make one with a role in the enterprise, and its first key."""
    return provision(world, call, None)
