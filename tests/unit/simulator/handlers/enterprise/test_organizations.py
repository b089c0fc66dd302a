"""Organisations are made, changed and deleted with all that is in them."""

from __future__ import annotations

from typing import Any

import pytest
from support.simulated_api import Api, simulated

from devin_tools import Client, Simulator
from devin_tools.api import (
    CreateOrganization,
    DeleteOrganization,
    GetGroupLimits,
    GetOrganization,
    ListAcuLimits,
    ListOrganizations,
    ReplaceGroupLimits,
    SetOrganizationAcuLimit,
    UpdateOrganization,
)
from devin_tools.errors import BadRequest, NotFound
from devin_tools.simulator.principals import ENTERPRISE_KEY, ORG_ID, ORGANIZATION_KEY, OTHER_ORG_ID


@pytest.fixture
def enterprise() -> Api:
    return Api(simulated(sessions=7), f"Bearer {ENTERPRISE_KEY}")


def in_organization(org_id: str) -> str:
    return f"/v3/organizations/{org_id}"


def test_a_new_organisation_is_listed_renamed_and_worked_in(client: Client, simulator: Simulator) -> None:
    made = client.run(CreateOrganization(name="Research", max_session_acu_limit=5))
    assert made.org_id in [one.org_id for one in client.items(ListOrganizations(limit=1))]
    simulator.clock.step(60)
    changed = client.run(UpdateOrganization(org_id=made.org_id, name="Labs", clear=["max_session_acu_limit"]))
    assert (changed.name, changed.max_session_acu_limit) == ("Labs", None)
    assert client.run(GetOrganization(org_id=made.org_id)).updated_at == (made.updated_at or 0) + 60
    api = Api(simulator)
    assert api("POST", in_organization(made.org_id) + "/sessions", {"prompt": "Look."})[0] == 200


def test_what_is_in_a_deleted_organisation_is_gone_and_its_key_is_refused(enterprise: Api) -> None:
    own = Api(enterprise.simulator, f"Bearer {ORGANIZATION_KEY}")
    session = enterprise("GET", "/v3/enterprise/sessions")[1]["items"][-1]
    assert session["org_id"] == ORG_ID
    path = f"/v3/enterprise/organizations/{ORG_ID}"
    assert enterprise("DELETE", path)[1]["org_id"] == ORG_ID
    assert enterprise("DELETE", path)[0] == enterprise("GET", path)[0] == 404
    assert own("GET", "/sessions")[0] == own("GET", "/knowledge/notes")[0] == 403
    assert enterprise("GET", in_organization(ORG_ID) + "/sessions")[0] == 403
    left = enterprise("GET", "/v3/enterprise/sessions")[1]["items"]
    assert left and {one["org_id"] for one in left} == {OTHER_ORG_ID}
    assert enterprise("GET", f"/v3/enterprise/sessions/devin-{session['session_id']}")[0] == 404
    assert enterprise("GET", "/v3/self")[0] == 200


def test_time_goes_on_without_a_deleted_organisation(enterprise: Api) -> None:
    api = Api(enterprise.simulator)
    for story in ("toils", "delegates"):
        api("POST", "/sessions", {"prompt": f"Work. #simulate:{story}", "max_acu_limit": 3})
    enterprise.simulator.clock.step(5)
    assert enterprise("DELETE", f"/v3/enterprise/organizations/{ORG_ID}")[0] == 200
    enterprise.simulator.clock.step(40 * 86_400)
    listed = enterprise("GET", "/v3/enterprise/sessions", first=200)[1]["items"]
    assert {one["org_id"] for one in listed} == {OTHER_ORG_ID}


def test_a_deleted_organisation_is_in_no_group_and_has_no_limit(client: Client) -> None:
    org_id = client.run(CreateOrganization(name="Short")).org_id
    client.run(ReplaceGroupLimits(groups={"a": {"org_ids": [org_id, OTHER_ORG_ID]}}))
    client.run(SetOrganizationAcuLimit(org_id=org_id, cycle_acu_limit=5))
    client.run(DeleteOrganization(org_id=org_id))
    assert client.run(GetGroupLimits()).groups["a"].org_ids == [OTHER_ORG_ID]
    assert [limit.scope for limit in client.items(ListAcuLimits())] == ["enterprise", "user"]


def test_a_group_of_what_is_not_there_is_refused_and_changes_nothing(client: Client) -> None:
    client.run(ReplaceGroupLimits(groups={"a": {"org_ids": [OTHER_ORG_ID]}}))
    with pytest.raises(BadRequest, match="Unknown organizations"):
        client.run(ReplaceGroupLimits(groups={"b": {"org_ids": ["org-0"]}}))
    assert list(client.run(GetGroupLimits()).groups) == ["a"]


def test_what_changes_is_in_the_audit_log_by_the_vendors_words(simulator: Simulator, client: Client) -> None:
    org_id = client.run(CreateOrganization(name="Short")).org_id
    client.run(UpdateOrganization(org_id=org_id, name="Shorter"))
    client.run(DeleteOrganization(org_id=org_id))
    with pytest.raises(NotFound):
        client.run(DeleteOrganization(org_id=org_id))
    log: list[dict[str, Any]] = simulator.world.audit_log
    assert [entry["action"] for entry in log] == ["create_org", "update_org", "delete_org"]
    assert log[-1]["org_id"] == org_id
