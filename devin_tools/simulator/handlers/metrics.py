"""Metrics: what there is to count in this world. Nobody searches here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from ...api import metrics
from ...api.shared.times import unix_seconds
from ..measures import SIZES, size_of
from ..refusal import Refusal
from ..session_filters import filter_of, within
from ..world import SessionRecord, World

ORIGINS = ("api", "jira", "linear", "slack", "teams", "webapp")
MAX_PERIODS = 1_000
"""More periods than this are refused, as any server would."""


def created(world: World, call: Any) -> list[SessionRecord]:
    """Return the sessions created within the bounds that pass the call's filters."""
    passes = filter_of(call)
    return [
        record
        for record in world.in_scope()
        if within(record.created_at, call.time_after, call.time_before) and passes(record)
    ]


def _is_merged(record: SessionRecord) -> bool:
    return any(item["pr_state"] == "merged" for item in record.pull_requests)


def _by_size(world: World, records: list[SessionRecord]) -> dict[str, int]:
    counts = Counter(size_of(record, world.now) for record in records)
    return {size: counts[size] for size in (*SIZES, "xl")}


def session_metrics(world: World, call: metrics.GetSessionMetrics) -> dict[str, Any]:
    """Count sessions."""
    records = created(world, call)
    merged = [record for record in records if _is_merged(record)]
    spent = sum(record.spent(world.now) for record in records)
    by_origin = Counter(record.origin for record in records)
    return {
        "sessions_created_count": len(records),
        "sessions_created_with_playbook_count": sum(bool(r.asked.get("playbook_id")) for r in records),
        "sessions_created_with_search_count": 0,
        "sessions_with_merged_prs_count": len(merged),
        "avg_acus_per_session": round(spent / len(records), 4) if records else 0.0,
        "sessions_created_by_origin": {origin: by_origin[origin] for origin in ORIGINS},
        "sessions_created_by_size": _by_size(world, records),
        "sessions_with_merged_prs_by_size": _by_size(world, merged),
    }


def _pull_requests(world: World, call: Any) -> Counter[str]:
    return Counter(item["pr_state"] for record in created(world, call) for item in record.pull_requests)


def pull_request_metrics(world: World, call: metrics.GetPullRequestMetrics) -> dict[str, Any]:
    """Count pull requests."""
    return count_pull_requests(world, call)


def count_pull_requests(world: World, call: Any) -> dict[str, Any]:
    """Count the pull requests of the sessions that a call is about, by their state."""
    states = _pull_requests(world, call)
    return {
        "prs_created_count": states.total(),
        "prs_opened_count": states["open"],
        "prs_merged_count": states["merged"],
        "prs_closed_count": states["closed"],
    }


def search_metrics(world: World, call: metrics.GetSearchMetrics) -> dict[str, Any]:
    """Count searches, of which there are none."""
    return {"searches_created_count": 0}


def usage_metrics(world: World, call: metrics.GetUsageMetrics) -> dict[str, Any]:
    """Count the main things."""
    states = _pull_requests(world, call)
    return {
        "sessions_count": len(created(world, call)),
        "searches_count": 0,
        "prs_created_count": states.total(),
        "prs_merged_count": states["merged"],
    }


def _active(world: World, call: Any, begin: float, end: float) -> dict[str, int]:
    """Count who created enough sessions in a period; nobody searches, so nobody is active by that."""
    passes = filter_of(call)
    records = (record for record in world.in_scope() if passes(record))
    counts = Counter(record.user_id for record in records if begin <= record.created_at < end)
    users = [user for user, count in counts.items() if user is not None and count >= call.min_sessions]
    return {"active_users": len(users), "start_time": int(begin), "end_time": int(end)}


def active_users(world: World, call: metrics.GetActiveUsers) -> dict[str, int]:
    """Count who was active within the bounds."""
    return _active(world, call, unix_seconds(call.time_after), unix_seconds(call.time_before))


def daily_active_users(world: World, call: metrics.GetDailyActiveUsers) -> list[dict[str, int]]:
    """Count who was active on each day."""
    return _by_period(world, call, _day(call), lambda day: day + timedelta(days=1))


def weekly_active_users(world: World, call: metrics.GetWeeklyActiveUsers) -> list[dict[str, int]]:
    """Count who was active in each week, from Monday on."""
    day = _day(call)
    return _by_period(world, call, day - timedelta(days=day.weekday()), lambda week: week + timedelta(days=7))


def monthly_active_users(world: World, call: metrics.GetMonthlyActiveUsers) -> list[dict[str, int]]:
    """Count who was active in each month."""
    first = _day(call).replace(day=1)
    return _by_period(world, call, first, lambda month: (month + timedelta(days=32)).replace(day=1))


LATEST = 250_000_000_000
"""A time in the last century that dates can say."""


def _day(call: Any) -> datetime:
    """Return the begin of the day on which the time of a call begins."""
    if not 0 <= call.time_after <= LATEST:
        error = {"loc": ["query", "time_after"], "msg": "No calendar has such a day", "type": "value_error"}
        raise Refusal(422, "The request is not valid", [error])
    return datetime.fromtimestamp(call.time_after, UTC).replace(hour=0, minute=0, second=0)


def _by_period(
    world: World, call: Any, begin: datetime, next_of: Callable[[datetime], datetime]
) -> list[dict[str, int]]:
    rows: list[dict[str, int]] = []
    while begin.timestamp() < call.time_before:
        if len(rows) == MAX_PERIODS:
            raise Refusal(400, f"At most {MAX_PERIODS} periods are counted at once")
        end = next_of(begin)
        rows.append(_active(world, call, begin.timestamp(), end.timestamp()))
        begin = end
    return rows
