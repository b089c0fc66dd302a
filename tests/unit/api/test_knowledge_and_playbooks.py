"""Notes and playbooks live in the simulated organisation; updates keep what they do not name."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from support.driving import Driver, ok
from support.simulated_api import Api, simulated

from devin_tools import Catalog, Client, Simulator
from devin_tools.api import (
    CreateKnowledgeNote,
    CreatePlaybook,
    DeleteKnowledgeNote,
    DeletePlaybook,
    GetKnowledgeNote,
    GetPlaybook,
    ListKnowledgeFolders,
    ListKnowledgeNotes,
    ListPlaybooks,
    UpdateKnowledgeNote,
    UpdatePlaybook,
)
from devin_tools.errors import (
    Ambiguous,
    BadRequest,
    Forbidden,
    InvalidArguments,
    NotFound,
    UnexpectedResponse,
)

NOTE: dict[str, Any] = {"name": "Deploys", "body": "Run make deploy.", "trigger": "When deploying"}
PLAYBOOK: dict[str, Any] = {"title": "Upgrade", "body": "Read the changelog.", "macro": "!upgrade"}


def test_a_note_is_listed_read_and_gone_when_it_is_deleted(client: Client) -> None:
    note_id = client.run(CreateKnowledgeNote(**NOTE)).note_id
    assert note_id in [note.note_id for note in client.items(ListKnowledgeNotes(limit=1))]
    assert client.run(GetKnowledgeNote(note_id=note_id)).body == NOTE["body"]
    assert client.run(DeleteKnowledgeNote(note_id=note_id)).note_id == note_id
    with pytest.raises(NotFound):
        client.run(GetKnowledgeNote(note_id=note_id))
    assert note_id not in [note.note_id for note in client.items(ListKnowledgeNotes())]


def test_a_playbook_is_listed_read_and_gone_when_it_is_deleted(client: Client) -> None:
    playbook_id = client.run(CreatePlaybook(**PLAYBOOK)).playbook_id
    assert playbook_id in [item.playbook_id for item in client.items(ListPlaybooks(limit=1))]
    assert client.run(GetPlaybook(playbook_id=playbook_id)).macro == "!upgrade"
    assert client.run(DeletePlaybook(playbook_id=playbook_id)).playbook_id == playbook_id
    with pytest.raises(NotFound):
        client.run(DeletePlaybook(playbook_id=playbook_id))


def test_filters_find_notes(client: Client) -> None:
    note = client.run(CreateKnowledgeNote(**NOTE | {"body": "Ask PAYMENTS first.", "pinned_repo": "acme/x"}))

    def found(**filters: Any) -> bool:
        return note.note_id in [one.note_id for one in client.items(ListKnowledgeNotes(**filters))]

    assert found(search="payments") and found(pinned_repo="acme/x")
    assert not found(search="nothing of it") and not found(pinned_repo="acme/y")
    folder = client.run(ListKnowledgeFolders()).folders[0]
    client.run(UpdateKnowledgeNote(note_id=note.note_id, folder_id=folder.folder_id))
    assert found(folder_path=folder.path) and not found(folder_path="/elsewhere")


def test_an_update_keeps_what_it_does_not_name_and_says_so(client: Client) -> None:
    made = client.run(CreateKnowledgeNote(**NOTE | {"pinned_repo": "acme/shop", "is_enabled": False}))
    changed = client.run(UpdateKnowledgeNote(note_id=made.note_id, body="Never on Friday."))
    assert changed.kept == ["name", "trigger", "pinned_repo", "is_enabled"]
    now = client.run(GetKnowledgeNote(note_id=made.note_id))
    assert (now.name, now.body, now.pinned_repo, now.is_enabled) == (
        "Deploys", "Never on Friday.", "acme/shop", False,
    )  # fmt: skip
    cleared = client.run(UpdateKnowledgeNote(note_id=made.note_id, clear=["pinned_repo"]))
    assert cleared.pinned_repo is None and "pinned_repo" not in cleared.kept


def test_what_cannot_be_encoded_is_not_written_back_as_something_else() -> None:
    there = {"note_id": "note-1", **NOTE, "body": "Run \ud800."}
    driver = Driver([ok(there)])
    with pytest.raises(UnexpectedResponse, match="Nothing was written: body cannot"):
        driver.run(UpdateKnowledgeNote(note_id="note-1", name="Deploy").flow())
    assert [request.method for request in driver.requests] == ["GET"]
    said = UpdateKnowledgeNote(note_id="note-1", body="Run make.")
    assert Driver([ok(there), ok(there | {"body": "Run make."})]).run(said.flow()).body == "Run make."


def test_an_update_of_a_playbook_keeps_its_macro_unless_it_is_cleared(client: Client) -> None:
    playbook_id = client.run(CreatePlaybook(**PLAYBOOK)).playbook_id
    assert client.run(UpdatePlaybook(playbook_id=playbook_id, title="Other")).macro == "!upgrade"
    assert client.run(UpdatePlaybook(playbook_id=playbook_id, clear=["macro"])).macro is None


@pytest.mark.parametrize("changes", [{}, {"pinned_repo": "a/b", "clear": ["pinned_repo"]}])
def test_an_update_that_says_nothing_or_two_things_is_refused(
    client: Client, simulator: Simulator, changes: dict[str, Any]
) -> None:
    with pytest.raises(InvalidArguments):
        client.run(UpdateKnowledgeNote(note_id="note-1", **changes))
    assert simulator.requests == []


def test_the_simulator_takes_a_note_only_whole(simulator: Simulator) -> None:
    api = Api(simulator)
    _, note = api("POST", "/knowledge/notes", NOTE)
    for missing in NOTE:
        part = {name: value for name, value in NOTE.items() if name != missing}
        assert api("PUT", f"/knowledge/notes/{note['note_id']}", part)[0] == 422
        assert api("POST", "/knowledge/notes", part)[0] == 422
    assert api("POST", "/playbooks", {"title": "x"})[0] == 422


def test_a_folder_or_a_macro_that_there_cannot_be_is_refused(client: Client, catalog: Catalog) -> None:
    with pytest.raises(BadRequest):
        client.run(CreateKnowledgeNote(**NOTE, folder_id="folder-0"))
    with pytest.raises(InvalidArguments, match="macro"):
        catalog.call("devin_create_playbook", PLAYBOOK | {"macro": "no mark"})


def test_names_that_other_documents_use_are_understood(catalog: Catalog) -> None:
    call = catalog.call("devin_create_playbook", {"name": "Upgrade", "instructions": "Read."})
    assert (call.title, call.body) == ("Upgrade", "Read.")  # type: ignore[attr-defined]
    old = {"name": "n", "body": "b", "trigger_description": "t", "parent_folder_id": "folder-1"}
    note = catalog.call("devin_create_knowledge_note", old)
    assert (note.trigger, note.folder_id) == ("t", "folder-1")  # type: ignore[attr-defined]
    schema = catalog.spec("devin_create_playbook").input_schema["properties"]
    assert not {"name", "instructions"} & schema.keys()


def test_what_the_enterprise_owns_cannot_be_changed() -> None:
    with Client(**simulated(sessions=1).connection()) as client:
        (note,) = [n for n in client.items(ListKnowledgeNotes()) if n.access_type == "enterprise"]
        with pytest.raises(Forbidden):
            client.run(UpdateKnowledgeNote(note_id=note.note_id, body="Mine."))
        with pytest.raises(Forbidden):
            client.run(DeleteKnowledgeNote(note_id=note.note_id))


@pytest.mark.parametrize(
    "call", [CreateKnowledgeNote(**NOTE), CreatePlaybook(**PLAYBOOK)], ids=["note", "playbook"]
)
def test_a_create_whose_answer_is_lost_is_reported_and_not_repeated(run: Any, call: Any) -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        raise httpx.ReadTimeout("lost", request=request)

    with pytest.raises(Ambiguous):
        run(answer, call)
    assert len(sent) == 1
