"""Groups of the identity provider, registered and with roles."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import (
    AddOrganizationIdpGroup,
    AssignIdpGroupRole,
    Client,
    ListRegisteredIdpGroups,
    RegisterIdpGroups,
)
from resources.members import ROLE

ORG_ID = "org-5e0f0000000000000000000000000001"
NAME: dict[str, Any] = {"idp_group_name": "engineering"}
GROUP = NAME | {"role_assignments": [{"role": ROLE, "org_id": None}, {"role": ROLE, "org_id": ORG_ID}]}
LARGEST: dict[str, Any] = {
    "IdpGroup": GROUP,
    "IdpGroupPage": page(GROUP, GROUP | {"idp_group_name": "Data Science", "role_assignments": []}),
    "RegisteredIdpGroup": NAME,
    "RegisteredIdpGroupPage": page(NAME, {"idp_group_name": "EMEA/Sales"}),
    "RegisteredIdpGroups": [NAME, {"idp_group_name": "EMEA/Sales"}],
}
SMALLEST: dict[str, Any] = {
    "IdpGroup": NAME,
    "IdpGroupPage": {"items": []},
    "RegisteredIdpGroup": NAME,
    "RegisteredIdpGroupPage": {"items": []},
    "RegisteredIdpGroups": [],
}
UNTRUSTED = {"IdpGroup": {"idp_group_name"}, "RegisteredIdpGroup": {"idp_group_name"}}


def furnish(client: Client) -> dict[str, Any]:
    number = len(list(client.items(ListRegisteredIdpGroups())))  # a group gets a role once
    new, group = f"new {number}", f"EMEA/Sales {number}"
    client.run(RegisterIdpGroups(idp_group_names=[new, group]))
    there = {"idp_group_name": group}
    client.run(AssignIdpGroupRole(**there, role_id="role-enterprise-member"))
    client.run(AddOrganizationIdpGroup(**there, org_id=ORG_ID, role_id="role-member"))
    adds = ("assign_idp_group_role", "add_organization_idp_group")
    return {f"devin_{tool}.idp_group_name": new for tool in adds} | there | {"org_id": ORG_ID}


def cases() -> Cases:
    here, group = {"org_id": ORG_ID}, {"idp_group_name": "EMEA/Sales & Support"}
    names = {"idp_group_names": [group["idp_group_name"], "engineering"]}
    yield Case("devin_register_idp_groups", "one_new", names, live=False)
    yield Case("devin_list_registered_idp_groups", "first_page", {"limit": 2})
    yield Case("devin_list_idp_groups", "first_page", {"limit": 2})
    yield Case("devin_get_idp_group", "without_roles", group, live=False)
    member, auditor = ({"role_id": f"role-enterprise-{name}"} for name in ("member", "auditor"))
    yield Case("devin_assign_idp_group_role", "assigned", group | member, live=False)
    yield Case("devin_assign_idp_group_role", "twice", group | member, live=False)
    yield Case("devin_get_idp_group", "one", group, live=False)
    yield Case("devin_update_idp_group", "role", group | auditor, live=False)
    yield Case(
        "devin_update_idp_group", "role_of_an_organization", group | {"role_id": "role-admin"}, live=False
    )
    in_organization, admin = group | here, {"role_id": "role-admin"}
    yield Case("devin_list_organization_idp_groups", "first_page", here | {"limit": 1}, live=False)
    yield Case("devin_get_organization_idp_group", "without_role", in_organization, live=False)
    yield Case(
        "devin_add_organization_idp_group", "added", in_organization | {"role_id": "role-member"}, live=False
    )
    yield Case("devin_add_organization_idp_group", "twice", in_organization | admin, live=False)
    yield Case("devin_get_organization_idp_group", "one", in_organization, live=False)
    yield Case("devin_update_organization_idp_group", "role", in_organization | admin, live=False)
    unknown = here | {"idp_group_name": "nobody's", "role_id": "role-admin"}
    yield Case("devin_update_organization_idp_group", "unknown", unknown, live=False)
    yield Case("devin_remove_organization_idp_group", "removed", in_organization, live=False)
    yield Case("devin_remove_organization_idp_group", "twice", in_organization, live=False)
    yield Case("devin_remove_idp_group", "removed", group, live=False)
    yield Case("devin_remove_idp_group", "twice", group, live=False)
    yield Case("devin_unregister_idp_group", "gone", group, live=False)
    yield Case("devin_unregister_idp_group", "twice", group, live=False)
