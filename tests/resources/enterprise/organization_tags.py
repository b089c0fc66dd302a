"""The tags that an organisation allows."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

from devin_tools import AppendAllowedTags, Client, CreateOrganization
from devin_tools.simulator.principals import OTHER_ORG_ID

LARGEST: dict[str, Any] = {
    "AllowedTags": {"tags": ["team:payments", "upgrade / minor"]},
    "DefaultTag": {"default_tag": "team:payments"},
}
SMALLEST: dict[str, Any] = {"AllowedTags": {"tags": []}, "DefaultTag": {"default_tag": None}}
UNTRUSTED = {"AllowedTags": {"tags"}, "DefaultTag": {"default_tag"}}


def furnish(client: Client) -> dict[str, Any]:
    made = client.run(CreateOrganization(name="Tagged"))
    client.run(AppendAllowedTags(org_id=made.org_id, tags=["team:payments"]))
    return {f"devin_{tool}.org_id": made.org_id for tool in CHANGES}


CHANGES = (
    *("append_allowed_tags", "replace_allowed_tags", "clear_allowed_tags", "remove_allowed_tag"),
    *("set_default_tag", "clear_default_tag"),
)
"""What changes which tags new sessions may have: not those of the organisation that others begin."""


def cases() -> Cases:
    on, odd = {"org_id": OTHER_ORG_ID}, "team / a|b"
    yield Case("devin_replace_allowed_tags", "replaced", on | {"tags": "bug, tests"}, live=False)
    yield Case("devin_append_allowed_tags", "appended", on | {"tags": ["bug", odd]}, live=False)
    yield Case("devin_append_allowed_tags", "not_found", {"org_id": "org-0", "tags": ["bug"]}, live=False)
    yield Case("devin_get_allowed_tags", "tags", on, live=False)
    yield Case("devin_set_default_tag", "set", on | {"tag": "bug"}, live=False)
    yield Case("devin_set_default_tag", "not_allowed", on | {"tag": "docs"}, live=False)
    yield Case("devin_get_default_tag", "set", on, live=False)
    yield Case("devin_remove_allowed_tag", "odd", on | {"tag": odd}, live=False)
    yield Case("devin_remove_allowed_tag", "twice", on | {"tag": odd}, live=False)
    yield Case("devin_clear_default_tag", "cleared", on, live=False)
    yield Case("devin_clear_allowed_tags", "cleared", on, live=False)
