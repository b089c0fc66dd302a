"""The largest and smallest answers the API documents, as plain JSON, by output model.

Facts: docs.devin.ai/v3-openapi.yaml. Where the documents disagree, the larger one is kept.
"""

from __future__ import annotations

from typing import Any

__all__ = ["LARGEST", "SMALLEST"]

SESSION: dict[str, Any] = {
    "session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
    "url": "https://app.devin.ai/sessions/4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
    "status": "running",
    "status_detail": "finished",
    "title": "Fix the flaky checkout test",
    "org_id": "org-0123456789abcdef0123456789abcdef",
    "created_at": 1767225600,
    "updated_at": 1767229200,
    "acus_consumed": 3.75,
    "tags": ["team:payments", "run=42", "a/b#c"],
    "pull_requests": [
        {"pr_url": "https://github.com/acme/shop/pull/7", "pr_state": "open"},
        {"pr_url": "https://github.com/acme/shop/pull/8", "pr_state": None},
    ],
    "structured_output": {"root_cause": "a race", "files": ["cart.py"], "nested": {"deep": [1, 2.5, None]}},
    "playbook_id": "playbook-0123456789abcdef0123456789abcdef",
    "is_archived": False,
    "user_id": "google-oauth2|1234567890",
    "service_user_id": "service-user-abc123",
    "parent_session_id": "00000000000000000000000000000001",
    "child_session_ids": ["00000000000000000000000000000002"],
    "origin": "api",
    "category": "bug_fixing",
    "subcategory": "Flaky tests",
    "devin_mode": "normal",
    "automation_id": "automation-1",
}
MESSAGE = {
    "event_id": "evt-1",
    "source": "devin",
    "message": 'Done.\nATTACHMENT:{"url": "https://app.devin.ai/attachments/u/report.txt", "fileSize": 12}',
    "created_at": 1767225700,
    "username": "Devin",
}
ATTACHMENT = {
    "attachment_id": "att-1",
    "name": "report.txt",
    "url": "https://app.devin.ai/attachments/0f0e0d0c-0000-4000-8000-000000000000/report.txt",
    "source": "devin",
    "content_type": "text/plain",
}
PRINCIPAL = {
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
}


def _page(*items: Any) -> dict[str, Any]:
    return {"items": list(items), "end_cursor": "Y3Vyc29y", "has_next_page": True, "total": 2}


LARGEST: dict[str, Any] = {
    "Session": SESSION,
    "CreatedSession": SESSION,
    "SentMessage": SESSION,
    "SessionPage": _page(SESSION, SESSION | {"session_id": "00000000000000000000000000000003"}),
    "MessagePage": _page(MESSAGE, MESSAGE | {"event_id": "evt-2", "source": "user"}),
    "AttachmentPage": [ATTACHMENT, ATTACHMENT | {"attachment_id": "att-2", "source": "user"}],
    "TagList": {"tags": [f"tag-{n}" for n in range(50)]},
    "Principal": PRINCIPAL,
}

SMALLEST: dict[str, Any] = {
    "Session": {"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},
    "CreatedSession": {"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},
    "SentMessage": {"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},
    "SessionPage": {"items": [{"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"}]},
    "MessagePage": {"items": [{"event_id": "e", "source": "user", "message": "", "created_at": 0}]},
    "AttachmentPage": [{"attachment_id": "a", "name": "", "url": "", "source": "user"}],
    "TagList": {"tags": []},
    "Principal": {"principal_type": "windsurf_session", "user_id": "u", "org_id": "org-0"},
}
