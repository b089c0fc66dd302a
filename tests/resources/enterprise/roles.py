"""The roles of an enterprise."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

ROLE: dict[str, Any] = {"role_id": "role-1", "role_name": "Member", "role_type": "org"}
DETAIL = ROLE | {"permissions": ["UseDevinSessions", "ViewOrgSessions"]}
LARGEST: dict[str, Any] = {
    "RolePage": page(ROLE, ROLE | {"role_id": "role-2", "role_type": "enterprise"}),
    "RoleDetail": DETAIL,
}
SMALLEST: dict[str, Any] = {"RolePage": {"items": []}, "RoleDetail": {"role_id": "role-1"}}
UNTRUSTED = {"RoleDetail": {"role_name"}}


def cases() -> Cases:
    first = yield Case("devin_list_roles", "first_page", {"limit": 1})
    role_id = first.roles[0].role_id if first else "role-member"
    yield Case("devin_get_role", "one", {"role_id": role_id})
    yield Case("devin_get_role", "not_found", {"role_id": "role-nowhere"})
