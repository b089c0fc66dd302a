"""Schedules: they are created, changed and deleted. This world starts no sessions by them."""

from __future__ import annotations

from typing import Any

from ...api import schedules
from ...api.schedules import AGENTS, NOTIFY, TYPES
from ...api.shared.times import iso
from ..inheritance import Seen
from ..refusal import Refusal
from ..session_filters import OLDER, check_enum
from ..world import INHERITED_PLAYBOOK, SERVICE_USER_ID, World

SETTABLE = (
    "name", "prompt", "enabled", "schedule_type", "frequency", "scheduled_at", "interval_count", "notify_on",
    "tags", "platform", "slack_channel_id", "slack_team_id", "target_devin_id", "bypass_approval",
)  # fmt: skip

SCHEDULES = "Schedule"


def list_schedules(world: World, call: schedules.ListSchedules) -> dict[str, Any]:
    """List the schedules by limit and offset."""
    return world.store(SCHEDULES).offset_page(call)


def get_schedule(world: World, call: schedules.GetSchedule) -> dict[str, Any]:
    """Return a schedule."""
    return world.store(SCHEDULES).find(call.schedule_id)


def create_schedule(world: World, call: schedules.CreateSchedule) -> dict[str, Any]:
    """Create a schedule."""
    return _add(world, f"sched-{world.new_id()}", call, iso(world.now))


def _add(world: World, schedule_id: str, call: schedules.CreateSchedule, now: str) -> dict[str, Any]:
    schedule: dict[str, Any] = dict.fromkeys(SETTABLE) | {
        "scheduled_session_id": schedule_id,
        "org_id": world.org_id,
        "enabled": True,
        "schedule_type": "recurring",
        "agent": "devin",
        "notify_on": "failure",
        "interval_count": 1,
        "bypass_approval": False,
        "playbook": None,
        "consecutive_failures": 0,
        "created_at": now,
        "created_by": SERVICE_USER_ID,
        "last_executed_at": None,
        "last_error_at": None,
        "last_error_message": None,
    }
    return world.store(SCHEDULES).add(schedule_id, _changed(world, schedule, call))


def update_schedule(world: World, call: schedules.UpdateSchedule) -> dict[str, Any]:
    """Change what a request names."""
    schedule = world.store(SCHEDULES).find(call.schedule_id)
    schedule |= _changed(world, schedule, call)
    return schedule


def _changed(
    world: World, schedule: dict[str, Any], call: schedules.CreateSchedule | schedules.UpdateSchedule
) -> dict[str, Any]:
    check_enum(("body", "schedule_type"), [call.schedule_type], TYPES)
    agent = OLDER.get(call.agent_kind or "", call.agent_kind)
    check_enum(("body", "agent"), [agent], AGENTS)
    check_enum(("body", "notify_on"), [call.notify_on], NOTIFY)
    said = {name: getattr(call, name) for name in call.model_fields_set & set(SETTABLE)}
    if "agent_kind" in call.model_fields_set:
        said["agent"] = agent
    if "playbook_id" in call.model_fields_set:
        said["playbook"] = call.playbook_id and _playbook(world, call.playbook_id)
    changed = schedule | said | {"updated_at": iso(world.now), "last_edited_by": SERVICE_USER_ID}
    needed = "scheduled_at" if changed["schedule_type"] == "one_time" else "frequency"
    if changed[needed] is None:
        missing = {"loc": ["body", needed], "msg": "Field required", "type": "missing"}
        raise Refusal(422, "The request is not valid", [missing])
    if changed["target_devin_id"] is not None and changed["schedule_type"] != "one_time":
        reason = "target_devin_id is for schedules that run once"
        error = {"loc": ["body", "target_devin_id"], "msg": reason, "type": "value_error"}
        raise Refusal(422, reason, [error])
    return changed


def _playbook(world: World, playbook_id: str) -> dict[str, Any]:
    """Return what a schedule shows of its playbook; one that is not there is taken too."""
    there = {playbook["playbook_id"]: playbook["title"] for playbook in Seen(world, "Playbook").all()}
    return {"playbook_id": playbook_id, "title": there.get(playbook_id)}


def delete_schedule(world: World, call: schedules.DeleteSchedule) -> dict[str, Any]:
    """Delete a schedule; return what it was."""
    return world.store(SCHEDULES).remove(call.schedule_id)


def add_sample_schedules(world: World, now: float) -> None:
    """Add one that recurs, whose last run failed, and one that runs once and speaks to a session."""
    recurring = schedules.CreateSchedule(
        name="Weekly dependency check",
        prompt="Look for dependencies of acme/shop with known holes.",
        frequency="0 6 * * 1",
        playbook_id=INHERITED_PLAYBOOK,
        tags=["sample"],
        platform="inherit",
        slack_channel_id="C0000000001",
        slack_team_id="T0000000001",
    )
    failed = iso(now - 3_600)
    _add(world, f"sched-{1:032x}", recurring, iso(now)).update(
        consecutive_failures=1,
        last_executed_at=failed,
        last_error_at=failed,
        last_error_message="No quota left",
    )
    once = schedules.CreateSchedule(
        name="Remind of the release",
        prompt="The release is today: say what is still open.",
        schedule_type="one_time",
        scheduled_at=iso(now + 30 * 86_400),
        target_devin_id=next(iter(world.sessions)),
    )
    _add(world, f"sched-{2:032x}", once, iso(now))
