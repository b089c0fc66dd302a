"""Blueprints of an organisation, and their files."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

from devin_tools import Client, CreateBlueprint, UploadBlueprintFile

BLUEPRINT: dict[str, Any] = {
    "blueprint_id": "blueprint-0123456789abcdef0123456789abcdef",
    "type": "repo",
    "repo_name": "acme/shop",
    "created_at": 1767225600,
    "updated_at": 1767229200,
}
SMALL = {"blueprint_id": "blueprint-1"}
FILE: dict[str, Any] = {
    "file_id": "file-0123456789abcdef0123456789abcdef",
    "blueprint_id": "blueprint-0123456789abcdef0123456789abcdef",
    "name": "npmrc",
    "env_var_name": "FILE_NPMRC",
    "size_bytes": 58,
    "created_at": 1767225600,
    "updated_at": 1767229200,
}
LARGEST: dict[str, Any] = {
    "Blueprint": BLUEPRINT,
    "BlueprintList": {"data": [BLUEPRINT | {"type": "org", "repo_name": None}, BLUEPRINT]},
    "BlueprintFile": FILE,
    "BlueprintFileList": {"data": [FILE]},
    "PresignedDownload": {"url": "https://files.example/signed?key=1", "expires_at": 1767226200},
    "Done": {},
}
SMALLEST: dict[str, Any] = {
    "Blueprint": SMALL,
    "BlueprintList": {"data": []},
    "BlueprintFile": {"file_id": "file-1"},
    "BlueprintFileList": {"data": []},
    "PresignedDownload": {"url": "https://files.example/signed?key=1"},
    "Done": {},
}
ADDED_BY_FLOWS = {"Done": {"done"}}
UNTRUSTED = {"Blueprint": {"repo_name"}, "BlueprintFile": {"name", "env_var_name"}}

YAML = "initialize: |\n  npm install -g pnpm\n"


def furnish(client: Client) -> dict[str, Any]:
    made = client.run(CreateBlueprint(repo_name="acme/shop", contents=YAML))
    on = {"blueprint_id": made.blueprint_id}
    file = client.run(UploadBlueprintFile(**on, path="note.txt", name="note"))
    return on | {
        "devin_delete_blueprint_file.file_id": file.file_id,
        "devin_upload_blueprint_file.name": "another",
    }


def cases() -> Cases:
    blueprint = yield Case(
        "devin_create_blueprint", "of_a_repository", {"repo_name": "acme/shop", "contents": YAML}
    )
    on = {"blueprint_id": blueprint.blueprint_id}
    yield Case("devin_list_blueprints", "of_a_repository", {"repo_name": "acme/shop"})
    yield Case("devin_update_blueprint", "contents", on | {"contents": "maintenance: npm ci\n"}, after=60)
    yield Case("devin_get_blueprint", "blueprint", on)
    yield Case("devin_get_blueprint_contents", "link", on, live=False)
    file = yield Case("devin_upload_blueprint_file", "note", on | {"path": "note.txt", "name": "a note"})
    yield Case("devin_upload_blueprint_file", "same_variable", on | {"path": "note.txt", "name": "A_NOTE"})
    yield Case("devin_list_blueprint_files", "one", on)
    yield Case("devin_delete_blueprint_file", "deleted", on | {"file_id": file.file_id})
    yield Case("devin_delete_blueprint_file", "not_found", on | {"file_id": file.file_id})
    yield Case("devin_delete_blueprint", "deleted", on)
    yield Case("devin_get_blueprint", "not_found", on)
    whole = yield Case("devin_create_blueprint", "of_all", {})
    first = {"blueprint_id": whole.blueprint_id, "position": 1}
    yield Case("devin_update_blueprint", "no_position", first)
    yield Case("devin_delete_blueprint", "of_all", {"blueprint_id": whole.blueprint_id})
