"""The organisations of an enterprise."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import Client, CreateOrganization
from devin_tools.simulator.principals import OTHER_ORG_ID

ORGANIZATION = {
    "org_id": "org-0123456789abcdef0123456789abcdef",
    "name": "Acme",
    "created_at": 1767225600,
    "updated_at": 1767229200,
    "max_session_acu_limit": 50,
    "max_cycle_acu_limit": None,
}
GROUPS = {
    "groups": {
        "research": {"org_ids": ["org-0123456789abcdef0123456789abcdef"], "max_cycle_acus": 5000},
        "the rest": {"org_ids": ["org-2", "org-3"], "max_cycle_acus": None},
    }
}
LARGEST: dict[str, Any] = {
    "Organization": ORGANIZATION,
    "OrganizationPage": page(ORGANIZATION, ORGANIZATION | {"org_id": "org_2"}),
    "GroupLimits": GROUPS,
    "ReplacedGroupLimits": GROUPS,
}
SMALLEST: dict[str, Any] = {
    "Organization": {"org_id": "org-0"},
    "OrganizationPage": [{"org_id": "org-0"}],
    "GroupLimits": {"groups": {}},
    "ReplacedGroupLimits": {"groups": {"none": {"org_ids": []}}},
}
ADDED_BY_FLOWS = {"ReplacedGroupLimits": {"kept"}}
UNTRUSTED = {"Organization": {"name"}, "GroupLimits": {"groups"}, "ReplacedGroupLimits": {"groups"}}


def furnish(client: Client) -> dict[str, Any]:
    made = client.run(CreateOrganization(name="Furnished"))
    groups = {"furnished": {"org_ids": [made.org_id], "max_cycle_acus": 1_000}}
    ends = {f"devin_{verb}_organization.org_id": made.org_id for verb in ("get", "update", "delete")}
    return ends | {"devin_replace_group_limits.groups": groups}


def cases() -> Cases:
    yield Case("devin_list_organizations", "one", {"limit": 1}, live=False)
    limits = {"max_session_acu_limit": 50, "max_cycle_acu_limit": 1_000}
    made = yield Case("devin_create_organization", "limited", {"name": "Cassette", **limits}, live=False)
    if made is None:
        return
    on = {"org_id": made.org_id}
    changed = on | {"name": "Renamed", "clear": ["max_session_acu_limit"]}
    yield Case("devin_update_organization", "changed", changed, live=False, after=60)
    yield Case("devin_update_organization", "not_found", {"org_id": "org-0", "name": "Nothing"}, live=False)
    yield Case("devin_get_organization", "organization", on, live=False)
    yield Case("devin_get_organization", "not_found", {"org_id": "org-0"}, live=False)
    group = {"org_ids": [made.org_id], "max_cycle_acus": 500}
    other = {"org_ids": [OTHER_ORG_ID]}
    yield Case("devin_replace_group_limits", "whole", {"groups": {"a": group, "b": other}}, live=False)
    merged = {"groups": {"a": group | {"max_cycle_acus": 600}}, "keep_others": True}
    yield Case("devin_replace_group_limits", "others_kept", merged, live=False)
    unknown = {"groups": {"a": {"org_ids": ["org-0"]}}}
    yield Case("devin_replace_group_limits", "unknown_organization", unknown, live=False)
    yield Case("devin_get_group_limits", "groups", {}, live=False)
    yield Case("devin_delete_organization", "deleted", on, live=False)
    yield Case("devin_delete_organization", "twice", on, live=False)
