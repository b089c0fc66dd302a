"""Playbooks of an enterprise; their answers are those of an organisation's."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

from devin_tools import Client, CreateEnterprisePlaybook

EVERYTHING = {
    "title": "Cassette",
    "body": "Do nothing.",
    "macro": "!devin-tools_cassette",
    "structured_output_schema": {"type": "object", "properties": {"version": {"type": "string"}}},
}


def furnish(client: Client) -> dict[str, Any]:
    return {
        f"devin_{verb}_enterprise_playbook.playbook_id": client.run(
            CreateEnterprisePlaybook(title="Cassette", body="Do nothing.")
        ).playbook_id
        for verb in ("get", "update", "delete")
    }


def cases() -> Cases:
    playbook = yield Case("devin_create_enterprise_playbook", "everything", EVERYTHING, live=False)
    on = {"playbook_id": playbook.playbook_id if playbook else "playbook-1"}
    unknown = {"playbook_id": "playbook-" + "0" * 32}
    first = yield Case("devin_list_enterprise_playbooks", "first_page", {"limit": 1}, live=False)
    after = {"limit": 1, "after": first and first.end_cursor}
    yield Case("devin_list_enterprise_playbooks", "second_page", after, live=False)
    yield Case("devin_get_enterprise_playbook", "playbook", on, live=False)
    yield Case("devin_get_enterprise_playbook", "not_found", unknown, live=False)
    less = on | {"body": "Do nothing, slowly."}
    yield Case("devin_update_enterprise_playbook", "one_field", less, live=False, after=60)
    cleared = on | {"clear": ["macro", "structured_output_schema"]}
    yield Case("devin_update_enterprise_playbook", "cleared", cleared, live=False)
    yield Case("devin_update_enterprise_playbook", "not_found", unknown | {"title": "Nothing"}, live=False)
    yield Case("devin_delete_enterprise_playbook", "deleted", on, live=False)
    yield Case("devin_delete_enterprise_playbook", "twice", on, live=False)
