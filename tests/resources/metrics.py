"""Counts over a time."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

SIZES = {"xs": 1, "s": 2, "m": 0, "l": 0, "xl": 0}
ACTIVE = {"active_users": 3, "start_time": 1767225600, "end_time": 1767312000}
LARGEST: dict[str, Any] = {
    "SessionMetrics": {
        "sessions_created_count": 3,
        "sessions_created_with_playbook_count": 1,
        "sessions_created_with_search_count": 0,
        "sessions_with_merged_prs_count": 1,
        "avg_acus_per_session": 2.5,
        "sessions_created_by_origin": {"api": 3, "jira": 0, "linear": 0, "slack": 0, "teams": 0, "webapp": 0},
        "sessions_created_by_size": SIZES,
        "sessions_with_merged_prs_by_size": SIZES,
    },
    "PullRequestMetrics": {
        "prs_created_count": 3,
        "prs_opened_count": 1,
        "prs_merged_count": 1,
        "prs_closed_count": 1,
        "prs_taken_over_count": 2,
        "prs_taken_over_opened_count": 1,
        "prs_taken_over_merged_count": 1,
        "prs_taken_over_closed_count": 0,
    },
    "SearchMetrics": {"searches_created_count": 4},
    "UsageMetrics": {
        "sessions_count": 3,
        "searches_count": 4,
        "prs_created_count": 3,
        "prs_merged_count": 1,
    },
    "ActiveUsers": ACTIVE,
    "ActiveUserCounts": [ACTIVE, ACTIVE | {"active_users": 0}],
}
SMALLEST: dict[str, Any] = {
    "SessionMetrics": {},
    "PullRequestMetrics": {},
    "SearchMetrics": {},
    "UsageMetrics": {},
    "ActiveUsers": ACTIVE,
    "ActiveUserCounts": [],
}


def cases() -> Cases:
    week = {"time_after": 1767225600, "time_before": 1767830400}
    for name in ("session", "pull_request", "search", "usage"):
        yield Case(f"devin_get_{name}_metrics", "a_week", week)
    yield Case("devin_get_active_users", "a_week", week)
    for name in ("daily", "weekly", "monthly"):
        yield Case(f"devin_get_{name}_active_users", "a_week", week)
