"""Counts over a time, of all organisations."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

from devin_tools import Client

SUBCATEGORY = {"subcategory_id": None, "display_name": "Flaky tests", "sessions_count": 2, "acus": 3.5}
CATEGORY = {"category": "bug_fixing", "sessions_count": 2, "acus": 3.5, "subcategories": [SUBCATEGORY]}

LARGEST: dict[str, Any] = {
    "CategoryMetrics": {
        "categories": [CATEGORY, CATEGORY | {"category": "migrations", "subcategories": []}],
    }
}
SMALLEST: dict[str, Any] = {"CategoryMetrics": {"categories": []}}
UNTRUSTED = {"SubcategoryCount": {"display_name"}}


def furnish(client: Client) -> dict[str, Any]:
    return {"org_id": client.settings.org_id}


def cases() -> Cases:
    org_id = "org-5e0f0000000000000000000000000001"
    week = {"time_after": 1767225600, "time_before": 1767830400}
    for name in ("session", "pr", "search", "category"):
        yield Case(f"devin_get_enterprise_{name}_metrics", "a_week", week, live=False)
    yield Case("devin_get_enterprise_session_metrics", "of_one", week | {"org_ids": [org_id]}, live=False)
    yield Case("devin_get_enterprise_usage_metrics", "all", {}, live=False)
    yield Case("devin_get_organization_usage_metrics", "all", {"org_id": org_id}, live=False)
    yield Case("devin_get_organization_usage_metrics", "unknown", {"org_id": "org-nowhere"}, live=False)
    for name in ("active_users", "dau", "wau", "mau"):
        yield Case(f"devin_get_enterprise_{name}", "a_week", week, live=False)
