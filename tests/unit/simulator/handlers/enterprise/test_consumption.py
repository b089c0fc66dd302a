"""What the enterprise is told of its spending agrees with what its organisations are told."""

from __future__ import annotations

from typing import Any

import pytest
from support.simulated_api import Api, simulated

from devin_tools import Client, Simulator
from devin_tools.api import (
    CreateServiceUser,
    CreateSession,
    GetDailyConsumption,
    GetEnterpriseConsumption,
    GetEnterpriseServiceUserAcus,
    GetEnterpriseSessionAcus,
    GetEnterpriseUserAcus,
    GetOrganizationConsumption,
    GetServiceUserConsumption,
    ListBillingCycles,
    TriggerPullRequestReview,
)
from devin_tools.errors import Forbidden, NotFound
from devin_tools.simulator.principals import ENTERPRISE_KEY, ORG_ID, ORGANIZATION_KEY, OTHER_ORG_ID

DAY = 86_400


def in_both(simulator: Simulator, **asked: Any) -> list[str]:
    """Create a session in each organisation, and return their ids."""
    made = []
    for org_id in (ORG_ID, OTHER_ORG_ID):
        with Client(**simulator.connection() | {"org_id": org_id}, guards=()) as client:
            made.append(client.run(CreateSession(prompt="x", **asked)).session_id)
    return made


def test_the_whole_is_the_sum_of_its_organisations_users_and_service_users() -> None:
    simulator = simulated()
    user = "okta|00u0000000000000003"
    mine, theirs = in_both(simulator, create_as_user_id=user)
    in_both(simulator)
    with Client(**simulator.connection(), guards=()) as client:
        client.run(TriggerPullRequestReview(pr_url="https://github.com/acme/shop/pull/7"))
        simulator.clock.step(3_600)
        whole = client.run(GetEnterpriseConsumption()).total_acus
        parts = [client.run(GetOrganizationConsumption(org_id=i)).total_acus for i in (ORG_ID, OTHER_ORG_ID)]
        assert whole == pytest.approx(sum(parts), abs=0.001) and min(parts) > 0
        assert parts[0] == client.run(GetDailyConsumption()).total_acus
        by_user = client.run(GetEnterpriseUserAcus(user_id=user)).total_acus
        of_each = [client.run(GetEnterpriseSessionAcus(session_id=i)).total_acus for i in (mine, theirs)]
        assert by_user == pytest.approx(sum(of_each), abs=0.001) and min(of_each) > 0
        service = client.run(GetEnterpriseServiceUserAcus(service_user_id="service-user-simulator"))
        assert by_user + service.total_acus == pytest.approx(whole, abs=0.001)


def test_what_is_not_there_is_not_found_and_the_organisation_s_key_is_refused() -> None:
    simulator = simulated()
    with Client(**simulator.connection(), guards=()) as client:
        for call in (
            GetOrganizationConsumption(org_id="org-nowhere"),
            GetEnterpriseUserAcus(user_id="okta|nobody"),
            GetEnterpriseServiceUserAcus(service_user_id="service-user-of-nobody"),
            GetEnterpriseSessionAcus(session_id="devin-nothing"),
        ):
            with pytest.raises(NotFound):
                client.run(call)
    with (
        Client(**simulator.connection() | {"api_key": ORGANIZATION_KEY}, guards=()) as client,
        pytest.raises(Forbidden),
    ):
        client.run(GetEnterpriseConsumption())


def test_a_service_user_that_spent_nothing_is_there_where_it_has_a_role(simulator: Simulator) -> None:
    with Client(**simulator.connection(), guards=()) as client:
        role = {"role_id": "role-member", "ttl_seconds": 60}
        made = client.run(CreateServiceUser(name="CI", **role)).service_user.service_user_id
        for one in (made, "service-user-organization"):
            for tool in (GetEnterpriseServiceUserAcus, GetServiceUserConsumption):
                assert client.run(tool(service_user_id=one)).total_acus == 0
    elsewhere = simulator.connection() | {"org_id": OTHER_ORG_ID}
    with Client(**elsewhere, guards=()) as client, pytest.raises(NotFound):
        client.run(GetServiceUserConsumption(service_user_id=made))


def test_a_user_id_with_a_bar_is_one_segment_of_the_path() -> None:
    path = "/v3/enterprise/consumption/daily/users/okta%7C00u0000000000000003"
    assert Api(simulated(), f"Bearer {ENTERPRISE_KEY}")("GET", path)[0] == 200


def test_cycles_are_months_that_touch_and_the_newest_holds_now() -> None:
    simulator = simulated()
    simulator.clock.step(70 * DAY)
    with Client(**simulator.connection(), guards=()) as client:
        cycles = list(client.items(ListBillingCycles(limit=2)))
    now = simulator.clock.now()
    assert len(cycles) == 4  # the world begins before its first month of billing does, at 08:00 UTC
    assert cycles[0].after <= now < cycles[0].before
    assert [one.after for one in cycles[:-1]] == [one.before for one in cycles[1:]]
    assert all(one.after % DAY == 8 * 3600 and 28 <= (one.before - one.after) / DAY <= 31 for one in cycles)
