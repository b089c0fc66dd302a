"""The API keys of service users."""

from __future__ import annotations

from typing import Any

from support.cases import MINTED, Case, Cases, page

KEY: dict[str, Any] = {
    "api_key_id": "apikey-0123456789abcdef",
    "api_key_name": "CI",
    "created_at": 1767225600,
    "expires_at": 1798761600,
    "last_used_at": 1767229200,
    "revoked_at": 1767232800,
    "is_active": False,
}
UNUSED = KEY | {"expires_at": None, "last_used_at": None, "revoked_at": None, "is_active": True}
NEW = {"api_key_id": "apikey-0123456789abcdef", "api_key_name": "CI", "token": MINTED}
LARGEST: dict[str, Any] = {
    "ServiceUserKey": KEY,
    "ServiceUserKeyPage": page(KEY, UNUSED | {"api_key_id": "apikey-2"}),
    "NewServiceUserKey": NEW,
}
SMALLEST: dict[str, Any] = {
    "ServiceUserKey": UNUSED,
    "ServiceUserKeyPage": [UNUSED],
    "NewServiceUserKey": NEW,
}
UNTRUSTED = {"ServiceUserKey": {"api_key_name"}, "NewServiceUserKey": {"api_key_name"}}

ON = {"service_user_id": "service-user-organization"}


def furnish(client: object) -> dict[str, Any]:
    return {"api_key_id": "apikey-00000000000000000000000000000002"}


def cases() -> Cases:
    """None is recorded live: each administers accounts."""
    made = yield Case("devin_create_service_user_key", "created", ON | {"name": "CI"}, live=False)
    past = ON | {"name": "CI", "expires_at": 1}
    yield Case("devin_create_service_user_key", "in_the_past", past, live=False)
    key = ON | {"api_key_id": made.api_key_id}
    yield Case("devin_list_service_user_keys", "active", ON, live=False)
    rotated = yield Case("devin_rotate_service_user_key", "rotated", key, live=False)
    yield Case("devin_rotate_service_user_key", "not_active", key, live=False)
    new = ON | {"api_key_id": rotated.api_key_id}
    yield Case("devin_revoke_service_user_key", "revoked", new, live=False)
    nowhere = ON | {"api_key_id": "apikey|1"}
    yield Case("devin_revoke_service_user_key", "not_found", nowhere, live=False)
    yield Case("devin_list_service_user_keys", "all", ON | {"status": "all"}, live=False)
