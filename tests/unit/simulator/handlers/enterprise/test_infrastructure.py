"""The queue and the machines follow from the sessions of all organisations."""

from __future__ import annotations

from support.simulated_api import simulated

from devin_tools import Client
from devin_tools.api import CreateSession, GetQueue, ListHypervisors
from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID


def test_sessions_wait_in_the_queue_and_then_load_machines() -> None:
    simulator = simulated()
    for org_id in (ORG_ID, OTHER_ORG_ID):
        with Client(**simulator.connection() | {"org_id": org_id}, guards=()) as client:
            for _ in range(5):
                client.run(CreateSession(prompt="x"))
    with Client(**simulator.connection(), guards=()) as client:
        queue = client.run(GetQueue())
        assert (queue.queue_size, queue.status) == (10, "elevated")
        idle = client.run(ListHypervisors()).hypervisors
        assert [one.utilization_percentage for one in idle] == [0.0, 0.0]
        simulator.clock.step(10)
        assert (client.run(GetQueue()).queue_size, client.run(GetQueue()).status) == (0, "normal")
        loaded = list(client.items(ListHypervisors(limit=1)))
        assert [one.utilization_percentage for one in loaded] == [100.0, 100.0, 50.0]
        assert {one.status for one in loaded} == {"available"}
        everything = [one.status for one in client.items(ListHypervisors(status="all"))]
        assert sorted(everything) == ["available"] * 3 + ["terminated"]
        assert client.run(ListHypervisors(status="draining")).hypervisors == []
