"""The queue and the machines: both follow from the sessions."""

from __future__ import annotations

from typing import Any

from ....api.enterprise import infrastructure
from ...clock import EPOCH
from ...paging import page_of_rows
from ...world import World

WAITS = frozenset({"new", "claimed"})
RUNS = frozenset({"running", "resuming"})
ELEVATED, HIGH = 5, 20
"""From how many waiting sessions on the queue is called so. The vendor documents no numbers."""

PER_MACHINE = 4
"""How many sessions a machine carries."""
LEAST_MACHINES = 2


def get_queue(world: World, call: infrastructure.GetQueue) -> dict[str, Any]:
    """Count the sessions that have no machine yet."""
    size = sum(record.status in WAITS for record in world.in_scope())
    status = "high" if size >= HIGH else "elevated" if size >= ELEVATED else "normal"
    return {"queue_size": size, "status": status}


def list_hypervisors(world: World, call: infrastructure.ListHypervisors) -> dict[str, Any]:
    """List as many machines as the running sessions need, filled one after another, and one that is gone."""
    left = sum(record.status in RUNS for record in world.in_scope())
    rows = []
    for number in range(1, max(LEAST_MACHINES, -(-left // PER_MACHINE)) + 1):
        carried = min(left, PER_MACHINE)
        left -= carried
        rows.append(_machine(number, "available", 100.0 * carried / PER_MACHINE, int(world.now)))
    rows.append(_machine(0, "terminated", 0.0, int(EPOCH)))
    wanted = call.status or "available"
    found = [row for row in rows if wanted in ("all", row["status"])]
    return page_of_rows(world.cut_page, enumerate(found), call)


def _machine(number: int, status: str, utilization: float, seen: int) -> dict[str, Any]:
    return {
        "hypervisor_id": f"hypervisor-{number}",
        "status": status,
        "utilization_percentage": utilization,
        "cloud_provider_instance_id": f"i-{number:017x}",
        "created_at": int(EPOCH),
        "last_heartbeat": seen,
    }
