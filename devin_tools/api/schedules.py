"""Schedules: sessions that start by themselves, again and again or once.

Facts: docs.devin.ai, API reference, schedules. Times are in UTC; no field of the API takes a time zone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from ..codec import decode, encode
from ..errors import InvalidArguments
from ..flow import Flow, Now
from ..locations import Wire
from ..paging import Abridged, Detailed, Items, Page, PagedByOffset
from ..tool import USER_ONLY, WRITE, Example, Input, Output, Spending, Tool
from ..wire import DELETE, GET, PATCH, POST
from .shared.fields import GivenText, Id, Name, SessionId, Tags, Untrusted, also_named, as_is, known
from .shared.merging import with_cleared
from .shared.once import CreateOnce
from .shared.times import Cron, Moment, cron_times, iso, seconds_of

TYPES, AGENTS, NOTIFY = ("recurring", "one_time"), ("devin", "data_analyst"), ("always", "failure", "never")

ScheduleType = Annotated[str, known(*TYPES)]
Agent = Annotated[str, known(*AGENTS)]
Notify = Annotated[str, known(*NOTIFY)]
Clearable = Literal["playbook_id", "platform", "tags", "slack_channel_id", "slack_team_id", "target_devin_id"]


class SchedulePlaybook(Output):
    """The playbook that the sessions of a schedule follow."""

    playbook_id: str
    """The id."""

    title: Untrusted | None = None
    """The title."""


class Schedule(Abridged):
    """A schedule as the API shows it."""

    scheduled_session_id: Annotated[str, also_named("scheduled_session_id", "schedule_id")]
    """The id of the schedule."""

    name: Untrusted | None = None
    """The name."""

    prompt: Untrusted | None = None
    """What each session is to do."""

    org_id: str | None = None
    """The organisation it belongs to."""

    enabled: Annotated[bool | None, also_named("enabled", "is_enabled")] = None
    """Whether it starts sessions."""

    schedule_type: ScheduleType | None = None
    """Whether it runs again and again, or once."""

    frequency: Annotated[str | None, also_named("frequency", "cron_schedule")] = None
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


class SchedulePage(Page[Schedule]):
    """One page of schedules."""

    schedules: Items[Schedule]
    """The schedules of this page."""


SCHEDULES = "/v3/organizations/{org_id}/schedules"
SCHEDULE = SCHEDULES + "/{schedule_id}"
MANAGE = "ManageOrgSchedules"
RUNS = 3
"""How many of the next runs are shown."""

# A one-time schedule needs its type said: left out, the API takes it for one that recurs. No field of the API
# limits the ACUs of a schedule's sessions.
CREATES = Spending(starts="standing", cron="frequency", once=("schedule_type", "one_time"))


ScheduleId = Annotated[Id, also_named("schedule_id", "scheduled_session_id")]


class _OnSchedule(Input):
    schedule_id: Annotated[ScheduleId, Example("sched-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c")]
    """Which schedule, as `sched-...`."""


class _Planned(Input):
    """What there is to say of a schedule, whether it is made or changed.

    The API refuses null for what a schedule always has when it is made; in a change it would say nothing.
    """

    frequency: Annotated[Cron | None, also_named("frequency", "cron_schedule")] = None
    """When it runs again and again: a cron expression of five fields, in UTC. No time zone is taken."""

    scheduled_at: Moment | None = None
    """When it runs once: a date and time in the future, with its time zone."""

    schedule_type: ScheduleType = as_is()
    """recurring (needs `frequency`) or one_time (needs `scheduled_at`). Left out: recurring."""

    interval_count: Annotated[int, Field(ge=1)] = as_is()
    """Every how many of its periods it runs."""

    # Some agent frameworks swallow an argument called `agent`, so it is called otherwise here.
    agent_kind: Annotated[Agent, Wire("agent"), also_named("agent_kind", "agent")] = as_is()
    """Who does the work: devin or data_analyst. Left out: devin."""

    notify_on: Notify = as_is()
    """When somebody is told of a run: always, failure or never. Left out: failure."""

    playbook_id: Id | None = None
    """A playbook for its sessions to follow."""

    tags: Tags | None = None
    """Tags for its sessions; comma-separated text is accepted too."""

    platform: Name | None = None
    """The machine its sessions run on."""

    slack_channel_id: Id | None = None
    """Where in Slack it tells of its runs."""

    slack_team_id: Id | None = None
    """The Slack workspace of that channel."""

    target_devin_id: SessionId | None = None
    """A session that gets the prompt, in place of a new one. For schedules that run once."""

    bypass_approval: Annotated[bool, USER_ONLY] = as_is()
    """Whether the sessions that its sessions spawn start without a person's approval."""


class ListSchedules(PagedByOffset[SchedulePage]):
    """List schedules, one page per call."""

    route = GET(SCHEDULES, permission=MANAGE)
    keywords = (
        "what runs every night, cron jobs, recurring, periodic, planned work, timetable, what is coming "
        "up, which jobs fire by the clock, regular jobs, every week"
    )
    examples = ({"limit": 20},)


class GetSchedule(_OnSchedule, Detailed[PlannedSchedule]):
    """Read one schedule, and when it runs next."""

    route = GET(SCHEDULE, permission=MANAGE)
    keywords = (
        "when does the nightly job run, show the cron expression, recurring task, when is it due next, "
        "did the last nightly run work, is the periodic job on or paused"
    )

    def flow(self) -> Flow[PlannedSchedule]:
        """Read, and work out the next runs."""
        return _with_runs(super().flow())


class CreateSchedule(_Planned, CreateOnce[PlannedSchedule]):
    """Create a schedule that starts sessions by itself, at set times.

    Each run spends ACUs, without anybody asking again; the output shows the next runs. When the
    answer is lost nothing is repeated: the error asks you to look at the list first.
    """

    route = POST(SCHEDULES, permission=MANAGE)
    effect = WRITE.billable(CREATES)
    keywords = (
        "cron job, recurring, periodic, weekly, remind, repeat regularly, nightly run, later, tomorrow at "
        "9, one-off at a time, every weekday at 7, daily, each Friday, on the first of the month, at "
        "night, by the clock, every Monday, every night, in the morning"
    )
    examples = (
        {
            "name": "Nightly triage",
            "prompt": "Triage the new issues of acme/shop.",
            "frequency": "0 2 * * 1-5",
        },
    )

    name: GivenText
    """The name."""

    prompt: GivenText
    """What each session is to do."""

    create_as_user_id: Annotated[Id | None, USER_ONLY] = None
    """The member to create it for; the key needs ImpersonateOrgSessions."""

    def flow(self) -> Flow[PlannedSchedule]:
        """Check the times, create, and show the next runs."""
        yield from _check_times(self, is_new=True)
        return (yield from _with_runs(super().flow()))


class UpdateSchedule(_Planned, _OnSchedule, Tool[PlannedSchedule]):
    """Change some fields of a schedule; the others stay as they are."""

    route = PATCH(SCHEDULE, permission=MANAGE)
    effect = WRITE.idempotent().billable(replace(CREATES, stops="enabled"))
    keywords = (
        "enable, disable, make it run weekly, move to 6 o'clock, edit the recurring prompt, frequency, "
        "skip the holidays, not until January, change the time, an hour later, less often, pause the "
        "nightly job for now, turn the cron back on"
    )
    examples = ({"schedule_id": "sched-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c", "enabled": False},)

    name: GivenText = as_is()
    """A new name."""

    prompt: GivenText = as_is()
    """What each session is to do from now on."""

    enabled: Annotated[bool, also_named("enabled", "is_enabled")] = as_is()
    """Whether it starts sessions."""

    run_as_user_id: Annotated[Id | None, USER_ONLY] = None
    """The member to run it for; null: nobody in particular. The key needs ImpersonateOrgSessions."""

    clear: Annotated[list[Clearable], Wire(None)] = []
    """Fields to empty: `playbook_id`, `platform`, `tags`, `slack_channel_id`, `slack_team_id`,
    `target_devin_id`."""

    def flow(self) -> Flow[PlannedSchedule]:
        """Check the times, change, and show the next runs."""
        yield from _check_times(self, is_new=False)
        return (yield from _with_runs(self._change()))

    def _change(self) -> Flow[PlannedSchedule]:
        known_id = {"scheduled_session_id": self.schedule_id}
        request = encode(self.route, self)
        request = replace(request, body=with_cleared(request.body or {}, self.clear))
        return decode(PlannedSchedule, (yield request), known_id)


class DeleteSchedule(_OnSchedule, Tool[Schedule]):
    """Delete a schedule.

    The output is the schedule as it was; sessions that run go on.
    """

    route = DELETE(SCHEDULE, permission=MANAGE)
    keywords = (
        "no more nightly runs, cancel the cron, get rid of the recurring job, remove a periodic task for "
        "ever, stop doing that every week, stop the nightly job for ever"
    )


def _check_times(call: _Planned, *, is_new: bool) -> Flow[None]:
    """Refuse, before anything is sent, what could never run."""
    is_once = call.schedule_type == "one_time"
    needed = ("scheduled_at" if is_once else "frequency") if is_new or call.schedule_type else None
    if needed and getattr(call, needed) is None:
        kind = call.schedule_type or "recurring"
        raise _wrong(needed, f"is needed by a schedule that is {kind}")
    if call.target_devin_id is not None and not is_once and (is_new or call.schedule_type):
        raise _wrong("target_devin_id", "is for a schedule that runs once: one that recurs starts sessions")
    if call.scheduled_at is not None and seconds_of(str(call.scheduled_at)) <= (yield Now()):
        raise _wrong("scheduled_at", "is not in the future")


def _wrong(field: str, reason: str) -> InvalidArguments:
    return InvalidArguments(f"{field} {reason}.", details=[{"path": field, "reason": reason}])


def _with_runs(flow: Flow[PlannedSchedule]) -> Flow[PlannedSchedule]:
    schedule = yield from flow
    now: float = yield Now()
    return schedule.model_copy(update={"next_runs": _runs(schedule, now)})


def _runs(schedule: Schedule, now: float) -> list[str]:
    """Work out when a schedule runs next; nothing where the API says what this package cannot read."""
    if schedule.enabled is False:
        return []
    if schedule.frequency and schedule.schedule_type != "one_time":
        return cron_times(schedule.frequency, now, RUNS)
    try:
        moment = seconds_of(schedule.scheduled_at or "")
    except ValueError:
        return []
    return [iso(moment)] if moment > now else []
