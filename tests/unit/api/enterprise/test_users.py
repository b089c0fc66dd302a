"""An invitation goes out once, names and ids are encoded, and what nobody could mean is refused unsent."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from devin_tools import Client
from devin_tools.api import (
    AddOrganizationUser,
    AssignIdpGroupRole,
    GetEnterpriseUser,
    InviteUsers,
    ListEnterpriseIdpUsers,
    RegisterIdpGroups,
    RemoveEnterpriseUser,
)
from devin_tools.codec import encode
from devin_tools.errors import Ambiguous, InvalidArguments

INVITATION = {"emails": ["a@example.com"], "enterprise_role_id": "role-1"}


def test_an_invitation_whose_answer_is_lost_is_not_sent_again(run: Any) -> None:
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        raise httpx.ReadTimeout("lost", request=request)

    with pytest.raises(Ambiguous):
        run(answer, InviteUsers(**INVITATION))
    assert len(sent) == 1


def test_ids_and_names_are_encoded_and_the_organisation_is_the_one_that_was_named() -> None:
    add = AddOrganizationUser(user_id="okta|a+b", org_id="org-2", role_id="role-1")
    assert AddOrganizationUser.route is not None and AssignIdpGroupRole.route is not None
    request = encode(AddOrganizationUser.route, add)
    assert request.path == "/v3/enterprise/organizations/org-2/members/users/okta%7Ca%2Bb"
    assert request.body == {"role_id": "role-1"}
    assign = AssignIdpGroupRole(idp_group_name="EMEA/Sales & Support | 1", role_id="role-1")
    path = encode(AssignIdpGroupRole.route, assign).path
    assert path.endswith("/members/idp-groups/EMEA%2FSales%20%26%20Support%20%7C%201")


@pytest.mark.parametrize(
    "given",
    [
        {"emails": ["ada"]},
        {"emails": ["a@example.com, b@example.com"]},
        {"emails": "a@example.com"},
        {"emails": [f"{number}@example.com" for number in range(101)]},
        {"enterprise_role_id": "undefined"},
    ],
)
def test_an_invitation_that_nobody_could_mean_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidArguments):
        InviteUsers(**INVITATION | given)


@pytest.mark.parametrize("names", [[], ["null"], [f"group {number}" for number in range(101)]])
def test_groups_that_nobody_could_mean_are_refused(names: list[str]) -> None:
    with pytest.raises(InvalidArguments):
        RegisterIdpGroups(idp_group_names=names)


def test_a_list_by_groups_does_not_say_that_people_have_no_roles_of_their_own(client: Client) -> None:
    (barbara,) = client.run(ListEnterpriseIdpUsers(email="barbara@example.com")).members
    assert barbara.role_assignments is None and barbara.idp_role_assignments
    assert client.run(GetEnterpriseUser(user_id=barbara.user_id)).role_assignments


def test_a_model_is_offered_none_that_administers_accounts(client: Client) -> None:
    for tool in (AddOrganizationUser, InviteUsers, RegisterIdpGroups, RemoveEnterpriseUser):
        effect = tool.effect
        assert effect is not None and effect.is_administrative and effect.needs_consent
