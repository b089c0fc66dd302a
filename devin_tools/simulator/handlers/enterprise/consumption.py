"""Consumption in the enterprise, and the months that it is billed by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ....api.enterprise import consumption
from ...clock import EPOCH
from ...measures import month_of
from ...paging import page_of_rows
from ...world import World


def list_billing_cycles(world: World, call: consumption.ListBillingCycles) -> dict[str, Any]:
    """List the months from the world's first to the one that it is now, newest first."""
    oldest = min([EPOCH, *(record.created_at for record in world.sessions.values())])
    begin, rows = month_of(world.now), []
    while True:
        end = month_of(begin + timedelta(days=32).total_seconds())
        rows.append({"after": int(begin), "before": int(end)})
        if begin <= oldest:
            return page_of_rows(world.cut_page, enumerate(rows), call)
        begin = month_of(begin - 1)
