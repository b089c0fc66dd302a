"""The roles of a simulated enterprise: what each permits, and who has which, and where.

People, service users and groups of the identity provider have at most one role in each organisation, and one
in the enterprise: a scope is the id of an organisation, or `None` for the enterprise.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from .refusal import Refusal
from .world import World

Kind: TypeAlias = Literal["User", "Service user", "IdP group"]
"""What has roles."""

USES = frozenset(
    {
        *("UseDevinSessions", "UseReviewManual"),
        *("ViewCodeScans", "ViewOrgAutomations", "ViewOrgKnowledge", "ViewOrgMembership"),
        *("ManageOrgPlaybooks", "ManageOrgSessions", "ViewOrgRepositories", "ViewOrgSessions"),
    }
)
"""What people who work with Devin need in an organisation."""

IN_ORGANIZATION = USES | {
    *("ImpersonateOrgSessions", "UseCodeScans", "ViewOrgConsumption"),
    *("ManageOrgAutomations", "ManageOrgKnowledge", "ManageOrgRepositories", "ManageOrgSchedules"),
    *("ManageOrgSecrets", "ManageOrgServiceUsers", "ManageOrgSnapshots", "ManageRepoBlueprints"),
    *("ManageBilling", "ViewAccountMetrics"),  # spend and metrics of an organisation ask for these two
}
"""All that there is to permit in an organisation."""

IN_ENTERPRISE = frozenset(
    {
        *("ManageAccountKnowledge", "ManageAccountMembership", "ManageAccountPlaybooks"),
        *("ManageAccountServiceUsers", "ManageAccountSessions", "ManageAccountSnapshots"),
        *("ManageBilling", "ManageEnterpriseSettings", "ManageGitIntegrations", "ManageOrganizations"),
        *("UseAccountCodeScans", "UseOutpostsMachine"),
        *("ViewAccountCodeScans", "ViewAccountMembership", "ViewAccountMetrics", "ViewAccountSessions"),
        "ViewEnterpriseInfraDetails",
    }
)
"""All that there is to permit in an enterprise."""

AUDITS = frozenset(
    {
        *("ViewAccountCodeScans", "ViewAccountMembership", "ViewAccountMetrics", "ViewAccountSessions"),
        *("ViewEnterpriseInfraDetails", "ManageEnterpriseSettings"),  # the audit log asks for the latter
    }
)


def _role(role_id: str, name: str, role_type: str, permissions: Iterable[str]) -> tuple[str, dict[str, Any]]:
    named = {"role_id": role_id, "role_name": name, "role_type": role_type}
    return role_id, {**named, "permissions": sorted(permissions)}


ROLES: dict[str, dict[str, Any]] = dict(
    (
        _role("role-admin", "Admin", "org", IN_ORGANIZATION),
        _role("role-member", "Member", "org", USES),
        _role("role-enterprise-admin", "Enterprise admin", "enterprise", IN_ENTERPRISE | IN_ORGANIZATION),
        _role("role-enterprise-member", "Enterprise member", "enterprise", ["ViewAccountMetrics"]),
        _role("role-enterprise-auditor", "Enterprise auditor", "enterprise", AUDITS),
    )
)
"""Every role by its id, with the vendor's names of what it permits. The API makes and changes none."""


def plain(role_id: str) -> dict[str, str]:
    """Return a role as everything but the answer about itself shows it: without its permissions."""
    return {name: value for name, value in ROLES[role_id].items() if name != "permissions"}


def require_role(role_id: str, scope: str | None) -> None:
    """Refuse a role that is not there with 404, and one of the other kind of scope with 400."""
    if role_id not in ROLES:
        raise Refusal(404, "Role not found")
    wanted = "org" if scope else "enterprise"
    if (found := ROLES[role_id]["role_type"]) != wanted:
        raise Refusal(400, f"A role of the type '{wanted}' is needed here, and this one is of '{found}'")


def role_id_of(world: World, kind: Kind, holder_id: str, scope: str | None) -> str | None:
    """Return the id of the role that one has in a scope by assignment; `None` without any."""
    store = world.store(f"{kind} role", scope)
    return str(store.find(holder_id)["role_id"]) if store.has(holder_id) else None


def holders(world: World, kind: Kind, scope: str | None) -> list[str]:
    """List who has a role in a scope by assignment, in the order of the assignments."""
    return [str(one["holder_id"]) for one in world.store(f"{kind} role", scope).all()]


def give(world: World, kind: Kind, holder_id: str, role_id: str, scope: str | None) -> None:
    """Assign the first role in a scope; refuse with 409 who has one there."""
    require_role(role_id, scope)
    if role_id_of(world, kind, holder_id, scope) is not None:
        raise Refusal(409, f"{kind} has a role here: change it, or take it away first")
    put(world, kind, holder_id, role_id, scope)


def put(world: World, kind: Kind, holder_id: str, role_id: str, scope: str | None) -> None:
    """Let one have a role in a scope, whatever there was before; nothing is refused."""
    store = world.store(f"{kind} role", scope)
    if store.has(holder_id):  # in place, as lists go by the order in which they were given
        store.find(holder_id)["role_id"] = role_id
    else:
        store.add(holder_id, {"holder_id": holder_id, "role_id": role_id})


def change(world: World, kind: Kind, holder_id: str, role_id: str, scope: str | None) -> None:
    """Assign another role in a scope; refuse with 404 who has none there."""
    require_role(role_id, scope)
    require_holder(world, kind, holder_id, scope)
    put(world, kind, holder_id, role_id, scope)


def require_holder(world: World, kind: Kind, holder_id: str, scope: str | None) -> None:
    """Refuse with 404 who has no role in a scope by assignment."""
    if role_id_of(world, kind, holder_id, scope) is None:
        raise Refusal(404, f"{kind} has no role of its own here")


def take(world: World, kind: Kind, holder_id: str, scope: str | None) -> None:
    """Take the role in a scope away; refuse with 404 who has none there."""
    require_holder(world, kind, holder_id, scope)
    world.store(f"{kind} role", scope).remove(holder_id)


def take_all(world: World, kind: Kind, holder_id: str) -> None:
    """Take all roles away, in the enterprise and in each organisation."""
    for scope in scopes(world):
        if role_id_of(world, kind, holder_id, scope) is not None:
            take(world, kind, holder_id, scope)


def scopes(world: World) -> list[str | None]:
    """List where roles are had: the enterprise, and each of its organisations."""
    return [None, *(organization["org_id"] for organization in world.organizations.all())]


def assignments(world: World, kind: Kind, holder_id: str, *of: str | None) -> list[dict[str, Any]]:
    """List the roles of one by assignment, as answers show them: everywhere, or in the scopes `of`."""
    found = ((role_id_of(world, kind, holder_id, scope), scope) for scope in of or scopes(world))
    return [{"role": plain(role_id), "org_id": scope} for role_id, scope in found if role_id]


def groups_of(world: World, user_id: str) -> list[str]:
    """List the groups of the identity provider that a person is in."""
    store = world.store("Groups of a user", None)
    return list(store.find(user_id)["groups"]) if store.has(user_id) else []


def by_groups(world: World, user_id: str, *of: str | None) -> list[dict[str, Any]]:
    """List the roles that a person has by groups, as answers show them: everywhere, or in the scopes `of`."""
    return [
        {**one, "idp_group_name": group}
        for group in groups_of(world, user_id)
        for one in assignments(world, "IdP group", group, *of)
    ]


def permissions_of(world: World, kind: Kind, holder_id: str, scope: str | None) -> frozenset[str]:
    """Return what one may do in a scope, by the vendor's names, with what comes by groups.

    What is permitted in the enterprise is permitted in each of its organisations, and so is the like of it
    there: who views the sessions of all views those of one.
    """
    found = [*assignments(world, kind, holder_id, *{None, scope})]
    if kind == "User":
        found += by_groups(world, holder_id, *{None, scope})
    permitted = {name for one in found for name in ROLES[one["role"]["role_id"]]["permissions"]}
    return frozenset(permitted | {like for name in permitted for like in likes(name)})


def likes(permission: str) -> frozenset[str]:
    """Return the permissions of an organisation that one of the enterprise includes."""
    return IN_ORGANIZATION & {permission.replace("Account", word) for word in ("Org", "")}
