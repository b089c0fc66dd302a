"""What the enterprise has, every organisation sees; what an organisation has, no other does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.simulated_api import simulated

from devin_tools import Client, Simulator
from devin_tools.api import (
    CreateEnterprisePlaybook,
    CreateKnowledgeNote,
    CreatePlaybook,
    DeleteEnterprisePlaybook,
    DeletePlaybook,
    GetEnterpriseNote,
    GetEnterprisePlaybook,
    GetKnowledgeNote,
    GetPlaybook,
    ListEnterpriseNotes,
    ListEnterprisePlaybooks,
    ListKnowledgeNotes,
    ListPlaybooks,
    UpdateEnterprisePlaybook,
    UpdatePlaybook,
)
from devin_tools.errors import Forbidden, NotFound
from devin_tools.simulator.principals import OTHER_ORG_ID
from devin_tools.simulator.world import INHERITED_PLAYBOOK

PLAYBOOK = {"title": "Release", "body": "1. Tag it."}
NOTE = {"name": "Deploys", "body": "Run make deploy.", "trigger": "When deploying"}


@pytest.fixture
def simulator() -> Simulator:
    return simulated(sessions=1)


@pytest.fixture
def other(simulator: Simulator) -> Iterator[Client]:
    """Return a client of the other organisation."""
    with Client(**simulator.connection() | {"org_id": OTHER_ORG_ID}) as client:
        yield client


def test_a_playbook_of_the_enterprise_is_in_every_organisation_and_read_only_there(
    client: Client, other: Client
) -> None:
    made = client.run(CreateEnterprisePlaybook(**PLAYBOOK))
    assert (made.access_type, made.org_id) == ("enterprise", None)
    on = {"playbook_id": made.playbook_id}
    for organization in (client, other):
        assert organization.run(GetPlaybook(**on)).title == "Release"
        assert made.playbook_id in [row.playbook_id for row in organization.items(ListPlaybooks(limit=1))]
        for refused in (UpdatePlaybook(**on, title="Mine"), DeletePlaybook(**on)):
            with pytest.raises(Forbidden, match="enterprise"):
                organization.run(refused)
    client.run(UpdateEnterprisePlaybook(**on, title="Ours"))
    assert other.run(GetPlaybook(**on)).title == "Ours"
    client.run(DeleteEnterprisePlaybook(**on))
    with pytest.raises(NotFound):
        other.run(GetPlaybook(**on))


def test_the_sample_of_the_enterprise_can_be_changed_there_whoever_asks_first(
    client: Client, other: Client
) -> None:
    assert [row.playbook_id for row in other.items(ListPlaybooks())] == [INHERITED_PLAYBOOK]
    changed = client.run(UpdateEnterprisePlaybook(playbook_id=INHERITED_PLAYBOOK, title="Calm down"))
    assert set(changed.kept) == {"body", "structured_output_schema"}
    assert [row.title for row in other.items(ListPlaybooks())] == ["Calm down"]
    assert [row.title for row in client.items(ListPlaybooks())] == ["Upgrade a dependency", "Calm down"]


def test_the_enterprise_s_paths_reach_its_own_playbooks_alone(client: Client) -> None:
    own = client.run(CreatePlaybook(**PLAYBOOK)).playbook_id
    with pytest.raises(NotFound):
        client.run(GetEnterprisePlaybook(playbook_id=own))
    assert [row.playbook_id for row in client.items(ListEnterprisePlaybooks())] == [INHERITED_PLAYBOOK]


def test_the_enterprise_s_paths_reach_the_notes_of_every_organisation(client: Client, other: Client) -> None:
    there = other.run(CreateKnowledgeNote(**NOTE))
    assert (there.access_type, there.org_id) == ("org", OTHER_ORG_ID)
    with pytest.raises(NotFound):
        client.run(GetKnowledgeNote(note_id=there.note_id))
    assert there.note_id not in [row.note_id for row in client.items(ListKnowledgeNotes())]
    assert client.run(GetEnterpriseNote(note_id=there.note_id)).name == "Deploys"
    listed = [row.note_id for row in client.items(ListEnterpriseNotes(limit=1))]
    assert there.note_id in listed and len(listed) == len(set(listed)) == 3
