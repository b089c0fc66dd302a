"""Knowledge: notes are made, changed and removed; the folders are there already."""

from __future__ import annotations

from typing import Any

from ...api import knowledge
from ..refusal import Refusal
from ..store import ResourceStore, check_owned, check_required
from ..world import World

FOLDERS = {
    "folder-00000000000000000000000000000001": ("Engineering", "/Engineering", None),
    "folder-00000000000000000000000000000002": (
        "Payments",
        "/Engineering/Payments",
        "folder-00000000000000000000000000000001",
    ),
}
"""Name, path and parent of each folder, by its id: the API has no way to make one."""

NO_FOLDER = "/"
"""The path of the notes that lie in no folder."""


def _notes(world: World) -> ResourceStore:
    return world.store("Note")


def list_notes(world: World, call: knowledge.ListKnowledgeNotes) -> dict[str, Any]:
    """List the notes that pass every filter."""

    def passes(note: dict[str, Any]) -> bool:
        text = "\n".join((note["name"], note["trigger"], note["body"])).casefold()
        return (
            (call.search is None or call.search.casefold() in text)
            and call.folder_path in (None, note["folder_path"])
            and call.pinned_repo in (None, note["pinned_repo"])
        )

    return _notes(world).page(world, call, passes)


def get_note(world: World, call: knowledge.GetKnowledgeNote) -> dict[str, Any]:
    """Show a note."""
    return dict(_notes(world).find(call.note_id))


def create_note(world: World, call: knowledge.CreateKnowledgeNote) -> dict[str, Any]:
    """Make a note."""
    return dict(_add(world, f"note-{world.new_id()}", call))


def _add(world: World, note_id: str, call: knowledge.CreateKnowledgeNote) -> dict[str, Any]:
    note = {
        "note_id": note_id,
        "macro": None,
        "access_type": "org",
        "org_id": world.org_id,
        "created_at": int(world.now),
        "updated_at": int(world.now),
    }
    return _notes(world).add(note_id, note | _fields(call))


def update_note(world: World, call: knowledge.UpdateKnowledgeNote) -> dict[str, Any]:
    """Put what a request says in place of all that a note said."""
    note = _notes(world).find(call.note_id)
    check_owned(note)
    check_required(call, "name", "body", "trigger")
    note |= _fields(call) | {"updated_at": int(world.now)}
    return dict(note)


def _fields(call: knowledge.CreateKnowledgeNote | knowledge.UpdateKnowledgeNote) -> dict[str, Any]:
    if call.folder_id is not None and call.folder_id not in FOLDERS:
        raise Refusal(400, "Unknown folder")
    return {
        "name": call.name,
        "body": call.body,
        "trigger": call.trigger,
        "pinned_repo": call.pinned_repo,
        "folder_id": call.folder_id,
        "folder_path": FOLDERS[call.folder_id][1] if call.folder_id else NO_FOLDER,
        "is_enabled": call.is_enabled is not False,
    }


def delete_note(world: World, call: knowledge.DeleteKnowledgeNote) -> dict[str, Any]:
    """Take a note away and show it a last time."""
    check_owned(_notes(world).find(call.note_id))
    return _notes(world).remove(call.note_id)


def list_folders(world: World, call: knowledge.ListKnowledgeFolders) -> dict[str, Any]:
    """Show the folders, each with the number of notes right in it."""
    places = [note["folder_id"] for note in _notes(world).all()]
    folders = [
        {
            "folder_id": folder_id,
            "name": name,
            "path": path,
            "note_count": places.count(folder_id),
            "parent_folder_id": parent,
        }
        for folder_id, (name, path, parent) in FOLDERS.items()
    ]
    return {"folders": folders, "root_note_count": places.count(None)}


def add_sample_notes(world: World) -> None:
    """Add the note that the tools' examples speak of, and one inherited from the enterprise."""
    note = knowledge.CreateKnowledgeNote(
        name="How to run the tests of the shop",
        body="Run `make test`; the checkout tests need the database of docker compose.",
        trigger="When testing acme/shop",
        pinned_repo="acme/shop",
        folder_id=next(iter(FOLDERS)),
    )
    _add(world, knowledge.GetKnowledgeNote.examples[0]["note_id"], note)
    inherited = knowledge.CreateKnowledgeNote(
        name="Licences we may use", body="MIT, BSD and Apache-2.0.", trigger="When adding a dependency"
    )
    _add(world, f"note-{1:032x}", inherited).update(access_type="enterprise", org_id=None)


HANDLERS = {
    knowledge.ListKnowledgeNotes: list_notes,
    knowledge.GetKnowledgeNote: get_note,
    knowledge.CreateKnowledgeNote: create_note,
    knowledge.UpdateKnowledgeNote: update_note,
    knowledge.DeleteKnowledgeNote: delete_note,
    knowledge.ListKnowledgeFolders: list_folders,
}
