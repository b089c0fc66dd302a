"""The organisations of the enterprise, and the groups of them that share a limit."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import organizations
from ...organization_rules import acu_limits, group_limits
from ...refusal import Refusal
from ...world import World

SETTABLE = ("name", "max_session_acu_limit", "max_cycle_acu_limit")


def list_organizations(world: World, call: organizations.ListOrganizations) -> dict[str, Any]:
    """List the organisations."""
    return world.organizations.page(world.cut_page, call)


def get_organization(world: World, call: organizations.GetOrganization) -> dict[str, Any]:
    """Return an organisation."""
    return world.organizations.find(call.org_id)


def create_organization(world: World, call: organizations.CreateOrganization) -> dict[str, Any]:
    """Create an organisation; what two of one name would be is not documented: here both are made."""
    org_id = f"org-{world.new_id()}"
    said = {name: getattr(call, name) for name in SETTABLE}
    times = {"created_at": int(world.now), "updated_at": int(world.now)}
    return world.organizations.add(org_id, {"org_id": org_id} | said | times)


def update_organization(world: World, call: organizations.UpdateOrganization) -> dict[str, Any]:
    """Change what a request names; null removes a limit."""
    organization = world.organizations.find(call.org_id)
    organization |= {name: getattr(call, name) for name in SETTABLE if name in call.model_fields_set}
    organization["updated_at"] = int(world.now)
    return organization


def delete_organization(world: World, call: organizations.DeleteOrganization) -> dict[str, Any]:
    """Delete an organisation with all that is in it, and take it out of what the enterprise has."""
    deleted = world.delete_organization(call.org_id)
    for group in group_limits(world).values():
        group["org_ids"] = [org_id for org_id in group["org_ids"] if org_id != call.org_id]
    if acu_limits(world).has(call.org_id):
        acu_limits(world).remove(call.org_id)
    return deleted


def get_group_limits(world: World, call: organizations.GetGroupLimits) -> dict[str, Any]:
    """Return the groups."""
    return {"groups": group_limits(world)}


def replace_group_limits(world: World, call: organizations.ReplaceGroupLimits) -> dict[str, Any]:
    """Replace all groups; refuse one of an organisation that is not there."""
    wanted: dict[str, dict[str, Any]] = {
        name: {"org_ids": list(group.org_ids), "max_cycle_acus": group.max_cycle_acus}
        for name, group in call.groups.items()
    }
    known = {organization["org_id"] for organization in world.organizations.all()}
    if unknown := {org_id for group in wanted.values() for org_id in group["org_ids"]} - known:
        raise Refusal(400, f"Unknown organizations: {', '.join(sorted(unknown))}")
    groups = group_limits(world)
    groups.clear()
    groups |= wanted
    return {"groups": groups}
