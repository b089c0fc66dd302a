"""Service users and their keys in the simulator: a key that was made here opens what its roles permit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from devin_tools import (
    AddOrganizationServiceUser,
    AssignServiceUserRole,
    Client,
    CreateEnterpriseServiceUser,
    CreateServiceUser,
    CreateServiceUserKey,
    GetSelf,
    GetServiceUser,
    ListOrganizationServiceUsers,
    ListServiceUserKeys,
    ListServiceUsers,
    ListSessions,
    NewServiceUser,
    RemoveOrganizationServiceUser,
    RemoveServiceUser,
    RevokeServiceUserKey,
    RotateServiceUserKey,
    Simulator,
    UpdateServiceUser,
)
from devin_tools.errors import BadRequest, Conflict, Forbidden, NotFound, Unauthenticated
from devin_tools.simulator.principals import ENTERPRISE_KEY, ORG_ID, ORGANIZATION_KEY, OTHER_ORG_ID


@contextmanager
def acting(simulator: Simulator, token: str, org_id: str = ORG_ID) -> Iterator[Client]:
    """Yield a client with another key."""
    with Client(**simulator.connection() | {"api_key": token, "org_id": org_id, "guards": ()}) as client:
        yield client


def made(client: Client, **more: Any) -> NewServiceUser:
    fields = {"name": "CI", "role_id": "role-member", "ttl_seconds": 3_600}
    return client.run(CreateServiceUser(**fields | more))


def made_of_enterprise(client: Client, role_id: str = "role-enterprise-auditor") -> NewServiceUser:
    return client.run(CreateEnterpriseServiceUser(name="Export", role_id=role_id, ttl_seconds=3_600))


def test_a_key_of_an_organisation_says_who_it_is_and_stays_in_its_organisation(
    client: Client, simulator: Simulator
) -> None:
    new = made(client)
    with acting(simulator, new.token) as own:
        me = own.run(GetSelf())
        assert (me.service_user_id, me.service_user_name, me.org_id) == (
            new.service_user.service_user_id,
            "CI",
            ORG_ID,
        )
        own.run(ListSessions())
        with pytest.raises(Forbidden, match="service user of the enterprise"):
            own.run(ListServiceUsers())
    with acting(simulator, new.token, OTHER_ORG_ID) as elsewhere, pytest.raises(Forbidden):
        elsewhere.run(ListSessions())


def test_a_key_of_the_enterprise_reaches_each_organisation_as_its_role_allows(
    client: Client, simulator: Simulator
) -> None:
    new = made_of_enterprise(client)
    for org_id in (ORG_ID, OTHER_ORG_ID):
        with acting(simulator, new.token, org_id) as auditor:
            assert auditor.run(GetSelf()).org_id is None
            auditor.run(ListSessions())  # who views the sessions of all views those of one
            with pytest.raises(Forbidden, match="ManageAccountMembership"):
                auditor.run(ListServiceUsers())


def test_a_role_that_is_given_or_taken_counts_at_once(client: Client, simulator: Simulator) -> None:
    new = made(client)
    there = {"org_id": OTHER_ORG_ID, "service_user_id": new.service_user.service_user_id}
    on = {"service_user_id": new.service_user.service_user_id}
    with acting(simulator, new.token, OTHER_ORG_ID) as own:
        client.run(AddOrganizationServiceUser(**there, role_id="role-member"))
        own.run(ListSessions())
        client.run(RemoveOrganizationServiceUser(**there))
        with pytest.raises(Forbidden):
            own.run(ListSessions())
        client.run(AssignServiceUserRole(**on, role_id="role-enterprise-admin"))
        own.run(ListServiceUsers())
        client.run(UpdateServiceUser(**on, role_id="role-enterprise-member"))
        with pytest.raises(Forbidden, match="ManageAccountMembership"):
            own.run(ListServiceUsers())
    assert [one.role.role_id for one in client.run(GetServiceUser(**on)).role_assignments] == [
        "role-enterprise-member",
        "role-member",
    ]


def test_a_service_user_and_its_keys_expire(client: Client, simulator: Simulator) -> None:
    new = made(client)
    on = {"service_user_id": new.service_user.service_user_id}
    with acting(simulator, new.token) as own:
        simulator.clock.step(3_599)
        own.run(GetSelf())
        simulator.clock.step(1)
        with pytest.raises(Unauthenticated):
            own.run(GetSelf())
    assert on["service_user_id"] not in {one.service_user_id for one in client.items(ListServiceUsers())}
    every = {one.service_user_id for one in client.items(ListServiceUsers(include_inactive=True))}
    assert on["service_user_id"] in every
    (key,) = client.run(ListServiceUserKeys(**on, status="expired")).api_keys
    assert key.is_active is False
    (first,) = client.run(ListServiceUserKeys(service_user_id="service-user-organization")).api_keys
    assert first.is_active


def test_one_that_was_removed_keeps_its_entry_and_loses_its_keys(
    client: Client, simulator: Simulator
) -> None:
    new = made(client)
    on = {"service_user_id": new.service_user.service_user_id}
    there = ListOrganizationServiceUsers(org_id=ORG_ID)
    assert on["service_user_id"] in {one.service_user_id for one in client.items(there)}
    removed = client.run(RemoveServiceUser(**on))
    assert removed.deleted_at == int(simulator.clock.now())
    with acting(simulator, new.token) as own, pytest.raises(Unauthenticated):
        own.run(GetSelf())
    assert client.run(GetServiceUser(**on)).deleted_at == removed.deleted_at
    assert on["service_user_id"] not in {one.service_user_id for one in client.items(there)}
    for call in (RemoveServiceUser(**on), CreateServiceUserKey(**on, name="x"), ListServiceUserKeys(**on)):
        with pytest.raises(NotFound):
            client.run(call)


def test_a_key_is_used_rotated_and_revoked(client: Client, simulator: Simulator) -> None:
    on = {"service_user_id": made(client).service_user.service_user_id}
    key = client.run(CreateServiceUserKey(**on, name="CI", expires_at=int(simulator.clock.now()) + 60))
    simulator.clock.step(10)
    with acting(simulator, key.token) as own:
        own.run(GetSelf())
    shown = {one.api_key_id: one for one in client.run(ListServiceUserKeys(**on)).api_keys}
    assert shown[key.api_key_id].last_used_at == int(simulator.clock.now())
    assert len(shown) == 2 and {one.last_used_at is None for one in shown.values()} == {True, False}

    both = client.run(RotateServiceUserKey(**on, api_key_id=key.api_key_id, revoke_current=False))
    new = client.run(RotateServiceUserKey(**on, api_key_id=both.api_key_id))
    with acting(simulator, both.token) as own, pytest.raises(Unauthenticated):
        own.run(GetSelf())
    for token in (key.token, new.token):
        with acting(simulator, token) as own:
            own.run(GetSelf())
    with pytest.raises(BadRequest, match="not active"):
        client.run(RotateServiceUserKey(**on, api_key_id=both.api_key_id))

    revoked = client.run(RevokeServiceUserKey(**on, api_key_id=new.api_key_id))
    assert (revoked.is_active, revoked.revoked_at) == (False, int(simulator.clock.now()))
    simulator.clock.step(60)
    counts = {
        status: len(client.run(ListServiceUserKeys(**on, status=status)).api_keys)
        for status in ("active", "revoked", "expired", "all")
    }
    assert counts == {"active": 1, "revoked": 2, "expired": 1, "all": 4}


def test_what_is_refused(client: Client, simulator: Simulator) -> None:
    on = {"service_user_id": "service-user-organization"}
    for error, call in (
        (NotFound, AssignServiceUserRole(**on, role_id="role-nobody")),
        (BadRequest, AssignServiceUserRole(**on, role_id="role-member")),
        (NotFound, UpdateServiceUser(**on, role_id="role-enterprise-member")),
        (Conflict, AddOrganizationServiceUser(**on, org_id=ORG_ID, role_id="role-admin")),
        (NotFound, AddOrganizationServiceUser(**on, org_id="org-0", role_id="role-admin")),
        (BadRequest, CreateServiceUserKey(**on, name="x", expires_at=1)),
        (BadRequest, ListServiceUserKeys(**on, status="lost")),
    ):
        with pytest.raises(error):
            client.run(call)


def test_no_role_is_given_away_that_allows_more_than_the_key_that_asks(
    client: Client, simulator: Simulator
) -> None:
    with acting(simulator, ORGANIZATION_KEY) as all_powerful:
        made(all_powerful, role_id="role-admin")
    with acting(simulator, made(client, role_id="role-member").token) as member:
        with pytest.raises(Forbidden, match="ManageOrgServiceUsers"):
            made(member)
    limited = Simulator(keys={"cog_limited": {"ManageOrgServiceUsers", "UseDevinSessions"}})
    with (
        acting(limited, "cog_limited") as client,
        pytest.raises(Forbidden, match="permissions that this key"),
    ):
        made(client)


def test_the_audit_log_says_who_did_what_and_holds_no_key(client: Client, simulator: Simulator) -> None:
    new = made_of_enterprise(client)
    key = client.run(CreateServiceUserKey(service_user_id=new.service_user.service_user_id, name="x"))
    log = simulator.world.audit_log
    assert [line["action"] for line in log] == ["create_service_user", "create_service_user_api_key"]
    assert new.token not in str(log) and key.token not in str(log)


def test_the_keys_of_the_beginning_follow_what_is_done_to_their_service_users(
    client: Client, simulator: Simulator
) -> None:
    user = {"service_user_id": "service-user-organization"}
    with acting(simulator, ORGANIZATION_KEY, OTHER_ORG_ID) as own:
        with pytest.raises(Forbidden):
            own.run(ListSessions())
        client.run(AddOrganizationServiceUser(org_id=OTHER_ORG_ID, role_id="role-member", **user))
        own.run(ListSessions())
        client.run(RemoveServiceUser(**user))
        with pytest.raises(Unauthenticated):
            own.run(GetSelf())
    client.run(UpdateServiceUser(service_user_id="service-user-enterprise", role_id="role-enterprise-member"))
    with acting(simulator, ENTERPRISE_KEY) as demoted, pytest.raises(Forbidden):
        demoted.run(ListServiceUsers())


def test_no_call_takes_the_rights_of_the_key_that_may_do_everything(client: Client) -> None:
    client.run(RemoveServiceUser(service_user_id="service-user-simulator"))
    assert client.run(GetSelf()).service_user_id == "service-user-simulator"
