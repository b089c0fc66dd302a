"""People are invited, given roles and removed, and every list shows the same of them."""

from __future__ import annotations

from typing import Any

import pytest
from support.simulated_api import simulated

from devin_tools import Client, Simulator, Tool
from devin_tools.api import (
    AddOrganizationUser,
    GetEnterpriseUser,
    GetMember,
    GetUserDailyConsumption,
    InviteUsers,
    ListEnterpriseIdpUsers,
    ListEnterpriseUsers,
    ListIdpMembers,
    ListMembers,
    ListOrganizationIdpUsers,
    ListOrganizationUsers,
    RemoveEnterpriseUser,
    RemoveOrganizationUser,
    UpdateEnterpriseUser,
    UpdateOrganizationUser,
)
from devin_tools.errors import BadRequest, Conflict, Forbidden, NotFound
from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID

ADA, EDSGER, BARBARA = (
    "google-oauth2|100000000000000000001",
    "okta|00u0000000000000003",
    "okta|00u0000000000000004",
)
RADIA = "okta|00u0000000000000006"


def invited(client: Client, *emails: str) -> Any:
    return client.run(InviteUsers(emails=list(emails), enterprise_role_id="role-enterprise-member")).users


def names(client: Client, call: Tool[Any]) -> list[str | None]:
    return [user.name for user in client.items(call)]


def ids(client: Client, call: Tool[Any]) -> list[str]:
    return [user.user_id for user in client.items(call)]


def roles(user: Any) -> list[tuple[str | None, str]]:
    return [(one.org_id, one.role.role_id) for one in user.role_assignments]


def test_an_invited_person_is_in_the_enterprise_and_in_no_organisation(client: Client) -> None:
    (new,) = invited(client, "Lin@example.com")
    assert roles(new) == [(None, "role-enterprise-member")] and new.name is None
    assert ids(client, ListEnterpriseUsers(limit=2))[-1] == new.user_id
    assert client.run(GetEnterpriseUser(user_id=new.user_id)).enterprise_joined_at is None
    assert new.user_id not in ids(client, ListMembers())
    with pytest.raises(NotFound):
        client.run(GetMember(user_id=new.user_id))


def test_who_is_there_already_is_not_invited_anew(client: Client) -> None:
    first, again, ada = (
        invited(client, "lin@example.com")[0],
        *invited(client, "LIN@example.com", "ada@example.com"),
    )
    assert (again.user_id, ada.user_id) == (first.user_id, ADA)
    assert roles(ada)[0] == (None, "role-enterprise-admin")
    assert len(ids(client, ListEnterpriseUsers())) == 7


def test_an_added_person_is_on_the_lists_of_the_organisation(client: Client) -> None:
    (new,) = invited(client, "lin@example.com")
    on = {"user_id": new.user_id, "org_id": ORG_ID}
    added = client.run(AddOrganizationUser(**on, role_id="role-member"))
    assert roles(added) == [(ORG_ID, "role-member")]
    with pytest.raises(Conflict):
        client.run(AddOrganizationUser(**on, role_id="role-admin"))
    for call in (ListMembers(), ListOrganizationUsers(org_id=ORG_ID, limit=2)):
        assert ids(client, call)[-1] == new.user_id
    assert new.user_id not in ids(client, ListOrganizationUsers(org_id=OTHER_ORG_ID))
    client.run(UpdateOrganizationUser(**on, role_id="role-admin"))
    assert roles(client.run(GetMember(user_id=new.user_id))) == [(ORG_ID, "role-admin")]
    expected = [(None, "role-enterprise-member"), (ORG_ID, "role-admin")]
    assert roles(client.run(GetEnterpriseUser(user_id=new.user_id))) == expected
    assert roles(client.run(RemoveOrganizationUser(**on))) == [(ORG_ID, "role-admin")]
    assert new.user_id not in ids(client, ListMembers())
    assert new.user_id in ids(client, ListEnterpriseUsers())
    with pytest.raises(NotFound):
        client.run(RemoveOrganizationUser(**on))


def test_a_person_removed_from_the_enterprise_is_in_no_organisation_any_more(client: Client) -> None:
    was = client.run(RemoveEnterpriseUser(user_id=ADA))
    assert [where for where, _ in roles(was)] == [None, ORG_ID, OTHER_ORG_ID]
    for call in (ListMembers(), *(ListOrganizationUsers(org_id=one) for one in (ORG_ID, OTHER_ORG_ID))):
        assert ADA not in ids(client, call)
    on: dict[str, Any] = {"user_id": ADA}
    gone = (
        *(
            GetEnterpriseUser(**on),
            RemoveEnterpriseUser(**on),
            GetMember(**on),
            GetUserDailyConsumption(**on),
        ),
        UpdateEnterpriseUser(**on, role_id="role-enterprise-member"),
        AddOrganizationUser(**on, org_id=ORG_ID, role_id="role-member"),
    )
    for call in gone:
        with pytest.raises(NotFound):
            client.run(call)


def test_a_role_in_the_enterprise_changes_and_others_stay(client: Client) -> None:
    changed = client.run(UpdateEnterpriseUser(user_id=ADA, role_id="role-enterprise-auditor"))
    assert roles(changed) == [
        (None, "role-enterprise-auditor"),
        (ORG_ID, "role-admin"),
        (OTHER_ORG_ID, "role-admin"),
    ]
    (ada,) = client.items(ListEnterpriseUsers(email="ada@example.com"))
    assert roles(ada) == roles(changed) and ada.enterprise_joined_at


def test_who_has_roles_by_groups_is_listed_with_them(client: Client) -> None:
    assert ids(client, ListEnterpriseIdpUsers()) == [EDSGER, BARBARA, RADIA]
    assert ids(client, ListOrganizationIdpUsers(org_id=OTHER_ORG_ID)) == [BARBARA]
    own = [ids(client, call) for call in (ListIdpMembers(), ListOrganizationIdpUsers(org_id=ORG_ID, limit=1))]
    assert own == [[EDSGER, BARBARA]] * 2
    (barbara,) = client.items(ListEnterpriseIdpUsers(email="barbara@example.com"))
    assert [(one.idp_group_name, one.org_id) for one in barbara.idp_role_assignments or ()] == [
        ("platform", ORG_ID),
        ("platform", OTHER_ORG_ID),
    ]
    radia = client.run(GetEnterpriseUser(user_id=RADIA))
    assert [one.role.role_id for one in radia.idp_role_assignments or ()] == ["role-enterprise-auditor"]
    with pytest.raises(NotFound):  # the role is the group's
        client.run(RemoveOrganizationUser(user_id=EDSGER, org_id=ORG_ID))


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (InviteUsers(emails=["a@example.com"], enterprise_role_id="role-member"), BadRequest),
        (InviteUsers(emails=["a@example.com"], enterprise_role_id="role-x"), NotFound),
        (UpdateEnterpriseUser(user_id=ADA, role_id="role-admin"), BadRequest),
        (UpdateOrganizationUser(user_id=ADA, org_id=ORG_ID, role_id="role-enterprise-admin"), BadRequest),
        (UpdateOrganizationUser(user_id=ADA, org_id="org-x", role_id="role-admin"), NotFound),
        (UpdateOrganizationUser(user_id=RADIA, org_id=ORG_ID, role_id="role-admin"), NotFound),
        (AddOrganizationUser(user_id="okta|x", org_id=ORG_ID, role_id="role-admin"), NotFound),
        (ListOrganizationUsers(org_id="org-x"), NotFound),
        (ListOrganizationIdpUsers(org_id="org-x"), NotFound),
    ],
)
def test_what_is_not_there_or_of_another_type_is_refused(
    client: Client, call: Tool[Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        client.run(call)
    assert names(client, ListMembers()) == ["Ada", "Grace", "Edsger", "Barbara"]


def test_the_key_of_an_organisation_reads_only_its_own_people() -> None:
    simulator = simulated()
    options = simulator.connection() | {"api_key": "cog_simulator_organization"}
    with Client(**options, guards=()) as client:
        assert len(ids(client, ListMembers())) == 4
        for call in (ListEnterpriseUsers(), ListOrganizationUsers(org_id=ORG_ID)):
            with pytest.raises(Forbidden):
                client.run(call)


def test_the_audit_log_has_who_came_and_went(client: Client, simulator: Simulator) -> None:
    client.run(ListEnterpriseUsers())
    client.run(RemoveOrganizationUser(user_id=ADA, org_id=OTHER_ORG_ID))
    (line,) = simulator.world.audit_log
    assert (line["action"], line["org_id"], line["data"]["user_id"]) == ("delete_member", OTHER_ORG_ID, ADA)
