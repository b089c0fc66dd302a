"""Sample violations happened in sample sessions."""

from __future__ import annotations

from support.simulated_api import simulated

from devin_tools import Client
from devin_tools.api import ListGuardrailViolations, ListOrganizationViolations
from devin_tools.simulator.principals import ORG_ID, OTHER_ORG_ID


def test_they_name_the_session_and_what_was_said_there_and_are_found_by_it() -> None:
    simulator = simulated(sessions=3)
    with Client(**simulator.connection(), guards=()) as client:
        listed = list(client.items(ListGuardrailViolations(order="asc", limit=1)))
        assert [one.violation_id for one in listed] == [1, 2]
        for one in listed:
            record = simulator.world.sessions[str(one.session_id)]
            assert (one.user_message, one.org_id) == (record.prompt, record.org_id)
            found = ListGuardrailViolations(session_id=f"devin-{one.session_id}")
            assert client.run(found).violations == [one]
            assert client.run(ListGuardrailViolations(guardrail_id=one.guardrail_id)).violations == [one]
        assert client.run(ListOrganizationViolations(org_id=ORG_ID)).violations == listed[::-1]
        assert client.run(ListOrganizationViolations(org_id=OTHER_ORG_ID)).violations == []


def test_a_world_without_samples_has_none() -> None:
    with Client(**simulated().connection(), guards=()) as client:
        assert client.run(ListGuardrailViolations()).violations == []
