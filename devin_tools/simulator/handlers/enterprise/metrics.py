"""Metrics of the enterprise: those of an organisation, over all of them or the ones that are named."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import metrics
from ...world import SessionRecord, World
from .. import metrics as of_organization


def pr_metrics(world: World, call: metrics.GetEnterprisePrMetrics) -> dict[str, Any]:
    """Count pull requests."""
    return of_organization.count_pull_requests(world, call)


def category_metrics(world: World, call: metrics.GetEnterpriseCategoryMetrics) -> dict[str, Any]:
    """Count the sessions that have a category by now; each has the one subcategory that there is here."""
    by_category: dict[str, list[SessionRecord]] = {}
    for record in of_organization.created(world, call):
        if record.category is not None:
            by_category.setdefault(record.category, []).append(record)
    rows = []
    for category, records in sorted(by_category.items()):
        acus = round(sum(record.spent(world.now) for record in records), 4)
        counts = {"sessions_count": len(records), "acus": acus}
        other = {"subcategory_id": None, "display_name": "Other", **counts}
        rows.append({"category": category, **counts, "subcategories": [other]})
    return {"categories": rows}
