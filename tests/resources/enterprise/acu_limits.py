"""The limits of billing cycles."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import Client, CreateOrganization, SetOrganizationAcuLimit
from devin_tools.simulator.principals import OTHER_ORG_ID

LIMIT: dict[str, Any] = {
    "cycle_acu_limit": 1000,
    "scope": "org",
    "org_id": "org-0123456789abcdef0123456789abcdef",
    "user_id": None,
}
OF_USER = {"cycle_acu_limit": 1000, "scope": "user", "org_id": None, "user_id": "okta|1"}
LARGEST: dict[str, Any] = {"AcuLimitPage": page(LIMIT, OF_USER, LIMIT | {"org_id": "org-2"}), "Done": {}}
SMALLEST: dict[str, Any] = {
    "AcuLimitPage": {"items": [{"cycle_acu_limit": 0, "scope": "enterprise"}]},
    "Done": {},
}
ADDED_BY_FLOWS = {"Done": {"done"}}


def furnish(client: Client) -> dict[str, Any]:
    org_id = client.run(CreateOrganization(name="Of few ACUs")).org_id
    client.run(SetOrganizationAcuLimit(org_id=org_id, cycle_acu_limit=10))
    return {f"devin_{verb}_organization_acu_limit.org_id": org_id for verb in ("set", "remove")}


def cases() -> Cases:
    on = {"org_id": OTHER_ORG_ID}
    yield Case("devin_set_organization_acu_limit", "set", on | {"cycle_acu_limit": 500}, live=False)
    unknown = {"org_id": "org-0", "cycle_acu_limit": 500}
    yield Case("devin_set_organization_acu_limit", "not_found", unknown, live=False)
    first = yield Case("devin_list_acu_limits", "first_page", {"limit": 1}, live=False)
    if first is None:
        return
    second = {"limit": 1, "after": first.end_cursor}
    yield Case("devin_list_acu_limits", "second_page", second, live=False)
    yield Case("devin_remove_organization_acu_limit", "removed", on, live=False)
    yield Case("devin_remove_organization_acu_limit", "twice", on, live=False)
