"""Scans of code live by the clock, find what is wrong until it is fixed, and repeat."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from support.simulated_api import simulated

from devin_tools import Client, Simulator
from devin_tools.api import (
    CodeScan,
    CodeScanFinding,
    CreateCodeScanProfile,
    DisableAutoScan,
    EnableAutoScan,
    GetCodeScanMetrics,
    GetSession,
    GetSessionMetrics,
    ListCodeScanFindings,
    ListCodeScans,
    ListSessions,
    RemediateFinding,
    SetCodeScanProfile,
    StartCodeScan,
    StartIngestionScan,
    TerminateSession,
)
from devin_tools.errors import BadRequest, Conflict, Forbidden, NotFound

DAY, WEEK = 86_400, 7 * 86_400
SECURITY, INGESTS, PERFORMANCE = (f"csprof-{number:032x}" for number in (1, 2, 3))


def start(client: Client, **more: Any) -> CodeScan:
    return client.run(StartCodeScan(**{"repo_name": "acme/shop"} | more))


def status_of(client: Client, scan: CodeScan) -> str | None:
    return next(one.status for one in client.items(ListCodeScans()) if one.scan_id == scan.scan_id)


def found_by(client: Client, scan: CodeScan, **filters: Any) -> list[CodeScanFinding]:
    return list(client.items(ListCodeScanFindings(scan_id=scan.scan_id, **filters)))


def done(client: Client, simulator: Simulator, **more: Any) -> CodeScan:
    scan = start(client, **more)
    simulator.clock.step(600)
    return scan


def test_a_scan_waits_is_pending_runs_and_completes(client: Client, simulator: Simulator) -> None:
    scan = start(client)
    seen = [scan.status]
    for _ in range(4):
        simulator.clock.step(30)
        seen.append(status_of(client, scan))
    assert seen == ["waiting", "pending", "running", "running", "running"]
    assert found_by(client, scan) == []
    simulator.clock.step(300)
    assert status_of(client, scan) == "completed"
    assert len(found_by(client, scan)) >= 2


def test_a_scan_is_done_by_a_session_that_is_paid_for(client: Client, simulator: Simulator) -> None:
    finding = found_by(client, done(client, simulator))[0]
    session = client.run(GetSession(session_id=str(finding.orchestrator_session_id)))
    assert (session.origin, session.status, session.status_detail) == ("code_scan", "exit", "finished")
    assert session.acus_consumed and session.acus_consumed > 0.2
    now = int(simulator.clock.now())
    counted = client.run(GetSessionMetrics(time_after=now - DAY, time_before=now))
    assert counted.sessions_created_count == 1
    assert counted.sessions_created_by_origin and counted.sessions_created_by_origin.api == 0
    assert [one.session_id for one in client.items(ListSessions(origins=["code_scan"]))] == [
        session.session_id
    ]


def test_a_scan_whose_session_is_ended_is_cancelled(client: Client, simulator: Simulator) -> None:
    scan = start(client)
    (session,) = client.items(ListSessions())
    client.run(TerminateSession(session_id=session.session_id))
    simulator.clock.step(600)
    assert status_of(client, scan) == "cancelled" and found_by(client, scan) == []


def test_what_is_found_follows_from_the_seed() -> None:
    def titles(seed: int) -> list[str | None]:
        simulator = simulated(seed=seed)
        with Client(**simulator.connection(), guards=()) as client:
            return [one.title for one in found_by(client, done(client, simulator))]

    assert titles(1) == titles(1)
    assert len({tuple(titles(seed)) for seed in range(4)}) > 1


def test_findings_are_chosen_by_severity_and_status(client: Client, simulator: Simulator) -> None:
    scan = done(client, simulator)
    every = found_by(client, scan)
    assert [one.severity for one in every] == sorted(
        (one.severity for one in every), key=["critical", "high", "medium", "low"].index
    )
    chosen = [str(every[0].severity), "low"]
    assert {one.severity for one in found_by(client, scan, severity=chosen)} <= set(chosen)
    assert found_by(client, scan, status=["resolved", "dismissed"]) == []
    assert list(client.items(ListCodeScanFindings(repo_name="acme/search"))) == []
    for filters in ({"severity": ["terrible"]}, {"status": ["gone"]}):
        with pytest.raises(BadRequest):
            found_by(client, scan, **filters)


def test_a_fix_is_a_session_whose_merge_resolves_the_finding(client: Client, simulator: Simulator) -> None:
    scan = done(client, simulator)
    finding = found_by(client, scan)[0]
    on = {"scan_id": scan.scan_id, "finding_id": finding.finding_id}
    session_id = client.run(RemediateFinding(**on)).session_id
    record = simulator.world.sessions[session_id]
    assert finding.finding_id in record.prompt and record.origin == "code_scan"
    assert found_by(client, scan)[0].session_id == session_id
    simulator.clock.step(120)
    now = found_by(client, scan)[0]
    assert now.pr_url == record.pull_requests[0]["pr_url"] and now.status == "open"
    with pytest.raises(Conflict):
        client.run(RemediateFinding(**on))
    simulator.clock.step(700)
    assert found_by(client, scan)[0].status == "resolved"
    assert [one.finding_id for one in found_by(client, scan, status=["resolved"])] == [finding.finding_id]
    again = done(client, simulator)
    assert finding.title not in [one.title for one in found_by(client, again)]
    assert len(found_by(client, again)) == len(found_by(client, scan)) - 1
    with pytest.raises(NotFound):  # a finding of another scan
        client.run(RemediateFinding(scan_id=again.scan_id, finding_id=finding.finding_id))


def test_a_scan_of_findings_of_others_fixes_the_worst_by_itself(client: Client, simulator: Simulator) -> None:
    scan = client.run(StartIngestionScan(repo_name="acme/shop", profile_id=INGESTS))
    simulator.clock.step(600)
    found = found_by(client, scan)
    fixed = {one.finding_id for one in found if one.session_id is not None}
    assert fixed == {one.finding_id for one in found if one.severity in ("critical", "high")} != set()


def test_metrics_follow_from_the_scans(client: Client, simulator: Simulator) -> None:
    began = int(simulator.clock.now())
    scan = done(client, simulator)
    done(client, simulator, repo_name="acme/search", profile_id=PERFORMANCE)
    fixed = found_by(client, scan)[0]
    client.run(RemediateFinding(scan_id=scan.scan_id, finding_id=fixed.finding_id))
    simulator.clock.step(120)
    times = {"time_after": began, "time_before": began + DAY}
    counted = client.run(GetCodeScanMetrics(**times))
    assert (counted.scans_count, counted.repos_scanned_count) == (2, 2)
    assert (counted.prs_created_count, counted.prs_open_count, counted.prs_merged_count) == (1, 1, 0)
    assert counted.avg_pr_time_to_merge_seconds is None
    assert counted.avg_pr_open_duration_seconds and counted.avg_pr_open_duration_seconds < 120
    simulator.clock.step(700)
    later = client.run(GetCodeScanMetrics(**times))
    assert (later.prs_open_count, later.prs_merged_count) == (0, 1)
    assert later.avg_pr_time_to_merge_seconds == later.avg_pr_open_duration_seconds == 608
    still = Counter(one.severity for one in client.items(ListCodeScanFindings(status=["open"])))
    shown = later.model_dump()
    for severity in ("critical", "high", "medium", "low"):
        assert shown[f"open_{severity}_findings_count"] == still[severity]
    for wrong in ({"time_before": began + 101 * DAY}, {"time_before": began}):
        with pytest.raises(BadRequest, match="100 days"):
            client.run(GetCodeScanMetrics(**times | wrong))
    none = client.run(GetCodeScanMetrics(time_after=1, time_before=2))
    assert (none.scans_count, none.avg_pr_open_duration_seconds) == (0, None)


def test_a_full_backlog_refuses_until_scans_run(client: Client, simulator: Simulator) -> None:
    for _ in range(5):
        start(client)
    with pytest.raises(Conflict, match="backlog"):
        start(client)
    simulator.clock.step(61)
    assert start(client).status == "waiting"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"repo_name": "acme/nothing"}, NotFound),
        ({"host": "git.example.com"}, NotFound),
        ({"profile_id": "csprof-0"}, NotFound),
        ({"profile_id": INGESTS}, BadRequest),
        ({"profile_id": SECURITY, "scan_type": "performance"}, BadRequest),
        ({"scan_type": "performance"}, BadRequest),
        ({"scan_type": "astrology"}, BadRequest),
    ],
)
def test_a_start_that_does_not_fit_is_refused(client: Client, fields: dict[str, Any], error: Any) -> None:
    with pytest.raises(error):
        start(client, **fields)
    assert list(client.items(ListCodeScans())) == []


def test_an_ingestion_needs_a_profile_that_ingests(client: Client) -> None:
    for profile_id, error in ((SECURITY, BadRequest), ("csprof-0", NotFound)):
        with pytest.raises(error):
            client.run(StartIngestionScan(repo_name="acme/shop", profile_id=profile_id))


def test_scans_are_listed_newest_first_page_by_page(client: Client, simulator: Simulator) -> None:
    scans = [start(client, repo_name=name) for name in ("acme/shop", "acme/search", "acme/shop")]
    simulator.clock.step(60)
    scans.append(start(client))
    ids = [one.scan_id for one in reversed(scans)]
    assert [one.scan_id for one in client.items(ListCodeScans(limit=1))] == ids
    of_search = list(client.items(ListCodeScans(repo_name="acme/search")))
    assert [one.scan_id for one in of_search] == [scans[1].scan_id]
    late = {"time_after": int(simulator.clock.now())}
    assert [one.scan_id for one in client.items(ListCodeScans(**late))] == ids[:1]


def test_a_scan_repeats_every_week_until_it_is_stopped(client: Client, simulator: Simulator) -> None:
    scan = done(client, simulator)
    on = {"scan_id": scan.scan_id}
    auto = client.run(EnableAutoScan(**on))
    assert client.run(EnableAutoScan(**on)) == auto and auto.automation_id
    simulator.clock.step(2 * WEEK + DAY)
    scans = list(client.items(ListCodeScans()))
    assert [one.status for one in scans] == ["completed"] * 3
    assert {one.created_at - int(simulator.clock.now()) + DAY for one in scans[:2]} == {0, -WEEK}  # type: ignore[operator]
    sessions = list(client.items(ListSessions(origins=["code_scan"])))
    assert [one.automation_id for one in sessions] == [auto.automation_id] * 2 + [None]
    assert client.run(DisableAutoScan(**on)) == auto
    simulator.clock.step(3 * WEEK)
    assert len(list(client.items(ListCodeScans()))) == 3
    with pytest.raises(NotFound):
        client.run(DisableAutoScan(**on))
    with pytest.raises(NotFound):
        client.run(EnableAutoScan(scan_id="scan-0"))


def test_a_repetition_that_is_stopped_and_begun_anew_counts_from_then(
    client: Client, simulator: Simulator
) -> None:
    on = {"scan_id": done(client, simulator).scan_id}
    client.run(EnableAutoScan(**on))
    simulator.clock.step(WEEK - DAY)
    client.run(DisableAutoScan(**on))
    client.run(EnableAutoScan(**on))
    simulator.clock.step(2 * DAY)
    assert len(list(client.items(ListCodeScans()))) == 1
    simulator.clock.step(WEEK)
    assert len(list(client.items(ListCodeScans()))) == 2


def test_a_repetition_goes_by_the_profile_that_the_scan_has_by_then(
    client: Client, simulator: Simulator
) -> None:
    scan = done(client, simulator, profile_id=SECURITY)
    mine = client.run(CreateCodeScanProfile(name="Mine"))
    client.run(EnableAutoScan(scan_id=scan.scan_id))
    changed = client.run(SetCodeScanProfile(scan_id=scan.scan_id, profile_id=mine.profile_id))
    assert changed.profile and changed.profile.name == "Mine"
    simulator.clock.step(WEEK)
    newest = client.run(ListCodeScans(limit=1)).scans[0]
    assert newest.scan_id != scan.scan_id and newest.profile == changed.profile
    for profile_id in (INGESTS, PERFORMANCE):
        with pytest.raises(BadRequest):
            client.run(SetCodeScanProfile(scan_id=scan.scan_id, profile_id=profile_id))


def test_the_samples_hold_a_scan_with_a_finding_that_was_dismissed() -> None:
    simulator = simulated(sessions=3)
    with Client(**simulator.connection(), guards=()) as client:
        dismissed = list(client.items(ListCodeScanFindings(status=["dismissed"])))
        (scan,) = client.items(ListCodeScans())
        example = f"finding-{1:032x}"
        assert scan.scan_id == dismissed[0].scan_id == f"scan-{1:032x}"
        assert client.run(RemediateFinding(scan_id=scan.scan_id, finding_id=example)).finding_id == example


@pytest.mark.parametrize(
    "call",
    [
        ListCodeScans(),
        ListCodeScanFindings(),
        StartCodeScan(repo_name="acme/shop"),
        EnableAutoScan(scan_id="s"),
    ],
    ids=lambda call: type(call).__name__,
)
def test_each_needs_its_permission(call: Any) -> None:
    simulator = simulated(keys={"cog_a": {"ViewOrgSessions"}})
    with Client(**simulator.connection(), guards=()) as client, pytest.raises(Forbidden):
        client.run(call)
