"""A report of spending agrees with the bill, says who spent most, and what it could not find out."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from support.simulated_api import simulated

from devin_tools import Client, Simulator
from devin_tools.api import (
    ArchiveSession,
    CreateSession,
    GetEnterpriseConsumption,
    GetEnterpriseSessionAcus,
    GetEnterpriseUserAcus,
    SetOrganizationAcuLimit,
    TriggerPullRequestReview,
)
from devin_tools.errors import Forbidden, Refused
from devin_tools.simulator.organization_rules import acu_limits
from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID
from devin_tools.tasks import ReportSpend, SpendReport

DAY = 86_400


class World:
    """An enterprise whose sessions spend, from its second day on: the first belongs to the cycle before."""

    def __init__(self, folder: Path) -> None:
        self.simulator: Simulator = simulated()
        self.simulator.clock.step(DAY)
        self.files: dict[str, Any] = {"file_root": str(folder), "download_folder": "."}

    def client(self, **more: Any) -> Client:
        return Client(**self.simulator.connection() | self.files | more, guards=())

    def spend(
        self, hours: float, user: str | None = None, org_id: str = ORG_ID, title: str = "A task"
    ) -> str:
        """Have a session work for so long, and return its id."""
        with self.client(org_id=org_id) as client:
            asked = {"title": title, "max_acu_limit": round(hours * 4)} | (
                {"create_as_user_id": user} if user else {}
            )
            made = client.run(CreateSession(prompt="x #simulate:toils", **asked))
        self.simulator.clock.step(hours * 3_600 + 60)
        return made.session_id

    def report(self, **arguments: Any) -> SpendReport:
        with self.client() as client:
            return client.run(ReportSpend(**arguments))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_its_figures_are_those_of_the_bill(world: World) -> None:
    long = world.spend(3, "okta|1")
    world.spend(1, "okta|1", OTHER_ORG_ID)
    world.spend(1, org_id=OTHER_ORG_ID)
    report = world.report()
    with world.client() as client:
        whole = client.run(GetEnterpriseConsumption())
        user = client.run(GetEnterpriseUserAcus(user_id="okta|1"))
        session = client.run(GetEnterpriseSessionAcus(session_id=long))
    assert report.total_acus == whole.total_acus == pytest.approx(20, abs=0.1)
    assert report.days == whole.consumption_by_date
    assert report.acus_by_product["devin"] == pytest.approx(whole.total_acus, abs=0.001)
    assert [(one.org_id, one.share) for one in report.organizations] == [
        (ORG_ID, pytest.approx(0.6, abs=0.01)),
        (OTHER_ORG_ID, pytest.approx(0.4, abs=0.01)),
    ]
    assert [(one.user_id, one.service_user_id) for one in report.users] == [
        ("okta|1", None), (None, "service-user-simulator"),
    ]  # fmt: skip
    assert report.users[0].acus == user.total_acus
    assert (report.sessions[0].session_id, report.sessions[0].acus) == (long, session.total_acus)
    assert len(report.sessions) == 3 and report.notes == []


def test_without_bounds_it_is_of_this_billing_cycle_and_compares_with_limits(world: World) -> None:
    world.simulator.world.organizations.find(ORG_ID)["max_cycle_acu_limit"] = 8
    world.simulator.world.organizations.find(OTHER_ORG_ID)["max_cycle_acu_limit"] = None
    world.spend(3)
    now = world.simulator.clock.now()
    report = world.report()
    assert report.is_billing_cycle
    assert report.time_after is not None and report.time_before is not None
    assert report.time_after <= now <= report.time_before
    assert [(one.limit_acus, one.limit_share) for one in report.organizations] == [
        (8, pytest.approx(1.5, abs=0.01)), (None, None),
    ]  # fmt: skip
    assert "150% of 8" in report.markdown
    same = world.report(time_after=report.time_after, time_before=report.time_before + 1)
    assert same.is_billing_cycle and same.time_before == report.time_before
    other = world.report(time_after=report.time_after, time_before=report.time_before - DAY)
    assert not other.is_billing_cycle
    assert [(one.limit_acus, one.limit_share) for one in other.organizations] == [(8, None), (None, None)]


def test_the_nearest_limit_counts_and_what_does_not_count_toward_it_is_left_out(world: World) -> None:
    world.simulator.world.organizations.find(ORG_ID)["max_cycle_acu_limit"] = 100
    with world.client() as client:
        client.run(SetOrganizationAcuLimit(org_id=ORG_ID, cycle_acu_limit=16), confirm=True)
        client.run(TriggerPullRequestReview(pr_url="https://github.com/acme/shop/pull/7"))
    world.spend(2, "okta|1")
    limits = acu_limits(world.simulator.world)
    limits.add("u", {"cycle_acu_limit": 10, "scope": "user", "org_id": None, "user_id": "okta|1"})
    report = world.report()
    ours, _ = report.organizations
    assert ours.acus > 8.1
    assert (ours.limit_acus, ours.limit_share) == (16, 0.5)
    assert (report.users[0].limit_acus, report.users[0].limit_share) == (10, 0.8)
    assert "80% of 10" in report.markdown and "50% of 16" in report.markdown
    world.simulator.world.organizations.find(ORG_ID)["max_cycle_acu_limit"] = 9
    assert world.report().organizations[0].limit_acus == 9


def test_of_limits_the_smallest_is_nearest_while_nothing_is_spent_and_one_of_nothing_at_all(
    world: World,
) -> None:
    world.simulator.world.organizations.find(ORG_ID)["max_cycle_acu_limit"] = 9
    for limit, nearest in ((16, 9), (0, 0)):
        with world.client() as client:
            client.run(SetOrganizationAcuLimit(org_id=ORG_ID, cycle_acu_limit=limit), confirm=True)
        assert world.report().organizations[0].limit_acus == nearest


def test_what_was_spent_outside_of_the_time_does_not_count(world: World) -> None:
    world.spend(2, "okta|1")
    world.simulator.clock.step(40 * DAY)
    later = world.spend(1, "okta|2")
    report = world.report()
    assert report.total_acus == pytest.approx(4, abs=0.1)
    assert [one.session_id for one in report.sessions] == [later]
    assert [one.user_id for one in report.users] == ["okta|2"]


def test_the_largest_are_found_among_many_and_the_report_says_so(world: World) -> None:
    spent = [world.spend(1 + number / 2, f"okta|{number}", title=f"T{number}") for number in range(6)]
    with world.client() as client:
        client.run(ArchiveSession(session_id=spent[5]))
    world.simulator.requests.clear()
    report = world.report(top=2)
    assert [one.title for one in report.sessions] == ["T5", "T4"]  # archived ones count too
    assert [one.user_id for one in report.users] == ["okta|5", "okta|4"]
    assert "6 sessions of 6 users" in report.notes[0]
    assert world.simulator.count(path_part="/consumption/daily/sessions/") == 4
    assert world.simulator.count(path_part="/consumption/daily/users/") == 4


def test_what_the_key_may_not_read_is_missing_and_said(world: World) -> None:
    world.spend(1)
    world.simulator.keys = {"cog_bill": {"ManageBilling"}, "cog_none": {"ViewOrgSessions"}}
    with world.client(api_key="cog_bill") as client:
        report = client.run(ReportSpend())
    assert report.total_acus > 0
    assert (report.organizations, report.users, report.sessions) == ([], [], [])
    assert "'ManageOrganizations'" in report.notes[0] and "'ViewAccountSessions'" in report.notes[1]
    with world.client(api_key="cog_none") as client, pytest.raises(Forbidden):
        client.run(ReportSpend())


def test_no_figure_is_told_from_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As below the Enterprise plan, where the API answers no days for a session."""
    from devin_tools.simulator.handlers import consumption

    world.spend(1)
    monkeypatch.setattr(consumption, "acus_by_day", lambda intervals: {})
    report = world.report()
    assert report.total_acus == 0 and report.sessions[0].acus is None
    assert report.sessions[0].running_acus == pytest.approx(4, abs=0.1)
    assert "metered otherwise" in report.notes[0]
    assert "no figure" in report.markdown


def test_a_picture_is_saved_where_a_person_says_and_replaces_nothing_by_itself(
    world: World, tmp_path: Path
) -> None:
    world.spend(1, title="<script>&\x07")
    report = world.report(picture_file="spend.svg")
    assert report.picture == str(tmp_path / "spend.svg")
    root = ElementTree.parse(tmp_path / "spend.svg").getroot()
    assert {node.tag.rpartition("}")[2] for node in root.iter()} <= {"svg", "title", "rect", "text", "path"}
    again = world.report(picture_file="spend.svg")
    assert again.picture is None and "is there already" in again.notes[-1] and again.notes[-1] in str(again)
    assert "is there already" in again.markdown
    assert world.report(picture_file="spend.svg", overwrite=True).picture
    with world.client(download_folder="/elsewhere") as client:  # nothing that was read is lost
        assert "not saved. The folder" in client.run(ReportSpend(picture_file="spend.svg")).notes[-1]
    with world.client(read_only=True) as client:
        assert client.run(ReportSpend()).total_acus > 0
        with pytest.raises(Refused):
            client.run(ReportSpend(picture_file="other.svg"))
    assert not (tmp_path / "other.svg").exists()


def test_no_model_says_where_a_picture_goes() -> None:
    from support.tools import built_in

    assert built_in().spec("devin_report_spend").user_only == {"picture_file", "overwrite"}
