"""What a schedule is, and a page of them. Facts: docs.devin.ai, API reference, schedules.

Documents of the vendor disagree on some names: each is read under all that it is given.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AliasChoices, Field

from ..paging.brief import Abridged
from ..paging.pages import Page
from ..tool import Output
from .shared.fields import Untrusted, known

__all__ = ["AGENTS", "NOTIFY", "TYPES", "PlannedSchedule", "Schedule", "SchedulePage", "SchedulePlaybook"]

TYPES, AGENTS, NOTIFY = ("recurring", "one_time"), ("devin", "data_analyst"), ("always", "failure", "never")

ScheduleType = Annotated[str, known(*TYPES)]
Agent = Annotated[str, known(*AGENTS)]
Notify = Annotated[str, known(*NOTIFY)]


def _also(*names: str) -> Any:
    """Read a field under the names that other documents of the vendor give it, too."""
    return Field(validation_alias=AliasChoices(*names))


class SchedulePlaybook(Output):
    """The playbook that the sessions of a schedule follow."""

    playbook_id: str
    """The id."""

    title: Untrusted | None = None
    """The title."""


class Schedule(Abridged):
    """A schedule as the API shows it."""

    scheduled_session_id: Annotated[str, _also("scheduled_session_id", "schedule_id")]
    """The id of the schedule."""

    name: Untrusted | None = None
    """The name."""

    prompt: Untrusted | None = None
    """What each session is to do."""

    org_id: str | None = None
    """The organisation it belongs to."""

    enabled: Annotated[bool | None, _also("enabled", "is_enabled")] = None
    """Whether it starts sessions."""

    schedule_type: ScheduleType | None = None
    """Whether it runs again and again, or once."""

    frequency: Annotated[str | None, _also("frequency", "cron_schedule")] = None
    """When it runs: a cron expression of five fields, in UTC."""

    scheduled_at: str | None = None
    """When a schedule that runs once does, as ISO 8601."""

    interval_count: int | None = None
    """Every how many of its periods it runs."""

    agent: Agent | None = None
    """Who does the work."""

    notify_on: Notify | None = None
    """When somebody is told of a run."""

    playbook: SchedulePlaybook | None = None
    """The playbook its sessions follow."""

    tags: list[Untrusted] | None = None
    """The tags its sessions get."""

    platform: str | None = None
    """The machine its sessions run on."""

    target_devin_id: str | None = None
    """The session that gets the prompt, in place of a new one."""

    bypass_approval: bool | None = None
    """Whether the sessions that its sessions spawn start without approval."""

    slack_channel_id: str | None = None
    """Where in Slack it tells of its runs."""

    slack_team_id: str | None = None
    """The Slack workspace of that channel."""

    consecutive_failures: int | None = None
    """How many runs in a row have failed."""

    last_executed_at: str | None = None
    """When it ran last, as ISO 8601."""

    last_error_at: str | None = None
    """When a run failed last, as ISO 8601."""

    last_error_message: Untrusted | None = None
    """Why."""

    created_at: str | None = None
    """When it was created, as ISO 8601."""

    updated_at: str | None = None
    """When it last changed, as ISO 8601."""

    created_by: Untrusted | None = None
    """Who created it."""

    last_edited_by: Untrusted | None = None
    """Who changed it last."""


class PlannedSchedule(Schedule):
    """A schedule, with when it runs next."""

    from_flow = frozenset({"next_runs"})

    next_runs: list[str] = []
    """The next runs in UTC: three of a recurring one, the one of another; none of one that is not enabled."""


class _Schedules(Output):
    schedules: Annotated[list[Schedule], _also("items", "schedules")]
    """The schedules of this page."""


class SchedulePage(Page, _Schedules):
    """One page of schedules."""

    items_field = "schedules"
    item_id = "scheduled_session_id"
