"""Service users of an enterprise, and their roles."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import Client, CreateEnterpriseServiceUser, RemoveServiceUser
from devin_tools.simulator.principals import ORG_ID
from resources.service_users import BARE, SERVICE_USER

LARGEST: dict[str, Any] = {
    "ServiceUser": SERVICE_USER,
    "ServiceUserPage": page(SERVICE_USER, BARE),
}
SMALLEST: dict[str, Any] = {"ServiceUser": BARE, "ServiceUserPage": {"items": []}}

FIELDS = {"name": "Export", "role_id": "role-enterprise-auditor", "ttl_seconds": 86_400}


def furnish(client: Client) -> dict[str, Any]:
    """Name one that has no role in the enterprise, and one that has none in an organisation."""
    client.run(RemoveServiceUser(**_made(client)))
    made = _made(client)
    there = {"org_id": ORG_ID} | {f"devin_add_organization_service_user.{k}": v for k, v in made.items()}
    return there | {f"devin_{verb}_service_user.service_user_id": made["service_user_id"] for verb in CHANGES}


CHANGES = ("update", "remove")


def _made(client: Client) -> dict[str, str]:
    made = client.run(CreateEnterpriseServiceUser(**FIELDS))
    return {"service_user_id": made.service_user.service_user_id}


def cases() -> Cases:
    """None is recorded live: each administers accounts."""
    made = yield Case("devin_create_enterprise_service_user", "created", FIELDS, live=False)
    nobody = FIELDS | {"role_id": "role-nobody"}
    yield Case("devin_create_enterprise_service_user", "no_such_role", nobody, live=False)
    on = {"service_user_id": made.service_user.service_user_id}
    member, there = {"role_id": "role-member"}, {"org_id": ORG_ID}
    yield Case("devin_list_service_users", "first_page", {"limit": 2}, live=False)
    yield Case("devin_list_service_users", "with_inactive", {"include_inactive": True}, live=False)
    yield Case("devin_get_service_user", "one", on, live=False)
    yield Case("devin_get_service_user", "not_found", {"service_user_id": "service-user|1"}, live=False)
    auditor = {"role_id": "role-enterprise-auditor"}
    other = {"service_user_id": "service-user-organization"}
    yield Case("devin_assign_service_user_role", "assigned", other | auditor, live=False)
    yield Case("devin_assign_service_user_role", "twice", other | auditor, live=False)
    yield Case("devin_update_service_user", "changed", on | {"role_id": "role-enterprise-member"}, live=False)
    yield Case("devin_update_service_user", "of_the_other_kind", on | member, live=False)
    yield Case("devin_add_organization_service_user", "added", there | on | member, live=False)
    yield Case("devin_add_organization_service_user", "twice", there | on | member, live=False)
    admin = there | on | {"role_id": "role-admin"}
    yield Case("devin_update_organization_service_user", "changed", admin, live=False)
    yield Case("devin_list_organization_service_users", "first_page", there | {"limit": 1}, live=False)
    yield Case("devin_remove_organization_service_user", "removed", there | on, live=False)
    yield Case("devin_remove_organization_service_user", "not_found", there | on, live=False)
    yield Case("devin_remove_service_user", "removed", on, live=False)
    yield Case("devin_remove_service_user", "not_found", on, live=False)
