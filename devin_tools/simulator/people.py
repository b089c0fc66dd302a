"""The people of a simulated organisation."""

from __future__ import annotations

from typing import Any

from .world import ORG_ID, World

ADMIN = {"role_id": "role-admin", "role_name": "Admin", "role_type": "org"}
MEMBER = {"role_id": "role-member", "role_name": "Member", "role_type": "org"}


def _member(user_id: str, name: str, role: dict[str, str], group: str | None = None) -> dict[str, Any]:
    """Return a member; one of a group of an identity provider has the role by that."""
    by_group = [{"idp_group_name": group, "org_id": ORG_ID, "role": role}] if group else []
    return {
        "user_id": user_id,
        "email": f"{name.lower()}@example.com",
        "name": name,
        "role_assignments": [] if group else [{"role": role, "org_id": ORG_ID}],
        "idp_role_assignments": by_group,
    }


MEMBERS = (
    _member("google-oauth2|100000000000000000001", "Ada", ADMIN),
    _member("google-oauth2|100000000000000000002", "Grace", MEMBER),
    _member("okta|00u0000000000000003", "Edsger", MEMBER, "engineering"),
    _member("okta|00u0000000000000004", "Barbara", ADMIN, "platform"),
)
"""Everybody who can sign in, in the order in which they joined."""


def is_user(world: World, user_id: str) -> bool:
    """Return whether there is such a user: a member, or one on whose behalf a session was created."""
    members = {member["user_id"] for member in MEMBERS}
    return user_id in members | {record.user_id for record in world.sessions.values()}
