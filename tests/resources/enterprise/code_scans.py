"""Scans of code in all organisations of an enterprise."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

from devin_tools import Client
from devin_tools.simulator.principals import ORG_ID

HERE = {"org_id": ORG_ID}
REPO = {"repo_name": "acme/shop"}


def furnish(client: Client) -> dict[str, Any]:
    return {"org_id": ORG_ID}


def cases() -> Cases:
    scan = yield Case("devin_start_enterprise_scan", "waiting", HERE | REPO, live=False)
    nowhere = {"org_id": "org-0"} | REPO
    yield Case("devin_start_enterprise_scan", "no_such_organization", nowhere, live=False)
    ingest = REPO | {"profile_id": f"csprof-{2:032x}"}
    yield Case("devin_start_enterprise_ingestion_scan", "waiting", HERE | ingest, live=False)
    on = HERE | {"scan_id": scan.scan_id}
    others = {"org_ids": [ORG_ID]}
    yield Case("devin_list_enterprise_scans", "of_one", others, live=False, after=600)
    found = yield Case("devin_list_enterprise_findings", "of_one", others | {"limit": 2}, live=False)
    one = on | {"scan_id": found.findings[0].scan_id, "finding_id": found.findings[0].finding_id}
    yield Case("devin_remediate_enterprise_finding", "by_itself", one, live=False)
    own = yield Case("devin_list_enterprise_findings", "of_a_scan", {"scan_id": scan.scan_id}, live=False)
    one = on | {"finding_id": own.findings[0].finding_id}
    yield Case("devin_remediate_enterprise_finding", "started", one, live=False)
    elsewhere = one | {"org_id": "org-0"}
    yield Case("devin_remediate_enterprise_finding", "not_found", elsewhere, live=False)
    times = {"time_after": 1767225600, "time_before": 1769904000}
    yield Case("devin_get_enterprise_scan_metrics", "a_month", times, live=False)
    profile = on | {"profile_id": f"csprof-{1:032x}"}
    yield Case("devin_set_enterprise_scan_profile", "changed", profile, live=False)
    yield Case("devin_enable_enterprise_auto_scan", "enabled", on, live=False)
    yield Case("devin_disable_enterprise_auto_scan", "disabled", on, live=False)
    yield Case("devin_disable_enterprise_auto_scan", "twice", on, live=False)
