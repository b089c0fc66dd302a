"""The people of a simulated enterprise, and the groups of the identity provider that they are in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .clock import EPOCH
from .principals import ORG_ID, OTHER_ORG_ID
from .roles import Kind, assignments, by_groups, groups_of, put, take_all
from .store import ResourceStore
from .world import World

USERS: Kind = "User"
GROUPS: Kind = "IdP group"


def _member(user_id: str, name: str) -> dict[str, Any]:
    """Return a person of the beginning, who joined then."""
    email = f"{name.lower()}@example.com"
    return {"user_id": user_id, "email": email, "name": name, "enterprise_joined_at": int(EPOCH)}


MEMBERS = (
    _member("google-oauth2|100000000000000000001", "Ada"),
    _member("google-oauth2|100000000000000000002", "Grace"),
    _member("okta|00u0000000000000003", "Edsger"),
    _member("okta|00u0000000000000004", "Barbara"),
    _member("okta|00u0000000000000005", "Alan"),
    _member("okta|00u0000000000000006", "Radia"),
)
"""Everybody who can sign in at the beginning, in the order in which they joined."""

_ADA, _GRACE, _EDSGER, _BARBARA, _ALAN, _RADIA = (member["user_id"] for member in MEMBERS)

IN_GROUPS = {_EDSGER: ["engineering"], _BARBARA: ["platform"], _RADIA: ["Security & Compliance"]}
REGISTERED = ("engineering", "platform", "Security & Compliance", "contractors")
"""The groups that are known at the beginning; nobody is in the last one, and it has no role."""

ASSIGNED: dict[Kind, dict[str | None, dict[str, str]]] = {
    "User": {
        None: {
            **{member["user_id"]: "role-enterprise-member" for member in MEMBERS},
            _ADA: "role-enterprise-admin",
        },
        ORG_ID: {_ADA: "role-admin", _GRACE: "role-member"},
        OTHER_ORG_ID: {_ADA: "role-admin", _ALAN: "role-member"},
    },
    "IdP group": {
        None: {"Security & Compliance": "role-enterprise-auditor"},
        ORG_ID: {"engineering": "role-member", "platform": "role-admin"},
        OTHER_ORG_ID: {"platform": "role-member"},
    },
}
"""Who has which role at the beginning, in the enterprise and in its organisations."""


def furnish_people(world: World) -> None:
    """Have the people of the beginning added when they are first asked for."""
    world.furnish(USERS, _add_people, None)
    world.furnish("Groups of a user", _add_groups_of_people, None)
    world.furnish(GROUPS, _add_groups, None)
    for kind, of in ASSIGNED.items():
        for scope in of:
            world.furnish(f"{kind} role", _add_roles(kind), scope)


def _add_people(world: World) -> None:
    for member in MEMBERS:
        users(world).add(member["user_id"], dict(member))


def _add_groups_of_people(world: World) -> None:
    for user_id, groups in IN_GROUPS.items():
        world.store("Groups of a user", None).add(user_id, {"groups": list(groups)})


def _add_groups(world: World) -> None:
    for name in REGISTERED:
        register(world, name)


def _add_roles(kind: Kind) -> Callable[[World], None]:
    def add(world: World) -> None:
        for holder_id, role_id in ASSIGNED[kind][world.scope].items():
            put(world, kind, holder_id, role_id, world.scope)

    return add


def users(world: World) -> ResourceStore:
    """Return the people of the enterprise."""
    return world.store(USERS, None)


def register(world: World, group: str) -> dict[str, Any]:
    """Let a group be known by its name, if it is not; return how answers show it."""
    store = world.store(GROUPS, None)
    return store.find(group) if store.has(group) else store.add(group, {"idp_group_name": group})


def is_in(world: World, user_id: str, scope: str) -> bool:
    """Return whether a person belongs to an organisation, by a role of their own or by a group."""
    return bool(assignments(world, "User", user_id, scope) or by_groups(world, user_id, scope))


def as_user(world: World, user: dict[str, Any], *of: str | None) -> dict[str, Any]:
    """Return a person as answers show one, with the roles given everywhere, or in the scopes `of`."""
    named = {name: user[name] for name in ("user_id", "email", "name")}
    return {**named, "role_assignments": assignments(world, "User", user["user_id"], *of)}


def as_enterprise_user(world: World, user: dict[str, Any]) -> dict[str, Any]:
    """Return a person as answers about the enterprise show one."""
    return {**as_user(world, user), "enterprise_joined_at": user["enterprise_joined_at"]}


def remove(world: World, user_id: str) -> None:
    """Remove a person from the enterprise, with all roles and from all groups."""
    users(world).remove(user_id)
    take_all(world, "User", user_id)
    if groups_of(world, user_id):
        world.store("Groups of a user", None).remove(user_id)


def is_user(world: World, user_id: str) -> bool:
    """Return whether there is such a user: a member, or one on whose behalf a session was created."""
    is_member = users(world).has(user_id) if world.scope is None else is_in(world, user_id, world.scope)
    return is_member or any(record.user_id == user_id for record in world.in_scope())
