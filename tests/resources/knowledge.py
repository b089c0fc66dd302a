"""Knowledge notes and their folders."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import Client, CreateKnowledgeNote

NOTE: dict[str, Any] = {
    "note_id": "note-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
    "name": "How to deploy the shop",
    "body": "Run `make deploy` from main.",
    "trigger": "When deploying acme/shop",
    "is_enabled": True,
    "pinned_repo": "acme/shop",
    "folder_id": "folder-1",
    "folder_path": "/Engineering",
    "macro": "!deploy",
    "access_type": "org",
    "org_id": "org-0123456789abcdef0123456789abcdef",
    "created_at": 1767225600,
    "updated_at": 1767229200,
}
INHERITED = NOTE | {
    "note_id": "note-00000000000000000000000000000002",
    "access_type": "enterprise",
    "org_id": None,
    "pinned_repo": None,
    "folder_id": None,
    "macro": None,
}
FOLDER = {
    "folder_id": "folder-1",
    "name": "Engineering",
    "path": "/Engineering",
    "note_count": 3,
    "parent_folder_id": None,
}
LARGEST: dict[str, Any] = {
    "KnowledgeNote": NOTE,
    "UpdatedKnowledgeNote": NOTE,
    "KnowledgeNotePage": page(NOTE, INHERITED),
    "KnowledgeFolders": {
        "folders": [FOLDER, FOLDER | {"folder_id": "folder-2", "parent_folder_id": "folder-1"}],
        "root_note_count": 4,
    },
}
SMALLEST: dict[str, Any] = {
    "KnowledgeNote": INHERITED,
    "UpdatedKnowledgeNote": INHERITED,
    "KnowledgeNotePage": {"items": []},
    "KnowledgeFolders": {"folders": [], "root_note_count": 0},
}
ADDED_BY_FLOWS = {"UpdatedKnowledgeNote": {"kept"}}
UNTRUSTED = {
    "KnowledgeNote": {"name", "body", "trigger", "pinned_repo", "folder_path", "macro"},
    "UpdatedKnowledgeNote": {"name", "body", "trigger", "pinned_repo", "folder_path", "macro"},
    "KnowledgeFolder": {"name", "path"},
}

TEXT = {"name": "Cassette", "body": "Nothing to know.", "trigger": "When recording cassettes"}


def furnish(client: Client) -> dict[str, Any]:
    return {"note_id": client.run(CreateKnowledgeNote(**TEXT)).note_id}


def cases() -> Cases:
    listed = yield Case("devin_list_knowledge_folders", "all", {})
    folder_id = listed.folders[0].folder_id if listed and listed.folders else None
    note = yield Case(
        "devin_create_knowledge_note",
        "everything",
        TEXT | {"pinned_repo": "acme/shop", "folder_id": folder_id, "is_enabled": False},
    )
    on = {"note_id": note.note_id}
    unknown = {"note_id": "note-" + "0" * 32}
    yield Case("devin_create_knowledge_note", "no_such_folder", TEXT | {"folder_id": "folder-0"}, live=False)
    first = yield Case("devin_list_knowledge_notes", "first_page", {"limit": 1})
    yield Case("devin_list_knowledge_notes", "second_page", {"limit": 1, "after": first.end_cursor})
    yield Case("devin_list_knowledge_notes", "filtered", {"search": "CASSETTE", "pinned_repo": "acme/shop"})
    yield Case("devin_get_knowledge_note", "note", on)
    yield Case("devin_get_knowledge_note", "not_found", unknown)
    yield Case("devin_update_knowledge_note", "one_field", on | {"is_enabled": True}, after=60)
    yield Case("devin_update_knowledge_note", "cleared", on | {"clear": ["pinned_repo", "folder_id"]})
    yield Case("devin_update_knowledge_note", "not_found", unknown | {"name": "Nothing"})
    yield Case("devin_delete_knowledge_note", "deleted", on)
    yield Case("devin_delete_knowledge_note", "twice", on)
