"""Playbooks."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import Client, CreatePlaybook

SCHEMA = {
    "type": "object",
    "properties": {"version": {"type": "string", "description": "The new version."}},
    "required": ["version"],
}
PLAYBOOK: dict[str, Any] = {
    "playbook_id": "playbook-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
    "title": "Upgrade a dependency",
    "body": "1. Read the changelog.\n2. Raise the version.",
    "macro": "!upgrade",
    "structured_output_schema": SCHEMA,
    "access_type": "org",
    "org_id": "org-0123456789abcdef0123456789abcdef",
    "created_by": "google-oauth2|1234567890",
    "updated_by": "service-user-abc123",
    "created_at": 1767225600,
    "updated_at": 1767229200,
}
# Before July 2026 a playbook had no schema.
INHERITED = {key: value for key, value in PLAYBOOK.items() if key != "structured_output_schema"} | {
    "playbook_id": "playbook-00000000000000000000000000000002",
    "access_type": "enterprise",
    "org_id": None,
    "macro": None,
}
LARGEST: dict[str, Any] = {
    "Playbook": PLAYBOOK,
    "UpdatedPlaybook": PLAYBOOK,
    "PlaybookPage": page(PLAYBOOK, INHERITED),
}
SMALLEST: dict[str, Any] = {
    "Playbook": INHERITED,
    "UpdatedPlaybook": INHERITED,
    "PlaybookPage": {"items": []},
}
ADDED_BY_FLOWS = {"UpdatedPlaybook": {"kept"}}
TEXT_OF_OTHERS = {"title", "body", "macro", "structured_output_schema", "created_by", "updated_by"}
UNTRUSTED = {"Playbook": TEXT_OF_OTHERS, "UpdatedPlaybook": TEXT_OF_OTHERS}

EVERYTHING = {
    "title": "Cassette",
    "body": "Do nothing.",
    "macro": "!devin-tools_cassette",
    "structured_output_schema": SCHEMA,
}


def furnish(client: Client) -> dict[str, Any]:
    return {"playbook_id": client.run(CreatePlaybook(title="Cassette", body="Do nothing.")).playbook_id}


def cases() -> Cases:
    playbook = yield Case("devin_create_playbook", "everything", EVERYTHING)
    second = yield Case(
        "devin_create_playbook", "vendors_page", {"name": "Cassette 2", "instructions": "Do less."}
    )
    on = {"playbook_id": playbook.playbook_id}
    unknown = {"playbook_id": "playbook-" + "0" * 32}
    first = yield Case("devin_list_playbooks", "first_page", {"limit": 1})
    yield Case("devin_list_playbooks", "second_page", {"limit": 1, "after": first.end_cursor})
    yield Case("devin_get_playbook", "playbook", on)
    yield Case("devin_get_playbook", "not_found", unknown)
    yield Case("devin_update_playbook", "one_field", on | {"body": "Do nothing, slowly."}, after=60)
    yield Case("devin_update_playbook", "cleared", on | {"clear": ["macro", "structured_output_schema"]})
    yield Case("devin_update_playbook", "not_found", unknown | {"title": "Nothing"})
    yield Case("devin_delete_playbook", "deleted", on)
    yield Case("devin_delete_playbook", "second", {"playbook_id": second.playbook_id})
    yield Case("devin_delete_playbook", "twice", on)
