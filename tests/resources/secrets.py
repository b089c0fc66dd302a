"""Secrets of an organisation."""

from __future__ import annotations

from typing import Any

from support.cases import SECRET_VALUE, Case, Cases, page

from devin_tools import Client, CreateSecret, ListSecrets

SECRET: dict[str, Any] = {
    "secret_id": "secret-0123456789abcdef",
    "key": "STAGING_TOKEN",
    "note": "Read-only.",
    "secret_type": "key-value",
    "access_type": "org",
    "is_sensitive": True,
    "created_by": "google-oauth2|1234567890",
    "updated_by": "service-user-abc123",
    "created_at": 1767225600,
    "updated_at": 1767229200,
}
BARE = SECRET | {"key": None, "note": None, "updated_at": None, "updated_by": None, "access_type": "personal"}
LARGEST: dict[str, Any] = {"Secret": SECRET, "SecretPage": page(SECRET, BARE | {"secret_id": "secret-2"})}
SMALLEST: dict[str, Any] = {"Secret": BARE, "SecretPage": {"items": []}}
UNTRUSTED = {"Secret": {"key", "note", "created_by", "updated_by"}}


def furnish(client: Client) -> dict[str, Any]:
    number = len(list(client.items(ListSecrets())))  # a key is taken once
    made = client.run(CreateSecret(key=f"FURNISHED_{number}", value="x", secret_type="totp"))
    return {"secret_id": made.secret_id, "devin_create_secret.value": "plain"}


def cases() -> Cases:
    fields = {"key": "DEVIN_TOOLS_CASSETTE", "value": SECRET_VALUE, "secret_type": "key-value"}
    secret = yield Case("devin_create_secret", "everything", fields | {"note": "For cassettes."})
    yield Case("devin_create_secret", "twice", fields, live=False)
    yield Case("devin_list_secrets", "first_page", {"limit": 5})
    yield Case("devin_delete_secret", "deleted", {"secret_id": secret.secret_id})
    yield Case("devin_delete_secret", "twice", {"secret_id": secret.secret_id})
