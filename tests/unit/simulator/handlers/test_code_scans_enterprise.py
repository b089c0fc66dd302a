"""The enterprise reads the scans of all organisations, and starts them in any."""

from __future__ import annotations

from typing import Any

import pytest
from support.simulated_api import simulated

from devin_tools import Client, Simulator
from devin_tools.api import (
    CreateCodeScanProfile,
    EnableEnterpriseAutoScan,
    GetEnterpriseScanMetrics,
    GetEnterpriseScanProfile,
    ListCodeScans,
    ListEnterpriseFindings,
    ListEnterpriseScanProfiles,
    ListEnterpriseScans,
    RemediateEnterpriseFinding,
    StartCodeScan,
    StartEnterpriseIngestionScan,
    StartEnterpriseScan,
)
from devin_tools.errors import Forbidden, NotFound
from devin_tools.simulator.principals import ORGANIZATION_KEY
from devin_tools.simulator.world import ORG_ID, OTHER_ORG_ID

REPO: dict[str, Any] = {"repo_name": "acme/shop"}
THERE: dict[str, Any] = {"org_id": OTHER_ORG_ID}


def test_scans_of_all_organisations_are_read_and_told_apart(client: Client, simulator: Simulator) -> None:
    here = client.run(StartCodeScan(**REPO)).scan_id
    there = client.run(StartEnterpriseScan(**THERE, **REPO)).scan_id
    assert [one.scan_id for one in client.items(ListCodeScans())] == [here]
    every = list(client.items(ListEnterpriseScans(limit=1)))
    assert [(one.scan_id, one.org_id) for one in every] == [(there, OTHER_ORG_ID), (here, ORG_ID)]
    assert [one.scan_id for one in client.items(ListEnterpriseScans(org_ids=[ORG_ID]))] == [here]
    simulator.clock.step(600)
    found = list(client.items(ListEnterpriseFindings(org_ids=[OTHER_ORG_ID])))
    assert {one.scan_id for one in found} == {there}
    began = int(simulator.clock.now()) - 601
    times = {"time_after": began, "time_before": began + 86_400}
    assert client.run(GetEnterpriseScanMetrics(**times)).scans_count == 2
    assert client.run(GetEnterpriseScanMetrics(**times, org_ids=[ORG_ID])).scans_count == 1


def test_a_fix_is_a_session_of_the_organisation_of_the_scan(client: Client, simulator: Simulator) -> None:
    scan_id = client.run(StartEnterpriseScan(**THERE, **REPO)).scan_id
    simulator.clock.step(600)
    finding_id = client.run(ListEnterpriseFindings(scan_id=scan_id)).findings[0].finding_id
    on = {"scan_id": scan_id, "finding_id": finding_id}
    with pytest.raises(NotFound):
        client.run(RemediateEnterpriseFinding(org_id=ORG_ID, **on))
    fix = client.run(RemediateEnterpriseFinding(**THERE, **on))
    assert simulator.world.sessions[fix.session_id].org_id == OTHER_ORG_ID


def test_what_happens_by_itself_stays_in_its_organisation(client: Client, simulator: Simulator) -> None:
    ingest = StartEnterpriseIngestionScan(**THERE, **REPO, profile_id=f"csprof-{2:032x}")
    client.run(EnableEnterpriseAutoScan(**THERE, scan_id=client.run(ingest).scan_id))
    simulator.clock.step(8 * 86_400)
    assert len(list(client.items(ListEnterpriseScans(org_ids=[OTHER_ORG_ID])))) == 2
    assert list(client.items(ListEnterpriseScans(org_ids=[ORG_ID]))) == []
    assert len(simulator.world.sessions) > 2
    assert {record.org_id for record in simulator.world.sessions.values()} == {OTHER_ORG_ID}


def test_profiles_of_all_organisations_are_read(client: Client) -> None:
    mine = client.run(CreateCodeScanProfile(name="Mine")).profile_id
    assert client.run(GetEnterpriseScanProfile(profile_id=mine)).org_id == ORG_ID
    listed = [one.profile_id for one in client.items(ListEnterpriseScanProfiles())]
    there = [one.profile_id for one in client.items(ListEnterpriseScanProfiles(org_ids=[OTHER_ORG_ID]))]
    assert listed == [mine, *there] and there


def test_an_organisation_that_is_not_there_has_no_scans(client: Client) -> None:
    with pytest.raises(NotFound):
        client.run(StartEnterpriseScan(org_id="org|0", **REPO))


def test_the_key_of_an_organisation_is_refused() -> None:
    simulator = simulated()
    with (
        Client(**simulator.connection() | {"api_key": ORGANIZATION_KEY}, guards=()) as client,
        pytest.raises(Forbidden),
    ):
        client.run(ListEnterpriseFindings())
