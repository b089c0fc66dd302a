"""Sessions with their messages, files and tags."""

from __future__ import annotations

from typing import Any

from support.cases import SECRET_VALUE, Case, Cases, page

from devin_tools import Client, CreateSession

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

LARGEST: dict[str, Any] = {
    "Session": SESSION,
    "CreatedSession": SESSION,
    "SentMessage": SESSION,
    "SessionPage": page(SESSION, SESSION | {"session_id": "00000000000000000000000000000003"}),
    "MessagePage": page(MESSAGE, MESSAGE | {"event_id": "evt-2", "source": "user"}),
    "AttachmentPage": [ATTACHMENT, ATTACHMENT | {"attachment_id": "att-2", "source": "user"}],
    "TagList": {"tags": [f"tag-{n}" for n in range(50)]},
}

SMALLEST: dict[str, Any] = {
    "Session": {"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},
    "CreatedSession": {"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},
    "SentMessage": {"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"},
    "SessionPage": {"items": [{"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"}]},
    "MessagePage": {"items": [{"event_id": "e", "source": "user", "message": "", "created_at": 0}]},
    "AttachmentPage": [{"attachment_id": "a", "name": "", "url": "", "source": "user"}],
    "TagList": {"tags": []},
}
ADDED_BY_FLOWS = {"CreatedSession": {"creation"}, "SentMessage": {"resumed", "delivery"}}
UNTRUSTED = {
    "Attachment": {"name"},
    "CreatedSession": {"title", "tags", "structured_output"},
    "Message": {"message", "username"},
    "SentMessage": {"title", "tags", "structured_output"},
    "SettledSession": {"last_message"},
    "Session": {"title", "tags", "structured_output"},
    "TagList": {"tags"},
    "TaskOutput": {"last_message", "structured_output", "structured_output_faults"},
    "Waited": {"last_message"},
}

SCHEMA = {
    "type": "object",
    "properties": {"root_cause": {"type": "string"}, "tests_added": {"type": "integer"}},
    "required": ["root_cause"],
}
EVERYTHING = {
    "prompt": "Fix the flaky checkout test.",
    "title": "Flaky checkout test",
    "tags": ["cassette", "team:payments"],
    "knowledge_ids": [],
    "secret_ids": [],
    "session_secrets": [{"key": "STAGING_TOKEN", "value": SECRET_VALUE}],
    "repos": ["acme/shop"],
    "max_acu_limit": 1,
    "structured_output_schema": SCHEMA,
    "structured_output_required": False,
    "devin_mode": "normal",
    "resumable": True,
}
TASK = {
    "prompt": "Say hello in the README.",
    "max_acu_limit": 1,
    "idempotency_key": "cassette",
    "structured_output_schema": SCHEMA,
}
PARENT = {"prompt": "Move the shop to the new cart. #simulate:delegates", "max_acu_limit": 1}


def furnish(client: Client) -> dict[str, Any]:
    session_id = client.run(CreateSession(prompt="Look.")).session_id
    return {"session_id": session_id, "session_ids": [session_id]}


def cases() -> Cases:
    first = yield Case("devin_list_sessions", "first_page", {"limit": 2})
    yield Case("devin_list_sessions", "second_page", {"limit": 2, "after": first.end_cursor})
    yield Case("devin_list_sessions", "filtered", {"tags": ["cassette"], "is_archived": False, "limit": 5})
    yield Case("devin_create_session", "unknown_platform", {"prompt": "x", "platform": "amiga"})
    session = yield Case("devin_create_session", "everything", EVERYTHING)
    session_id = "devin-" + session.session_id.removeprefix("devin-")
    yield from on_one({"session_id": session_id}, session_id)
    yield Case("devin_run_task", "finished", TASK)
    yield Case("devin_run_task", "adopted", TASK)
    parent = yield Case("devin_create_session", "parent", PARENT, live=False)
    if parent is not None:
        of = {"session_id": f"devin-{parent.session_id}"}
        yield Case("devin_list_child_sessions", "first_page", of | {"limit": 1}, live=False, after=60)


def on_one(on: dict[str, str], session_id: str) -> Cases:
    unknown = {"session_id": "devin-" + "0" * 32}
    yield Case("devin_get_session", "new", on)
    yield Case("devin_wait_session", "a_slice", on | {"max_seconds": 6})
    yield Case("devin_get_session", "not_found", unknown)
    yield Case("devin_list_session_messages", "first_page", on | {"limit": 1}, after=90)
    yield Case("devin_list_session_attachments", "files", on)
    yield Case("devin_list_child_sessions", "none", on)
    yield Case("devin_get_session", "finished", on)
    yield Case("devin_wait_session", "finished", on)
    yield Case("devin_wait_sessions", "finished", {"session_ids": [session_id]})
    yield Case("devin_get_session_tags", "tags", on)
    yield Case("devin_append_session_tags", "tags", on | {"tags": ["cassette", "reviewed"]})
    yield Case("devin_replace_session_tags", "tags", on | {"tags": ["cassette"]})
    yield Case("devin_replace_session_tags", "none", on | {"tags": []})
    yield Case("devin_send_message", "more_work", on | {"message": "Thank you."})
    yield Case("devin_send_message", "resumes", on | {"message": "Go on."}, live=False, after=4000)
    yield Case("devin_archive_session", "archived", on)
    yield Case("devin_append_session_tags", "archived", on | {"tags": ["late"]}, live=False)
    yield Case("devin_unarchive_session", "back", on)
    yield Case("devin_terminate_session", "archived_too", on | {"archive": True})
    yield Case("devin_send_message", "ended", on | {"message": "Hello?"}, live=False)
