"""The people of an organisation."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

ROLE = {"role_id": "role-1", "role_name": "Admin", "role_type": "org"}
GROUP = {"role": ROLE, "org_id": "org-0123456789abcdef0123456789abcdef", "idp_group_name": "engineering"}
MEMBER: dict[str, Any] = {
    "user_id": "okta|1",
    "email": "ada@example.com",
    "name": "Ada",
    "role_assignments": [{"role": ROLE, "org_id": None}],
    "idp_role_assignments": [GROUP],
}
LARGEST: dict[str, Any] = {"Member": MEMBER, "MemberPage": page(MEMBER, MEMBER | {"user_id": "okta|2"})}
SMALLEST: dict[str, Any] = {"Member": {"user_id": "okta|1"}, "MemberPage": {"items": []}}
UNTRUSTED = {"Member": {"email", "name"}, "Role": {"role_name"}, "IdpRoleAssignment": {"idp_group_name"}}


def furnish(client: object) -> dict[str, Any]:
    return {"devin_get_member.user_id": "okta|00u0000000000000003"}


def cases() -> Cases:
    first = yield Case("devin_list_members", "first_page", {"limit": 1})
    yield Case("devin_list_members", "by_mail", {"email": "ada@example.com"}, live=False)
    user = {"user_id": first.members[0].user_id}
    yield Case("devin_get_member", "member", user)
    yield Case("devin_get_member", "not_found", {"user_id": "okta|nobody"})
    yield Case("devin_list_idp_members", "first_page", {"limit": 1})
