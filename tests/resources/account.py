"""Who the key belongs to."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases

LARGEST: dict[str, Any] = {
    "Principal": {
        "principal_type": "pat_user",
        "org_id": "org-0123456789abcdef0123456789abcdef",
        "service_user_id": "service-user-abc123",
        "service_user_name": "CI",
        "user_id": "okta|00u1",
        "user_name": "Ada",
        "api_key_id": "key-1",
        "api_key_name": "laptop",
        "devin_id": "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
        "creator_service_user_id": None,
    },
}
SMALLEST: dict[str, Any] = {
    "Principal": {"principal_type": "windsurf_session", "user_id": "u", "org_id": "org-0"},
}
UNTRUSTED = {"Principal": {"service_user_name", "user_name", "api_key_name"}}


def cases() -> Cases:
    yield Case("devin_get_self", "self", {})
