"""Knowledge: notes are created, replaced and deleted; the folders are there already."""

from __future__ import annotations

from typing import Any

from ...api import knowledge
from ...declarations import describe
from ..inheritance import Seen
from ..refusal import Refusal
from ..store import check_required
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

NOTES = "Note"

INHERITED_NOTE = f"note-{1:032x}"
"""The note of the samples that the organisations have from their enterprise."""


def list_notes(world: World, call: knowledge.ListKnowledgeNotes) -> dict[str, Any]:
    """List the notes that pass every filter."""
    return passing_notes(world, call)


def passing_notes(
    world: World, filters: knowledge.ListKnowledgeNotes, access_type: str | None = None
) -> dict[str, Any]:
    """Return a page of the notes that pass every filter, and belong to the organisation or its enterprise."""

    def passes(note: dict[str, Any]) -> bool:
        text = "\n".join((note["name"], note["trigger"], note["body"])).casefold()
        return (
            (filters.search is None or filters.search.casefold() in text)
            and filters.folder_path in (None, note["folder_path"])
            and filters.pinned_repo in (None, note["pinned_repo"])
            and access_type in (None, note["access_type"])
        )

    return _seen(world).page(filters, passes)


def _seen(world: World) -> Seen:
    return Seen(world, NOTES, everywhere=True)


def get_note(world: World, call: knowledge.GetKnowledgeNote) -> dict[str, Any]:
    """Return a note."""
    return _seen(world).find(call.note_id)


def create_note(world: World, call: knowledge.CreateKnowledgeNote) -> dict[str, Any]:
    """Create a note."""
    return _add(world, f"note-{world.new_id()}", call, world.now)


def _add(world: World, note_id: str, call: knowledge.CreateKnowledgeNote, now: float) -> dict[str, Any]:
    seen = _seen(world)
    note = {
        "note_id": note_id,
        "macro": None,
        **seen.whose,
        "created_at": int(now),
        "updated_at": int(now),
    }
    return seen.add(note_id, note | _fields(call))


def update_note(world: World, call: knowledge.UpdateKnowledgeNote) -> dict[str, Any]:
    """Replace all fields of a note."""
    note = _seen(world).find_own(call.note_id)
    check_required(call, "name", "body", "trigger")
    note |= _fields(call) | {"updated_at": int(world.now)}
    return note


def _fields(call: knowledge.CreateKnowledgeNote | knowledge.UpdateKnowledgeNote) -> dict[str, Any]:
    if call.folder_id is not None and call.folder_id not in FOLDERS:
        raise Refusal(400, "Unknown folder")
    said = {name: getattr(call, name) for name in ("name", "body", "trigger", "pinned_repo", "folder_id")}
    return said | {
        "folder_path": FOLDERS[call.folder_id][1] if call.folder_id else NO_FOLDER,
        "is_enabled": call.is_enabled is not False,
    }


def delete_note(world: World, call: knowledge.DeleteKnowledgeNote) -> dict[str, Any]:
    """Delete a note; return what it was."""
    return _seen(world).remove(call.note_id)


def list_folders(world: World, call: knowledge.ListKnowledgeFolders) -> dict[str, Any]:
    """List the folders, each with the number of notes right in it."""
    places = [note["folder_id"] for note in _seen(world).all()]
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


def add_sample_notes(world: World, now: float) -> None:
    """Add the note that the tools' examples speak of."""
    note = knowledge.CreateKnowledgeNote(
        name="How to run the tests of the shop",
        body="Run `make test`; the checkout tests need the database of docker compose.",
        trigger="When testing acme/shop",
        pinned_repo="acme/shop",
        folder_id=next(iter(FOLDERS)),
    )
    _add(world, describe(knowledge.GetKnowledgeNote).examples[0]["note_id"], note, now)


def add_enterprise_notes(world: World, now: float) -> None:
    """Add the note that every organisation has from the enterprise."""
    note = knowledge.CreateKnowledgeNote(
        name="Licences we may use", body="MIT, BSD and Apache-2.0.", trigger="When adding a dependency"
    )
    _add(world, INHERITED_NOTE, note, now).update(macro="!licences")
