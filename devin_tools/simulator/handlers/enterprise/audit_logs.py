"""The audit log: what the calls changed here, and what the samples did."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....api.enterprise import audit_logs
from ....api.shared.log_period import why_no_span
from ...paging import Row, page_of
from ...refusal import Refusal
from ...session_filters import within
from ...world import World


def list_audit_logs(world: World, call: audit_logs.ListAuditLogs) -> dict[str, Any]:
    """List what was done everywhere."""
    return _page(world, call, None)


def list_organization_audit_logs(world: World, call: audit_logs.ListOrganizationAuditLogs) -> dict[str, Any]:
    """List what was done in one organisation."""
    world.organizations.find(call.org_id)
    return _page(world, call, call.org_id)


def _page(world: World, call: Any, org_id: str | None) -> dict[str, Any]:
    def passes(entry: dict[str, Any]) -> bool:
        return (
            org_id in (None, entry["org_id"])
            and call.action in (None, entry["action"])
            and within(entry["created_at"], call.time_after, call.time_before)
        )

    return page_in_order(world, world.audit_log, call, passes)


def page_in_order(world: World, entries: list[dict[str, Any]], call: Any, passes: Any) -> dict[str, Any]:
    """Cut one page of what was kept oldest first, in the order that the call asks for."""
    if why := why_no_span(call.time_after, call.time_before):
        raise Refusal(400, f"time_before {why}")
    is_up = call.order == "asc"

    def rows_after(position: int | None) -> Iterable[Row]:
        numbers = range(len(entries)) if is_up else range(len(entries) - 1, -1, -1)
        if position is not None:
            numbers = range(position + 1, len(entries)) if is_up else range(position - 1, -1, -1)
        return ((number, entries[number]) for number in numbers if passes(entries[number]))

    return page_of(world.cut_page, rows_after, call, total=sum(1 for _ in rows_after(None)))
