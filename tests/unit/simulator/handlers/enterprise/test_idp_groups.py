"""Groups are registered, given roles and forgotten, and the people in them have or lose these."""

from __future__ import annotations

from typing import Any

import pytest

from devin_tools import Client, Tool
from devin_tools.api import (
    AddOrganizationIdpGroup,
    AssignIdpGroupRole,
    GetIdpGroup,
    GetOrganizationIdpGroup,
    ListEnterpriseIdpUsers,
    ListIdpGroups,
    ListIdpMembers,
    ListMembers,
    ListOrganizationIdpGroups,
    ListRegisteredIdpGroups,
    RegisterIdpGroups,
    RemoveIdpGroup,
    RemoveOrganizationIdpGroup,
    UnregisterIdpGroup,
    UpdateIdpGroup,
    UpdateOrganizationIdpGroup,
)
from devin_tools.errors import BadRequest, Conflict, NotFound
from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID

NAME = "EMEA/Sales & Support | 100%"
GROUP: dict[str, Any] = {"idp_group_name": NAME}


def groups(client: Client, call: Tool[Any]) -> list[str]:
    return [group.idp_group_name for group in client.items(call)]


def roles(group: Any) -> list[tuple[str | None, str]]:
    return [(one.org_id, one.role.role_id) for one in group.role_assignments]


def test_a_group_is_registered_once_whatever_is_in_its_name(client: Client) -> None:
    call = RegisterIdpGroups(idp_group_names=[NAME, "engineering", NAME])
    for _ in range(2):
        assert [one.idp_group_name for one in client.run(call).idp_groups] == [NAME, "engineering"]
    names = groups(client, ListRegisteredIdpGroups(limit=2))
    assert names == ["engineering", "platform", "Security & Compliance", "contractors", NAME]
    assert NAME not in groups(client, ListIdpGroups())
    assert client.run(UnregisterIdpGroup(**GROUP)).idp_group_name == NAME
    with pytest.raises(NotFound):
        client.run(UnregisterIdpGroup(**GROUP))


def test_a_group_has_roles_in_the_enterprise_and_in_each_organisation(client: Client) -> None:
    client.run(RegisterIdpGroups(idp_group_names=[NAME]))
    client.run(AssignIdpGroupRole(**GROUP, role_id="role-enterprise-member"))
    added = client.run(AddOrganizationIdpGroup(**GROUP, org_id=ORG_ID, role_id="role-member"))
    assert roles(added) == [(ORG_ID, "role-member")]
    client.run(UpdateIdpGroup(**GROUP, role_id="role-enterprise-auditor"))
    client.run(UpdateOrganizationIdpGroup(**GROUP, org_id=ORG_ID, role_id="role-admin"))
    everywhere = [(None, "role-enterprise-auditor"), (ORG_ID, "role-admin")]
    assert roles(client.run(GetIdpGroup(**GROUP))) == everywhere
    assert groups(client, ListOrganizationIdpGroups(org_id=ORG_ID)) == ["engineering", "platform", NAME]
    assert groups(client, ListOrganizationIdpGroups(org_id=OTHER_ORG_ID)) == ["platform"]
    assert roles(client.run(RemoveIdpGroup(**GROUP))) == everywhere
    for call in (
        GetIdpGroup(**GROUP),
        GetOrganizationIdpGroup(**GROUP, org_id=ORG_ID),
        RemoveIdpGroup(**GROUP),
    ):
        with pytest.raises(NotFound):
            client.run(call)
    assert NAME in groups(client, ListRegisteredIdpGroups())


def test_people_lose_what_they_had_by_a_group(client: Client) -> None:
    def members() -> list[str | None]:
        return [user.name for user in client.items(ListMembers())]

    here = {"org_id": ORG_ID, "idp_group_name": "platform"}
    assert roles(client.run(RemoveOrganizationIdpGroup(**here))) == [(ORG_ID, "role-admin")]
    assert members() == ["Ada", "Grace", "Edsger"]
    assert roles(client.run(GetIdpGroup(idp_group_name="platform"))) == [(OTHER_ORG_ID, "role-member")]
    client.run(AddOrganizationIdpGroup(**here, role_id="role-member"))
    assert members() == ["Ada", "Grace", "Edsger", "Barbara"]
    client.run(UnregisterIdpGroup(idp_group_name="engineering"))
    assert [user.name for user in client.items(ListIdpMembers())] == ["Barbara"]
    client.run(RemoveIdpGroup(idp_group_name="platform"))
    assert [user.name for user in client.items(ListEnterpriseIdpUsers())] == ["Radia"]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (AssignIdpGroupRole(idp_group_name="nobody's", role_id="role-enterprise-member"), NotFound),
        (AssignIdpGroupRole(idp_group_name="contractors", role_id="role-member"), BadRequest),
        (AssignIdpGroupRole(idp_group_name="contractors", role_id="role-x"), NotFound),
        (
            AssignIdpGroupRole(idp_group_name="Security & Compliance", role_id="role-enterprise-member"),
            Conflict,
        ),
        (UpdateIdpGroup(idp_group_name="engineering", role_id="role-enterprise-member"), NotFound),
        (
            AddOrganizationIdpGroup(idp_group_name="engineering", org_id=ORG_ID, role_id="role-admin"),
            Conflict,
        ),
        (
            AddOrganizationIdpGroup(idp_group_name="engineering", org_id="org-x", role_id="role-admin"),
            NotFound,
        ),
        (
            UpdateOrganizationIdpGroup(idp_group_name="contractors", org_id=ORG_ID, role_id="role-admin"),
            NotFound,
        ),
        (RemoveOrganizationIdpGroup(idp_group_name="contractors", org_id=ORG_ID), NotFound),
        (GetOrganizationIdpGroup(idp_group_name="engineering", org_id=OTHER_ORG_ID), NotFound),
        (ListOrganizationIdpGroups(org_id="org-x"), NotFound),
    ],
)
def test_what_is_not_there_or_of_another_type_is_refused(
    client: Client, call: Tool[Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        client.run(call)
