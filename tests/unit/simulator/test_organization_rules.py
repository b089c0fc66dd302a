"""Sessions are refused that would spend more than their organisation may, and stop at its limit."""

from __future__ import annotations

from typing import Any

import pytest

from devin_tools import Client, CreateSession, GetSession, Simulator
from devin_tools.api import (
    ListAcuLimits,
    RemoveOrganizationAcuLimit,
    ReplaceGroupLimits,
    SetOrganizationAcuLimit,
    UpdateOrganization,
)
from devin_tools.errors import BadRequest, Forbidden, NotFound
from devin_tools.simulator.organization_rules import LIMITED_USER, acu_limits
from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID
from devin_tools.simulator.world import SECONDS_PER_ACU

ON = {"org_id": ORG_ID}
TOILS = CreateSession(prompt="Work. #simulate:toils")


def test_a_session_may_ask_for_what_its_organisation_lets_it_spend_and_no_more(client: Client) -> None:
    client.run(UpdateOrganization(**ON, max_session_acu_limit=5))
    client.run(CreateSession(prompt="Look.", max_acu_limit=5))
    with pytest.raises(BadRequest, match="may spend: 5 ACUs"):
        client.run(CreateSession(prompt="Look.", max_acu_limit=6))
    client.run(UpdateOrganization(**ON, clear=["max_session_acu_limit"]))
    client.run(CreateSession(prompt="Look.", max_acu_limit=100_000))


def test_a_session_without_a_limit_stops_at_that_of_its_organisation(
    simulator: Simulator, client: Client
) -> None:
    client.run(UpdateOrganization(**ON, max_session_acu_limit=2))
    session_id = client.run(TOILS).session_id
    simulator.clock.step(5 * SECONDS_PER_ACU)
    session = client.run(GetSession(session_id=session_id))
    assert (session.status_detail, session.acus_consumed) == ("usage_limit_exceeded", 2.0)


def spend(simulator: Simulator, client: Client, acus: float) -> None:
    client.run(TOILS)
    simulator.clock.step(acus * SECONDS_PER_ACU + 60)


def is_refused(client: Client) -> bool:
    try:
        client.run(CreateSession(prompt="Look."))
    except Forbidden as error:
        assert "billing cycle" in error.message
        return True
    return False


def test_an_organisation_starts_nothing_once_its_cycle_is_spent_until_the_next(
    simulator: Simulator, client: Client
) -> None:
    client.run(UpdateOrganization(**ON, max_cycle_acu_limit=3))
    spend(simulator, client, 2)
    assert not is_refused(client)
    simulator.clock.step(SECONDS_PER_ACU)
    assert is_refused(client)
    simulator.clock.step(31 * 86_400)
    assert not is_refused(client)


def test_the_limit_of_billing_holds_beside_that_of_the_organisation(
    simulator: Simulator, client: Client
) -> None:
    client.run(SetOrganizationAcuLimit(**ON, cycle_acu_limit=0))
    assert is_refused(client)
    client.run(SetOrganizationAcuLimit(**ON, cycle_acu_limit=1))
    assert not is_refused(client)
    listed = [(limit.scope, limit.org_id) for limit in client.items(ListAcuLimits(limit=1))]
    assert listed == [("enterprise", None), ("user", None), ("org", ORG_ID)]
    spend(simulator, client, 1)
    assert is_refused(client)
    assert client.run(RemoveOrganizationAcuLimit(**ON)).done
    assert not is_refused(client)
    with pytest.raises(NotFound):
        client.run(RemoveOrganizationAcuLimit(**ON))


def test_a_group_shares_its_limit(simulator: Simulator, client: Client) -> None:
    groups = {"both": {"org_ids": [ORG_ID, OTHER_ORG_ID], "max_cycle_acus": 3}}
    client.run(ReplaceGroupLimits(groups=groups))
    with Client(**simulator.connection() | {"org_id": OTHER_ORG_ID}) as other:
        spend(simulator, other, 3)
        assert is_refused(client) and is_refused(other)
        client.run(ReplaceGroupLimits(groups={"both": {"org_ids": [ORG_ID], "max_cycle_acus": 3}}))
        assert not is_refused(client) and not is_refused(other)


def test_a_user_has_a_limit_of_their_own_wherever_they_work(simulator: Simulator, client: Client) -> None:
    acu_limits(simulator.world).find(LIMITED_USER)["cycle_acu_limit"] = 2
    limited: dict[str, Any] = {"prompt": "Work. #simulate:toils", "create_as_user_id": LIMITED_USER}
    with Client(**simulator.connection() | {"org_id": OTHER_ORG_ID}) as other:
        other.run(CreateSession(**limited))
        simulator.clock.step(2 * SECONDS_PER_ACU + 60)
        with pytest.raises(Forbidden, match="the limit of this user is 2"):
            client.run(CreateSession(**limited))
    client.run(CreateSession(prompt="Look."))
