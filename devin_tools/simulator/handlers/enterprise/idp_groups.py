"""Groups of the identity provider: registered by name, then given roles in the enterprise and below."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import idp_groups
from ...people import GROUPS, register
from ...refusal import Refusal
from ...roles import assignments, change, give, require_holder, take, take_all
from ...world import World

Group = dict[str, Any]


def list_registered_idp_groups(world: World, call: idp_groups.ListRegisteredIdpGroups) -> dict[str, Any]:
    """List the groups that are registered."""
    return world.store(GROUPS, None).page(world.cut_page, call)


def register_idp_groups(world: World, call: idp_groups.RegisterIdpGroups) -> list[Group]:
    """Register groups; those that are there stay as they are."""
    return [register(world, name) for name in dict.fromkeys(call.idp_group_names)]


def unregister_idp_group(world: World, call: idp_groups.UnregisterIdpGroup) -> Group:
    """Forget a group with all roles that people had by it."""
    was = world.store(GROUPS, None).remove(call.idp_group_name)
    take_all(world, GROUPS, call.idp_group_name)
    return was


def list_idp_groups(world: World, call: idp_groups.ListIdpGroups) -> dict[str, Any]:
    """List the groups with roles anywhere."""
    return _page(world, call)


def get_idp_group(world: World, call: idp_groups.GetIdpGroup) -> Group:
    """Return a group with all its roles."""
    return _find(world, call.idp_group_name)


def assign_idp_group_role(world: World, call: idp_groups.AssignIdpGroupRole) -> Group:
    """Let a group have a role in the enterprise."""
    _require_registered(world, call.idp_group_name)
    give(world, GROUPS, call.idp_group_name, call.role_id, None)
    return _shown(world, call.idp_group_name)


def update_idp_group(world: World, call: idp_groups.UpdateIdpGroup) -> Group:
    """Change the role of a group in the enterprise."""
    _require_registered(world, call.idp_group_name)
    change(world, GROUPS, call.idp_group_name, call.role_id, None)
    return _shown(world, call.idp_group_name)


def remove_idp_group(world: World, call: idp_groups.RemoveIdpGroup) -> Group:
    """Take all roles of a group away; return what it was."""
    was = _find(world, call.idp_group_name)
    take_all(world, GROUPS, call.idp_group_name)
    return was


def list_organization_idp_groups(world: World, call: idp_groups.ListOrganizationIdpGroups) -> dict[str, Any]:
    """List the groups with a role in an organisation."""
    return _page(world, call, _organization(world, call))


def get_organization_idp_group(world: World, call: idp_groups.GetOrganizationIdpGroup) -> Group:
    """Return a group with its role in an organisation."""
    return _find(world, call.idp_group_name, _organization(world, call))


def add_organization_idp_group(world: World, call: idp_groups.AddOrganizationIdpGroup) -> Group:
    """Let a group have a role in an organisation."""
    org_id = _organization(world, call)
    _require_registered(world, call.idp_group_name)
    give(world, GROUPS, call.idp_group_name, call.role_id, org_id)
    return _shown(world, call.idp_group_name, org_id)


def update_organization_idp_group(world: World, call: idp_groups.UpdateOrganizationIdpGroup) -> Group:
    """Change the role of a group in an organisation."""
    org_id = _organization(world, call)
    _require_registered(world, call.idp_group_name)
    change(world, GROUPS, call.idp_group_name, call.role_id, org_id)
    return _shown(world, call.idp_group_name, org_id)


def remove_organization_idp_group(world: World, call: idp_groups.RemoveOrganizationIdpGroup) -> Group:
    """Take the role of a group in an organisation away; return what it was."""
    org_id = _organization(world, call)
    require_holder(world, GROUPS, call.idp_group_name, org_id)
    was = _shown(world, call.idp_group_name, org_id)
    take(world, GROUPS, call.idp_group_name, org_id)
    return was


def _organization(world: World, call: Any) -> str:
    """Return the id of the organisation that a call is about; refuse an unknown one with 404."""
    return str(world.organizations.find(call.org_id)["org_id"])


def _require_registered(world: World, name: str) -> None:
    """Refuse with 404 a group that nobody registered."""
    world.store(GROUPS, None).find(name)


def _shown(world: World, name: str, *of: str | None) -> Group:
    """Return a group with its roles everywhere, or in the scopes `of`."""
    return {"idp_group_name": name, "role_assignments": assignments(world, GROUPS, name, *of)}


def _find(world: World, name: str, *of: str | None) -> Group:
    """Return a group that has a role; refuse another with 404."""
    _require_registered(world, name)
    found = _shown(world, name, *of)
    if not found["role_assignments"]:
        raise Refusal(404, "IdP group has no role here")
    return found


def _page(world: World, call: Any, *of: str | None) -> dict[str, Any]:
    """Cut a page of the groups with roles, everywhere or in the scopes `of`."""

    def has_any(group: Group) -> bool:
        return bool(assignments(world, GROUPS, group["idp_group_name"], *of))

    page = world.store(GROUPS, None).page(world.cut_page, call, has_any)
    return {**page, "items": [_shown(world, group["idp_group_name"], *of) for group in page["items"]]}
