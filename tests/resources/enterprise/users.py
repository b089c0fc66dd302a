"""The people of an enterprise and of its organisations."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import AddOrganizationUser, Client, InviteUsers, ListEnterpriseUsers
from resources.members import MEMBER

ORG_ID = "org-5e0f0000000000000000000000000001"
ENTERPRISE_USER = MEMBER | {"enterprise_joined_at": 1767225600}
LARGEST: dict[str, Any] = {
    "EnterpriseUser": ENTERPRISE_USER,
    "EnterpriseUserPage": page(
        ENTERPRISE_USER, ENTERPRISE_USER | {"user_id": "okta|2", "enterprise_joined_at": None}
    ),
    "InvitedUsers": [MEMBER, MEMBER | {"user_id": "okta|2", "email": None, "name": None}],
}
SMALLEST: dict[str, Any] = {
    "EnterpriseUser": {"user_id": "okta|1"},
    "EnterpriseUserPage": {"items": []},
    "InvitedUsers": [],
}
UNTRUSTED = {"EnterpriseUser": {"email", "name"}}


def furnish(client: Client) -> dict[str, Any]:
    role = {"enterprise_role_id": "role-enterprise-member"}
    number = len(list(client.items(ListEnterpriseUsers())))  # a person joins once
    emails = [f"new{number}@example.com", f"other{number}@example.com"]
    (new, other) = client.run(InviteUsers(emails=emails, **role)).users
    client.run(AddOrganizationUser(org_id=ORG_ID, user_id=other.user_id, role_id="role-member"))
    tools = ("get_enterprise_user", "update_enterprise_user", "remove_enterprise_user")
    there = (*tools, "update_organization_user", "remove_organization_user")
    names = {f"devin_{tool}.user_id": other.user_id for tool in there}
    return names | {"devin_add_organization_user.user_id": new.user_id, "org_id": ORG_ID}


def cases() -> Cases:
    everywhere, here = {"user_id": "okta|00u0000000000000006"}, {"org_id": ORG_ID}
    yield Case("devin_list_enterprise_users", "first_page", {"limit": 2})
    yield Case("devin_list_enterprise_users", "by_mail", {"email": "ada@example.com"}, live=False)
    yield Case("devin_get_enterprise_user", "with_groups", everywhere, live=False)
    yield Case("devin_get_enterprise_user", "not_found", {"user_id": "okta|nobody"})
    yield Case("devin_list_enterprise_idp_users", "first_page", {"limit": 1})
    role = {"enterprise_role_id": "role-enterprise-member"}
    invited = yield Case("devin_invite_users", "one", {"emails": ["lin@example.com"]} | role, live=False)
    of_organization = {"emails": ["lin@example.com"], "enterprise_role_id": "role-member"}
    yield Case("devin_invite_users", "role_of_an_organization", of_organization, live=False)
    new = {"user_id": invited.users[0].user_id if invited else "okta|nobody"}
    auditor = {"role_id": "role-enterprise-auditor"}
    yield Case("devin_update_enterprise_user", "role", new | auditor, live=False)
    yield Case("devin_update_enterprise_user", "unknown_role", new | {"role_id": "role-x"}, live=False)
    member, admin = {"role_id": "role-member"}, {"role_id": "role-admin"}
    yield Case("devin_add_organization_user", "added", new | here | member, live=False)
    yield Case("devin_add_organization_user", "twice", new | here | member, live=False)
    yield Case("devin_list_organization_users", "first_page", here | {"limit": 2}, live=False)
    yield Case("devin_list_organization_idp_users", "first_page", here | {"limit": 1}, live=False)
    yield Case("devin_update_organization_user", "role", new | here | admin, live=False)
    yield Case("devin_update_organization_user", "no_member", everywhere | here | admin, live=False)
    yield Case("devin_remove_organization_user", "removed", new | here, live=False)
    yield Case("devin_remove_organization_user", "twice", new | here, live=False)
    yield Case("devin_remove_enterprise_user", "removed", new, live=False)
    yield Case("devin_remove_enterprise_user", "twice", new, live=False)
