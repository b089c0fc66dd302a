"""Scans of code are started, repeated and listed; what they find is listed, counted and fixed."""

from __future__ import annotations

from statistics import fmean
from typing import Any

from ...api import code_scans as api
from ...api.code_scan_profiles import DEFAULT_TYPE, SCAN_TYPES
from ...api.code_scans import FINDING_SEVERITIES
from ...api.shared.times import unix_seconds
from ..handler_faults import as_json
from ..refusal import Refusal
from ..response import Answer
from ..scanning import (
    FINDINGS,
    HOST,
    SCANS,
    add_scan,
    all_of,
    backlog,
    begin_fix,
    begin_scan,
    find_issues,
    finding_shown,
    newest_first,
    pull_request_of,
    scan_shown,
)
from ..session_filters import check_enum, within
from ..world import World
from .code_scan_profiles import SHARED, find_profile, profiles_of
from .repositories import PATHS

REPEATED = "Auto-scan"
MAX_BACKLOG = 5
"""How many scans of an organisation may wait; one more is refused."""
REPEAT_SECONDS = 7 * 86_400.0
"""How long after each scan the next one of an auto-scan begins: the vendor documents no time."""
MAX_DAYS = 100
"""The longest time that metrics are counted over, in days (the vendor's rule)."""

# Scans


def start_code_scan(world: World, call: api.StartCodeScan) -> Answer:
    """Start a scan by no profile, or by one that discovers."""
    profile = None if call.profile_id is None else find_profile(world, call.profile_id)
    if profile is not None and profile["mode"] != "discover":
        raise Refusal(400, "The profile is for scans that ingest findings")
    check_enum(("body", "scan_type"), [call.scan_type], SCAN_TYPES)
    scan_type = call.scan_type or (profile["scan_type"] if profile else DEFAULT_TYPE)
    if scan_type != (profile["scan_type"] if profile else DEFAULT_TYPE):
        needed = "The profile is for scans of another type" if profile else "This type needs a profile"
        raise Refusal(400, needed)
    return Answer(201, as_json(_start(world, call, profile, scan_type)))


def start_ingestion_scan(world: World, call: api.StartIngestionScan) -> dict[str, Any]:
    """Start a scan of what another scanner found."""
    profile = find_profile(world, call.profile_id)
    if profile["mode"] != "ingest":
        raise Refusal(400, "The profile is for scans that discover findings")
    return _start(world, call, profile, profile["scan_type"], ingests=True)


def _start(
    world: World, call: Any, profile: dict[str, Any] | None, scan_type: str, *, ingests: bool = False
) -> dict[str, Any]:
    if call.repo_name not in PATHS or call.host not in (None, HOST):
        raise Refusal(404, "Repository not found")
    if backlog(world) >= MAX_BACKLOG:
        raise Refusal(409, "The backlog of scans is full: try again later")
    scan = begin_scan(world, world.now, call.repo_name, profile, scan_type, ingests=ingests)
    return scan_shown(world, scan)


def list_code_scans(world: World, call: api.ListCodeScans) -> dict[str, Any]:
    """List scans."""
    found = [
        scan
        for scan in all_of(world, SCANS, call)
        if call.repo_name in (None, scan["repo_name"])
        and within(scan["created_at"], call.time_after, call.time_before)  # type: ignore[arg-type]
    ]
    return newest_first(world, call, found, scan_shown)


def list_findings(world: World, call: api.ListCodeScanFindings) -> dict[str, Any]:
    """List findings."""
    check_enum(("query", "severity"), call.severity or (), FINDING_SEVERITIES)
    check_enum(("query", "status"), call.status or (), api.FINDING_STATUSES)
    found = [
        finding
        for finding in all_of(world, FINDINGS, call)
        if call.scan_id in (None, finding["scan_id"])
        and call.repo_name in (None, finding["repo_name"])
        and (call.severity is None or finding["severity"] in call.severity)
        and (call.status is None or finding_shown(world, finding)["status"] in call.status)
    ]
    return newest_first(world, call, found, finding_shown)


# Fixes


def remediate(world: World, call: api.RemediateFinding) -> Answer:
    """Start a session that fixes a finding, unless one was started."""
    world.store(SCANS).find(call.scan_id)
    finding = world.store(FINDINGS).find(call.finding_id)
    if finding["scan_id"] != call.scan_id:
        raise Refusal(404, "Finding not found")
    if finding["session_id"] is not None:
        raise Refusal(409, "The finding has a remediation session already")
    session_id = begin_fix(world, finding, world.now, world.principal.service_user_id)
    return Answer(201, as_json({"finding_id": call.finding_id, "session_id": session_id}))


# Metrics


def metrics(world: World, call: api.GetCodeScanMetrics) -> dict[str, Any]:
    """Count the scans of a time, and what came of them."""
    after, before = unix_seconds(call.time_after), unix_seconds(call.time_before)
    if not after < before or before - after > MAX_DAYS * 86_400:
        raise Refusal(400, f"time_after must be before time_before, by at most {MAX_DAYS} days")
    scans = [scan for scan in all_of(world, SCANS, call) if within(scan["created_at"], after, before)]
    ids = {scan["scan_id"] for scan in scans}
    findings = [one for one in all_of(world, FINDINGS, call) if one["scan_id"] in ids]
    pulls = [pull for pull in (pull_request_of(world, one) for one in findings) if pull is not None]
    states = [pull["pr_state"] for pull in pulls]
    open_ones = [one for one in findings if finding_shown(world, one)["status"] == "open"]
    times = [pull.get("closed_at", world.now) - pull["created_at"] for pull in pulls]
    merged = [pull["closed_at"] - pull["created_at"] for pull in pulls if pull["pr_state"] == "merged"]
    return {
        "scans_count": len(scans),
        "repos_scanned_count": len({scan["repo_name"] for scan in scans}),
        "prs_created_count": len(pulls),
        "prs_open_count": states.count("open"),
        "prs_merged_count": states.count("merged"),
        "prs_closed_count": states.count("closed"),
        "avg_pr_time_to_merge_seconds": fmean(merged) if merged else None,
        "avg_pr_open_duration_seconds": fmean(times) if times else None,
    } | {
        f"open_{severity}_findings_count": sum(one["severity"] == severity for one in open_ones)
        for severity in FINDING_SEVERITIES
    }


def set_profile(world: World, call: api.SetCodeScanProfile) -> dict[str, Any]:
    """Put a profile of its kind in place of that of a scan, which is repeated by it."""
    scan, profile = world.store(SCANS).find(call.scan_id), find_profile(world, call.profile_id)
    if (profile["mode"], profile["scan_type"]) != (
        "ingest" if scan["ingests"] else "discover",
        scan["scan_type"],
    ):
        raise Refusal(400, "The profile is for scans of another kind")
    scan["profile"] = {name: profile[name] for name in ("profile_id", "name")}
    return scan_shown(world, scan)


# Repetition


def enable_auto_scan(world: World, call: api.EnableAutoScan) -> dict[str, Any]:
    """Repeat a scan from now on; one that is repeated stays so."""
    world.store(SCANS).find(call.scan_id)
    repeated = world.store(REPEATED)
    if not repeated.has(call.scan_id):
        automation_id = f"automation-{world.new_id()}"
        auto = {"scan_id": call.scan_id, "automation_id": automation_id}
        repeated.add(call.scan_id, auto | {"by": world.principal.service_user_id})
        world.at(world.now + REPEAT_SECONDS, _repeats, world.org_id, call.scan_id, automation_id)
    return _auto_shown(repeated.find(call.scan_id))


def _auto_shown(auto: dict[str, Any]) -> dict[str, Any]:
    return {name: auto[name] for name in ("scan_id", "automation_id")}


def disable_auto_scan(world: World, call: api.DisableAutoScan) -> dict[str, Any]:
    """Repeat a scan no longer."""
    world.store(SCANS).find(call.scan_id)
    return _auto_shown(world.store(REPEATED).remove(call.scan_id))


def _repeats(world: World, moment: float, org_id: str, scan_id: str, automation_id: str) -> None:
    """Begin a scan like the one that is repeated, unless the backlog is full, and have it done again."""
    with world.within(org_id):
        repeated = world.store(REPEATED)
        if not repeated.has(scan_id) or repeated.find(scan_id)["automation_id"] != automation_id:
            return
        scan = world.store(SCANS).find(scan_id)
        profile_id = scan["profile"] and scan["profile"]["profile_id"]
        profile = next((one for one in profiles_of(world) if one["profile_id"] == profile_id), None)
        if backlog(world) < MAX_BACKLOG:
            repo, ingests = scan["repo_name"], scan["ingests"]
            new = begin_scan(
                world, moment, repo, profile, scan["scan_type"], ingests=ingests, automation_id=automation_id
            )
            world.sessions[new["by"]].service_user_id = repeated.find(scan_id)["by"]
        world.at(moment + REPEAT_SECONDS, _repeats, org_id, scan_id, automation_id)


# Samples


def add_sample_scan(world: World, now: float) -> None:
    """Add a scan that was done before the world began, with what it found; one finding was dismissed."""
    scan = add_scan(world, f"scan-{1:032x}", None, now - 3_600, PATHS[-1], SHARED[0], "security", False)
    scan["status"] = "completed"
    find_issues(world, scan, now - 3_300)[1] |= {"status": "dismissed", "note": "Reached by nobody."}
