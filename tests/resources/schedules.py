"""Schedules."""

from __future__ import annotations

from typing import Any

from support.cases import Case, Cases, page

from devin_tools import Client, CreateSchedule

SCHEDULE: dict[str, Any] = {
    "scheduled_session_id": "sched-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c",
    "name": "Nightly triage",
    "prompt": "Triage the new issues.",
    "org_id": "org-0123456789abcdef0123456789abcdef",
    "enabled": True,
    "schedule_type": "recurring",
    "frequency": "0 2 * * 1-5",
    "scheduled_at": None,
    "interval_count": 1,
    "agent": "devin",
    "notify_on": "failure",
    "playbook": {"playbook_id": "playbook-1", "title": "Triage"},
    "tags": ["nightly"],
    "platform": "windows",
    "target_devin_id": None,
    "bypass_approval": False,
    "slack_channel_id": "C1",
    "slack_team_id": "T1",
    "consecutive_failures": 0,
    "last_executed_at": "2026-01-01T02:00:00Z",
    "last_error_at": None,
    "last_error_message": None,
    "created_at": "2026-01-01T00:00:00Z",
    "updated_at": "2026-01-01T00:00:00Z",
    "created_by": "okta|1",
    "last_edited_by": "okta|1",
}
LARGEST: dict[str, Any] = {
    "Schedule": SCHEDULE,
    "PlannedSchedule": SCHEDULE,
    "SchedulePage": page(SCHEDULE, SCHEDULE | {"scheduled_session_id": "sched-2"}),
}
SMALL = {"scheduled_session_id": "sched-1"}
SMALLEST: dict[str, Any] = {"Schedule": SMALL, "PlannedSchedule": SMALL, "SchedulePage": {"items": []}}
ADDED_BY_FLOWS = {"PlannedSchedule": {"next_runs"}}
TEXT_OF_OTHERS = {"name", "prompt", "tags", "last_error_message", "created_by", "last_edited_by"}
UNTRUSTED = {
    "Schedule": TEXT_OF_OTHERS,
    "PlannedSchedule": TEXT_OF_OTHERS,
    "SchedulePlaybook": {"title"},
}

FIELDS = {"name": "Cassette", "prompt": "Do nothing.", "frequency": "0 2 * * 1-5"}


def furnish(client: Client) -> dict[str, Any]:
    return {"schedule_id": client.run(CreateSchedule(**FIELDS)).scheduled_session_id}


def cases() -> Cases:
    everything = FIELDS | {"notify_on": "never", "tags": ["cassette"], "agent": "devin", "interval_count": 2}
    schedule = yield Case("devin_create_schedule", "everything", everything)
    on = {"schedule_id": schedule.scheduled_session_id}
    yield Case("devin_update_schedule", "off", on | {"enabled": False}, after=60)
    yield Case("devin_get_schedule", "schedule", on)
    yield Case("devin_list_schedules", "first_page", {"limit": 1})
    yield Case("devin_list_schedules", "second_page", {"limit": 1, "after": "1"})
    yield Case("devin_delete_schedule", "deleted", on)
    yield Case("devin_get_schedule", "not_found", on)
