"""Service users that are made in an organisation."""

from __future__ import annotations

from typing import Any

from support.cases import MINTED, Case, Cases

ROLE = {"role_id": "role-member", "role_name": "Member", "role_type": "org"}
SERVICE_USER: dict[str, Any] = {
    "service_user_id": "service-user-abc123",
    "name": "Nightly triage",
    "expires_at": 1798761600,
    "deleted_at": 1767229200,
    "role_assignments": [
        {"role": ROLE, "org_id": "org-0123456789abcdef0123456789abcdef"},
        {"role": ROLE | {"role_type": "enterprise"}, "org_id": None},
    ],
}
BARE: dict[str, Any] = {
    "service_user_id": "service-user-1",
    "name": "CI",
    "expires_at": None,
    "deleted_at": None,
    "role_assignments": [],
}
LARGEST: dict[str, Any] = {"NewServiceUser": {"service_user": SERVICE_USER, "token": MINTED}}
SMALLEST: dict[str, Any] = {"NewServiceUser": {"service_user": BARE, "token": MINTED}}
UNTRUSTED = {"ServiceUser": {"name"}}


def cases() -> Cases:
    year = {"role_id": "role-member", "ttl_seconds": 31_536_000}
    yield Case("devin_create_service_user", "created", {"name": "Triage"} | year, live=False)
    wrong = year | {"role_id": "role-enterprise-admin"}
    yield Case("devin_create_service_user", "role_of_the_enterprise", {"name": "Triage"} | wrong, live=False)
