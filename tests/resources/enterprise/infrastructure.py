"""The queue and the machines."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

MACHINE = {
    "hypervisor_id": "hypervisor-1",
    "status": "available",
    "utilization_percentage": 62.5,
    "cloud_provider_instance_id": "i-00000000000000001",
    "created_at": 1767225600,
    "last_heartbeat": 1767229200,
}

LARGEST: dict[str, Any] = {
    "QueueStatus": {"queue_size": 3, "status": "elevated"},
    "HypervisorPage": page(MACHINE, MACHINE | {"hypervisor_id": "hypervisor-2", "last_heartbeat": None}),
}
SMALLEST: dict[str, Any] = {
    "QueueStatus": {"queue_size": 0},
    "HypervisorPage": {"items": [{"hypervisor_id": "hypervisor-1"}]},
}


def cases() -> Cases:
    yield Case("devin_get_queue", "normal", {}, live=False)
    yield Case("devin_list_hypervisors", "available", {"limit": 1}, live=False)
    yield Case("devin_list_hypervisors", "all", {"status": "all"}, live=False)
