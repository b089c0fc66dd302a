"""What was done, and by whom."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

ENTRY = {
    "audit_log_id": "audit-1",
    "action": "create_session",
    "created_at": 1767225600,
    "data": {"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c", "via": ["api"]},
    "org_id": "org-0123456789abcdef0123456789abcdef",
    "user_id": "google-oauth2|1",
    "user_email": "ada@example.com",
    "service_user_id": None,
    "service_user_name": None,
}

LARGEST: dict[str, Any] = {
    "AuditLogPage": page(
        ENTRY,
        ENTRY
        | {
            "audit_log_id": "audit-2",
            "user_id": None,
            "user_email": None,
            "service_user_id": "service-user-1",
            "service_user_name": "CI",
        },
    )
}
SMALLEST: dict[str, Any] = {"AuditLogPage": {"items": [{"audit_log_id": "audit-1"}]}}
UNTRUSTED = {"AuditLog": {"data", "user_email", "service_user_name"}}


def cases() -> Cases:
    org_id = "org-5e0f0000000000000000000000000001"
    yield Case("devin_list_audit_logs", "newest", {"limit": 2}, live=False)
    oldest = {"limit": 2, "order": "asc", "action": "create_session", "time_after": 1767225600}
    yield Case("devin_list_audit_logs", "oldest", oldest, live=False)
    yield Case("devin_list_audit_logs", "bad_cursor", {"after": "nonsense"}, live=False)
    yield Case("devin_list_organization_audit_logs", "one", {"org_id": org_id, "limit": 1}, live=False)
    yield Case("devin_list_organization_audit_logs", "unknown", {"org_id": "org-nowhere"}, live=False)
    yield Case("devin_export_audit_logs", "first", {"max_entries": 5}, live=False)
