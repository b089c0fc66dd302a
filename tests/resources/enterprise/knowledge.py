"""Knowledge notes of an enterprise; their answers are those of an organisation's."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

from devin_tools import Client, CreateEnterpriseNote

TEXT = {"name": "Cassette", "body": "Nothing to know.", "trigger": "When recording cassettes"}


def furnish(client: Client) -> dict[str, Any]:
    return {
        f"devin_{verb}_enterprise_note.note_id": client.run(CreateEnterpriseNote(**TEXT)).note_id
        for verb in ("get", "update", "delete")
    }


def cases() -> Cases:
    yield Case("devin_list_enterprise_folders", "all", {}, live=False)
    folder = {"folder_id": "folder-" + "0" * 31 + "1", "is_enabled": False}
    note = yield Case("devin_create_enterprise_note", "everything", TEXT | folder, live=False)
    on = {"note_id": note.note_id if note else "note-1"}
    yield Case("devin_create_enterprise_note", "no_such_folder", TEXT | {"folder_id": "folder-0"}, live=False)
    first = yield Case("devin_list_enterprise_notes", "first_page", {"limit": 2}, live=False)
    after = {"limit": 2, "after": first and first.end_cursor}
    yield Case("devin_list_enterprise_notes", "second_page", after, live=False)
    own = {"access_type": "enterprise", "search": "CASSETTE"}
    yield Case("devin_list_enterprise_notes", "filtered", own, live=False)
    yield Case("devin_list_enterprise_notes", "of_organizations", {"access_type": "org"}, live=False)
    unknown = {"note_id": "note-" + "0" * 32}
    yield Case("devin_get_enterprise_note", "note", on, live=False)
    yield Case("devin_get_enterprise_note", "not_found", unknown, live=False)
    yield Case("devin_update_enterprise_note", "one_field", on | {"is_enabled": True}, live=False, after=60)
    yield Case("devin_update_enterprise_note", "cleared", on | {"clear": ["folder_id"]}, live=False)
    yield Case("devin_update_enterprise_note", "not_found", unknown | {"name": "Nothing"}, live=False)
    yield Case("devin_delete_enterprise_note", "deleted", on, live=False)
    yield Case("devin_delete_enterprise_note", "twice", on, live=False)
