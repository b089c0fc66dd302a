"""Roles permit what they say, in the scope where they are had, and below the enterprise."""

from __future__ import annotations

from typing import Any

import pytest
from support.tools import routed

from devin_tools import Simulator
from devin_tools.simulator import roles
from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID
from devin_tools.simulator.refusal import Refusal
from devin_tools.simulator.world import World

KIND: roles.Kind = "Service user"
EDSGER, RADIA = "okta|00u0000000000000003", "okta|00u0000000000000006"


@pytest.fixture
def world() -> World:
    return Simulator().world


def refused(status: int, act: Any, *given: Any) -> None:
    with pytest.raises(Refusal) as caught:
        act(*given)
    assert caught.value.status == status


def test_the_roles_of_administrators_permit_every_tool() -> None:
    permissions = {
        scope: {spec.permission for spec in routed() if spec.scope == scope and spec.permission}
        for scope in ("organization", "enterprise")
    }
    for scope, role_id in (("organization", "role-admin"), ("enterprise", "role-enterprise-admin")):
        assert permissions[scope] - set(roles.ROLES[role_id]["permissions"]) == set()


def test_a_role_holds_in_its_scope_alone(world: World) -> None:
    roles.give(world, KIND, "s", "role-member", ORG_ID)
    assert "ViewOrgSessions" in roles.permissions_of(world, KIND, "s", ORG_ID)
    for scope in (OTHER_ORG_ID, None):
        assert roles.permissions_of(world, KIND, "s", scope) == frozenset()
    assert roles.permissions_of(world, "User", "s", ORG_ID) == frozenset()


def test_what_is_permitted_in_the_enterprise_is_permitted_in_each_organisation(world: World) -> None:
    roles.give(world, KIND, "s", "role-enterprise-auditor", None)
    for scope in (None, ORG_ID, OTHER_ORG_ID):
        permitted = roles.permissions_of(world, KIND, "s", scope)
        assert {"ViewAccountSessions", "ViewOrgSessions", "ViewOrgMembership", "ViewCodeScans"} <= permitted
        assert not {"ManageOrgSessions", "UseDevinSessions", "ManageAccountMembership"} & permitted
    roles.give(world, KIND, "s", "role-admin", ORG_ID)
    assert "ManageOrgSecrets" in roles.permissions_of(world, KIND, "s", ORG_ID)
    assert "ManageOrgSecrets" not in roles.permissions_of(world, KIND, "s", OTHER_ORG_ID)


def test_people_are_permitted_by_their_groups_too(world: World) -> None:
    assert "UseDevinSessions" in roles.permissions_of(world, "User", EDSGER, ORG_ID)
    assert "ManageEnterpriseSettings" in roles.permissions_of(world, "User", RADIA, None)
    roles.take_all(world, "IdP group", "Security & Compliance")
    assert roles.permissions_of(world, "User", RADIA, None) == {"ViewAccountMetrics"}


def test_an_assignment_is_made_once_changed_and_taken_away(world: World) -> None:
    refused(404, roles.change, world, KIND, "s", "role-admin", ORG_ID)
    refused(404, roles.take, world, KIND, "s", ORG_ID)
    roles.give(world, KIND, "s", "role-member", ORG_ID)
    roles.give(world, KIND, "t", "role-member", ORG_ID)
    refused(409, roles.give, world, KIND, "s", "role-admin", ORG_ID)
    roles.change(world, KIND, "s", "role-admin", ORG_ID)
    assert roles.role_id_of(world, KIND, "s", ORG_ID) == "role-admin"
    assert roles.holders(world, KIND, ORG_ID) == ["s", "t"]
    roles.take(world, KIND, "s", ORG_ID)
    assert roles.role_id_of(world, KIND, "s", ORG_ID) is None


def test_a_role_of_the_other_type_is_refused_and_so_is_one_that_is_not_there(world: World) -> None:
    refused(400, roles.give, world, KIND, "s", "role-enterprise-member", ORG_ID)
    refused(400, roles.give, world, KIND, "s", "role-member", None)
    refused(404, roles.give, world, KIND, "s", "role-nowhere", None)
    refused(400, roles.change, world, KIND, "s", "role-member", None)


def test_the_roles_of_an_organisation_that_is_gone_are_gone(world: World) -> None:
    roles.give(world, KIND, "s", "role-enterprise-member", None)
    roles.give(world, KIND, "s", "role-member", OTHER_ORG_ID)
    assert [one["org_id"] for one in roles.assignments(world, KIND, "s")] == [None, OTHER_ORG_ID]
    world.organizations.remove(OTHER_ORG_ID)
    assert [one["org_id"] for one in roles.assignments(world, KIND, "s")] == [None]
    roles.take_all(world, KIND, "s")
    assert roles.assignments(world, KIND, "s") == []
