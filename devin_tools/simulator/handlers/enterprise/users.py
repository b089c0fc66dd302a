"""The people of the enterprise and of its organisations: invited, given roles, removed."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import users
from ... import people
from ...roles import by_groups, change, give, put, require_holder, require_role, take
from ...world import World
from ..members import page_of_people, people_by_groups, people_in


def list_enterprise_users(world: World, call: users.ListEnterpriseUsers) -> dict[str, Any]:
    """List everybody."""
    return page_of_people(world, call, bool, lambda user: people.as_enterprise_user(world, user))


def get_enterprise_user(world: World, call: users.GetEnterpriseUser) -> dict[str, Any]:
    """Return one person."""
    user = people.as_enterprise_user(world, people.users(world).find(call.user_id))
    return {**user, "idp_role_assignments": by_groups(world, call.user_id)}


def invite_users(world: World, call: users.InviteUsers) -> list[dict[str, Any]]:
    """Add people by their addresses; who is there already stays as they are, as nothing says otherwise."""
    require_role(call.enterprise_role_id, None)
    found = [_invited(world, email, call.enterprise_role_id) for email in dict.fromkeys(call.emails)]
    return [people.as_user(world, user) for user in found]


def _invited(world: World, email: str, role_id: str) -> dict[str, Any]:
    everybody = people.users(world)
    for user in everybody.all():
        if user["email"].lower() == email.lower():
            return user
    user_id = f"email|{world.new_id()[:24]}"
    put(world, "User", user_id, role_id, None)
    new = {"user_id": user_id, "email": email, "name": None, "enterprise_joined_at": None}
    return everybody.add(user_id, new)


def update_enterprise_user(world: World, call: users.UpdateEnterpriseUser) -> dict[str, Any]:
    """Change a person's role in the enterprise."""
    user = people.users(world).find(call.user_id)
    change(world, "User", call.user_id, call.role_id, None)
    return people.as_user(world, user)


def remove_enterprise_user(world: World, call: users.RemoveEnterpriseUser) -> dict[str, Any]:
    """Remove a person from the enterprise and from every organisation; return who it was."""
    was = people.as_user(world, people.users(world).find(call.user_id))
    people.remove(world, call.user_id)
    return was


def list_enterprise_idp_users(world: World, call: users.ListEnterpriseIdpUsers) -> dict[str, Any]:
    """List those who have a role somewhere through a group."""
    return _without_own_roles(people_by_groups(world, call))


def list_organization_users(world: World, call: users.ListOrganizationUsers) -> dict[str, Any]:
    """List the people of an organisation."""
    return people_in(world, call, _organization(world, call))


def add_organization_user(world: World, call: users.AddOrganizationUser) -> dict[str, Any]:
    """Let a person of the enterprise have a role in an organisation."""
    org_id, user = _organization(world, call), people.users(world).find(call.user_id)
    give(world, "User", call.user_id, call.role_id, org_id)
    return people.as_user(world, user, org_id)


def update_organization_user(world: World, call: users.UpdateOrganizationUser) -> dict[str, Any]:
    """Change a person's role in an organisation."""
    org_id, user = _organization(world, call), people.users(world).find(call.user_id)
    change(world, "User", call.user_id, call.role_id, org_id)
    return people.as_user(world, user, org_id)


def remove_organization_user(world: World, call: users.RemoveOrganizationUser) -> dict[str, Any]:
    """Take a person's role in an organisation away; return who it was."""
    org_id, user = _organization(world, call), people.users(world).find(call.user_id)
    require_holder(world, "User", call.user_id, org_id)
    was = people.as_user(world, user, org_id)
    take(world, "User", call.user_id, org_id)
    return was


def list_organization_idp_users(world: World, call: users.ListOrganizationIdpUsers) -> dict[str, Any]:
    """List those who have a role in an organisation through a group."""
    return _without_own_roles(people_by_groups(world, call, _organization(world, call)))


def _organization(world: World, call: Any) -> str:
    """Return the id of the organisation that a call is about; refuse an unknown one with 404."""
    return str(world.organizations.find(call.org_id)["org_id"])


def _without_own_roles(page: dict[str, Any]) -> dict[str, Any]:
    """Return a page of people as the enterprise lists those with groups: it shows only roles by these."""
    rows = [{k: v for k, v in row.items() if k != "role_assignments"} for row in page["items"]]
    return {**page, "items": rows}
