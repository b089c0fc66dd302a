"""Notes of the enterprise: created for all, listed and changed with those of organisations."""

from __future__ import annotations

from typing import Any

import pytest
from support.simulated_api import Api, simulated

from devin_tools import Client, Simulator
from devin_tools.api import (
    CreateEnterpriseNote,
    CreateKnowledgeNote,
    DeleteEnterpriseNote,
    GetKnowledgeNote,
    ListEnterpriseFolders,
    ListEnterpriseNotes,
    ListKnowledgeFolders,
    ListKnowledgeNotes,
    UpdateEnterpriseNote,
    UpdateKnowledgeNote,
)
from devin_tools.errors import Forbidden, NotFound
from devin_tools.simulator.principals import OTHER_ORG_ID

NOTE: dict[str, Any] = {"name": "Licences", "body": "MIT.", "trigger": "When adding a dependency"}


@pytest.fixture
def simulator() -> Simulator:
    return simulated(sessions=1)


def test_a_note_of_the_enterprise_is_merged_with_what_its_own_path_reads(
    simulator: Simulator, client: Client
) -> None:
    note = client.run(CreateEnterpriseNote(**NOTE, pinned_repo="acme/shop"))
    assert (note.access_type, note.org_id) == ("enterprise", None)
    del simulator.requests[:]
    changed = client.run(UpdateEnterpriseNote(note_id=note.note_id, body="MIT, BSD.", clear=["pinned_repo"]))
    assert changed.kept == ["name", "trigger", "is_enabled"] and changed.pinned_repo is None
    path = f"/v3/enterprise/knowledge/notes/{note.note_id}"
    assert simulator.requests == [("GET", path), ("PUT", path)]
    with pytest.raises(Forbidden):
        client.run(UpdateKnowledgeNote(note_id=note.note_id, body="Mine."))


def test_a_note_of_an_organisation_is_changed_and_deleted_and_stays_its_own(client: Client) -> None:
    note = client.run(CreateKnowledgeNote(**NOTE))
    changed = client.run(UpdateEnterpriseNote(note_id=note.note_id, body="MIT, BSD."))
    assert (changed.access_type, changed.org_id) == ("org", note.org_id)
    assert client.run(GetKnowledgeNote(note_id=note.note_id)).body == "MIT, BSD."
    client.run(DeleteEnterpriseNote(note_id=note.note_id))
    with pytest.raises(NotFound):
        client.run(GetKnowledgeNote(note_id=note.note_id))


def test_lists_are_filtered_by_whose_notes_are(simulator: Simulator, client: Client) -> None:
    def whose(**filters: Any) -> set[str | None]:
        return {note.access_type for note in client.items(ListEnterpriseNotes(**filters))}

    assert whose() == {"enterprise", "org"}
    assert whose(access_type="enterprise") == {"enterprise"} and whose(access_type="org") == {"org"}
    assert whose(access_type="org", search="licences") == set()
    api = Api(simulator)
    assert api("GET", "/v3/enterprise/knowledge/notes", access_type="team")[0] == 422


def test_folders_count_the_notes_that_the_request_sees(simulator: Simulator, client: Client) -> None:
    before = client.run(ListEnterpriseFolders())
    assert client.run(ListKnowledgeFolders()) == before
    with Client(**simulator.connection() | {"org_id": OTHER_ORG_ID}) as other:
        other.run(CreateKnowledgeNote(**NOTE))
        assert other.run(ListKnowledgeFolders()).root_note_count == 2  # its own, and the inherited one
    assert before.root_note_count is not None
    assert client.run(ListEnterpriseFolders()).root_note_count == before.root_note_count + 1
    assert len(list(client.items(ListKnowledgeNotes()))) == 2
