"""Profiles are shared by the account, or an organisation's own."""

from __future__ import annotations

import pytest
from support.simulated_api import simulated

from devin_tools import Client
from devin_tools.api import (
    CreateCodeScanProfile,
    GetCodeScanProfile,
    ListCodeScanProfiles,
    StartCodeScan,
    UpdateCodeScanProfile,
)
from devin_tools.errors import BadRequest, Forbidden, NotFound
from devin_tools.simulator.world import OTHER_ORG_ID

SHARED = f"csprof-{1:032x}"


def test_a_profile_is_made_read_changed_and_used(client: Client) -> None:
    made = client.run(CreateCodeScanProfile(name="Mine", include_globs=["src/**"], triage_guidance="Few."))
    assert (made.mode, made.scan_type, made.visibility) == ("discover", "security", "org")
    on = {"profile_id": made.profile_id}
    changed = client.run(UpdateCodeScanProfile(**on, scan_type="performance", triage_guidance=""))
    assert (changed.name, changed.include_globs, changed.triage_guidance) == ("Mine", ["src/**"], "")
    assert client.run(GetCodeScanProfile(**on)) == changed
    scan = client.run(StartCodeScan(repo_name="acme/shop", **on))
    assert (scan.scan_type, scan.profile and scan.profile.name) == ("performance", "Mine")


def test_profiles_are_listed_newest_first_without_their_guidance(client: Client) -> None:
    shared = [one.profile_id for one in client.items(ListCodeScanProfiles())]
    made = [client.run(CreateCodeScanProfile(name=name)).profile_id for name in ("A", "B")]
    listed = list(client.items(ListCodeScanProfiles(limit=2)))
    assert [one.profile_id for one in listed] == [made[1], made[0], *shared]
    assert all("triage_guidance" not in one.model_dump() for one in listed)
    assert [one.org_id is None for one in listed] == [False, False, True, True, True]


def test_what_the_account_shares_is_not_changed_by_an_organisation(client: Client) -> None:
    with pytest.raises(Forbidden):
        client.run(UpdateCodeScanProfile(profile_id=SHARED, name="Mine"))
    with pytest.raises(NotFound):
        client.run(GetCodeScanProfile(profile_id="csprof|0"))
    for wrong in ({"mode": "guess"}, {"scan_type": "astrology"}):
        with pytest.raises(BadRequest):
            client.run(CreateCodeScanProfile(name="Mine", **wrong))


def test_another_organisation_does_not_see_it() -> None:
    simulator = simulated()
    with Client(**simulator.connection(), guards=()) as client:
        mine = client.run(CreateCodeScanProfile(name="Mine")).profile_id
    with Client(**simulator.connection() | {"org_id": OTHER_ORG_ID}, guards=()) as client:
        assert mine not in [one.profile_id for one in client.items(ListCodeScanProfiles())]
        with pytest.raises(NotFound):
            client.run(GetCodeScanProfile(profile_id=mine))
