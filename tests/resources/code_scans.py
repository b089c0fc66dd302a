"""Scans of code, and what they find."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import Client, CodeScanFinding, EnableAutoScan, ListCodeScanFindings, StartCodeScan

SCAN: dict[str, Any] = {
    "scan_id": "scan-0123456789abcdef",
    "org_id": "org-0123456789abcdef0123456789abcdef",
    "repo_name": "acme/shop",
    "host": "github.com",
    "profile": {"profile_id": "csprof-0123456789abcdef0123456789abcdef", "name": "Injection"},
    "scan_type": "security",
    "status": "completed",
    "created_at": 1767225600,
}
FINDING: dict[str, Any] = {
    "finding_id": "finding-0123456789abcdef",
    "scan_id": "scan-0123456789abcdef",
    "repo_name": "acme/shop",
    "severity": "critical",
    "status": "open",
    "title": "A search term becomes a part of a query",
    "description": "What users type reaches the database as it is.",
    "recommendation": "Bind it as a parameter.",
    "category": "sql-injection",
    "note": "Seen by the owners.",
    "code_owners": ["@acme/search"],
    "created_at": 1767229200,
    "pr_url": "https://github.com/acme/shop/pull/7",
    "session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
    "orchestrator_session_id": "0b9c4f3a2b1c0d9e8f7a6b5c4d3e2f1a",
    "reference_snippets": [
        {
            "file_path": "src/search.py",
            "start_line": 41,
            "end_line": 42,
            "commentary": "Here it is put in.",
            "code": "db.execute(query + term)",
        }
    ],
    "related_finding_ids": ["finding-1"],
}
BARE = dict.fromkeys(FINDING) | {
    "finding_id": "finding-1", "scan_id": "scan-0123456789abcdef", "repo_name": "acme/shop",
    "severity": "low", "status": "dismissed", "code_owners": [], "created_at": 1767229100,
    "reference_snippets": [],
}  # fmt: skip
METRICS: dict[str, Any] = {
    "scans_count": 3,
    "repos_scanned_count": 2,
    "prs_created_count": 4,
    "prs_open_count": 1,
    "prs_merged_count": 2,
    "prs_closed_count": 1,
    "avg_pr_time_to_merge_seconds": 3600.5,
    "avg_pr_open_duration_seconds": 7200.0,
    "open_critical_findings_count": 1,
    "open_high_findings_count": 2,
    "open_medium_findings_count": 3,
    "open_low_findings_count": 4,
}
AUTO = {"scan_id": "scan-0123456789abcdef", "automation_id": "automation-0123456789abcdef"}
REMEDIATION = {"finding_id": "finding-1", "session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"}
LARGEST: dict[str, Any] = {
    "CodeScan": SCAN,
    "CodeScanPage": page(SCAN, SCAN | {"scan_id": "scan-2", "profile": None}),
    "CodeScanFindingPage": page(FINDING, BARE),
    "CodeScanMetrics": METRICS,
    "AutoScan": AUTO,
    "Remediation": REMEDIATION,
}
SMALLEST: dict[str, Any] = {
    "CodeScan": SCAN | {"host": None, "profile": None},
    "CodeScanPage": {"items": []},
    "CodeScanFindingPage": {"items": []},
    "CodeScanMetrics": METRICS | {"avg_pr_time_to_merge_seconds": None, "avg_pr_open_duration_seconds": None},
    "AutoScan": {},
    "Remediation": REMEDIATION,
}
UNTRUSTED = {
    "ScanProfile": {"name"},
    "CodeScan": {"repo_name"},
    "CodeScanFinding": {
        "repo_name", "title", "description", "recommendation", "category", "note", "code_owners",
    },
    "FindingSnippet": {"file_path", "commentary", "code"},
}  # fmt: skip

REPO = {"repo_name": "acme/shop"}
SECURITY, OTHERS = f"csprof-{1:032x}", f"csprof-{2:032x}"


SCAN_SECONDS = 600
"""How many seconds of the simulator's clock a scan is surely done in."""


def furnish(client: Client) -> dict[str, Any]:
    """Name a scan that is repeated, and a finding of it that nobody fixes."""
    if (free := _unfixed(client)) is None:
        client.run(StartCodeScan(**REPO))
        client.state.clock.sleep(SCAN_SECONDS)
        free = _unfixed(client)
    assert free is not None and free.scan_id is not None
    client.run(EnableAutoScan(scan_id=free.scan_id))
    return {"scan_id": free.scan_id, "finding_id": free.finding_id}


def _unfixed(client: Client) -> CodeScanFinding | None:
    open_ones = client.run(ListCodeScanFindings(status=["open"])).findings
    return next((finding for finding in open_ones if finding.session_id is None), None)


def cases() -> Cases:
    scan = yield Case("devin_start_code_scan", "by_a_profile", REPO | {"profile_id": SECURITY}, live=False)
    yield Case("devin_start_code_scan", "wrong_kind", REPO | {"profile_id": OTHERS}, live=False)
    yield Case("devin_start_code_scan", "no_such_repository", {"repo_name": "acme/nothing"}, live=False)
    yield Case("devin_start_ingestion_scan", "waiting", REPO | {"profile_id": OTHERS}, live=False)
    yield Case("devin_start_ingestion_scan", "wrong_kind", REPO | {"profile_id": SECURITY}, live=False)
    for number in (3, 4, 5):
        yield Case("devin_start_code_scan", f"waiting_{number}", REPO, live=False)
    yield Case("devin_start_code_scan", "backlog_full", REPO, live=False)
    on = {"scan_id": scan.scan_id}
    yield Case("devin_list_code_scans", "completed", {"limit": 1} | REPO, live=False, after=600)
    found = yield Case("devin_list_code_scan_findings", "of_a_scan", on, live=False)
    one = on | {"finding_id": found.findings[0].finding_id}
    yield Case("devin_remediate_finding", "started", one, live=False)
    yield Case("devin_remediate_finding", "twice", one, live=False)
    resolved = on | {"status": ["resolved"]}
    yield Case("devin_list_code_scan_findings", "resolved", resolved, live=False, after=3600)
    times = {"time_after": 1767225600, "time_before": 1769904000}
    yield Case("devin_get_code_scan_metrics", "a_month", times, live=False)
    yield Case("devin_get_code_scan_metrics", "too_long", times | {"time_before": 1798761600}, live=False)
    yield Case("devin_set_code_scan_profile", "wrong_kind", on | {"profile_id": OTHERS}, live=False)
    yield Case("devin_set_code_scan_profile", "changed", on | {"profile_id": SECURITY}, live=False)
    yield Case("devin_enable_auto_scan", "enabled", on, live=False)
    yield Case("devin_disable_auto_scan", "disabled", on, live=False)
    yield Case("devin_disable_auto_scan", "twice", on, live=False)
