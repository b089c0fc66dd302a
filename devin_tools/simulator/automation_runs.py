"""Automations at work: events and rules of time start sessions, within the limits that each has."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from ..api.automation import MESSAGE, START
from ..api.automation_parts import RECURRING
from ..api.shared.fields import bare_id
from .recurrence import next_time
from .refusal import Refusal
from .scenarios import begin, scenario_of, wake
from .world import ENDED, SessionRecord, World

AUTOMATIONS = "Automation"
REPOSITORY = re.compile(r"(?<!\S)@([\w-]+/[\w.-]*\w)")
PLAYBOOK = re.compile(r"(?<!\S)@playbook:([\w-]+)")

Event = tuple[str, Mapping[str, Any]]
"""The type of an event, and its fields."""


@dataclass
class Runs:
    """What a world knows of an automation, and no answer shows."""

    number: int
    """How many there were before it."""
    fired: list[float] = field(default_factory=list)
    """When it started something, or put it off."""
    waiting: list[Event] = field(default_factory=list)
    """Events whose turn has not come."""
    spoken_to: str | None = None
    """The session that its messages started."""
    plan: int = 0
    """Which of its rules of time counts: those of before a change do not."""


def runs_of(automation: Mapping[str, Any]) -> Runs:
    """Return what no answer shows of an automation."""
    runs: Runs = automation["_runs"]
    return runs


def fire(
    world: World, event_type: str, fields: Mapping[str, Any], automation_id: str | None = None
) -> list[str]:
    """Let an event happen in the world's scope; return the ids of the sessions that it started.

    `automation_id` names the one that it is sent to, as to its webhook; without it all are asked.
    """
    started: list[str] = []
    for automation in world.store(AUTOMATIONS).all():
        is_meant = automation_id in (None, automation["automation_id"])
        if is_meant and automation["enabled"] and _is_triggered(automation, event_type, fields):
            started += run(world, automation, (event_type, fields), world.now)
    return started


def run(world: World, automation: dict[str, Any], event: Event, at: float) -> list[str]:
    """Start what an automation does, put it off, or drop it, as its limits say."""
    runs = runs_of(automation)
    window = (automation["limits"] or {}).get("invocations")
    if window:
        recent = [moment for moment in runs.fired if moment > at - window["window_seconds"]]
        if len(recent) >= window["max_per_window"]:
            return _note(automation, at, "skipped")
    if not _has_room(world, automation):
        depth = automation["concurrency"]["max_queue_depth"]
        if depth is not None and len(runs.waiting) >= depth:
            return _note(automation, at, "skipped")
        runs.fired.append(at)
        runs.waiting.append(event)
        return []
    runs.fired.append(at)
    return _dispatch(world, automation, event, at)


def go_on(world: World, automation: dict[str, Any], at: float) -> None:
    """Start what waits, as far as there is room."""
    runs = runs_of(automation)
    while automation["enabled"] and runs.waiting and _has_room(world, automation):
        _dispatch(world, automation, runs.waiting.pop(0), at)


def session_changed(world: World, record: SessionRecord) -> None:
    """Go on with the automation of a session that may have made room."""
    automation_id = record.asked.get("automation_id")
    if automation_id is None or _is_running(record):
        return
    with world.within(record.org_id):
        store = world.store(AUTOMATIONS)
        if store.has(automation_id):
            go_on(world, store.find(automation_id), record.updated_at)


def plan(world: World, automation: dict[str, Any], after: float) -> None:
    """Have an automation started by its rule of time, in place of what was planned before."""
    runs = runs_of(automation)
    runs.plan += 1
    due = next_run(automation, after)
    if due is not None:
        world.at(due, _come, world.org_id, automation["automation_id"], runs.plan)


def _come(world: World, due: float, org_id: str, automation_id: str, number: int) -> None:
    with world.within(org_id):
        store = world.store(AUTOMATIONS)
        if not store.has(automation_id) or runs_of(store.find(automation_id)).plan != number:
            return
        automation = store.find(automation_id)
        run(world, automation, (RECURRING, {"scheduled_for": int(due)}), due)
        plan(world, automation, due)


def next_run(automation: Mapping[str, Any], after: float) -> float | None:
    """Return when the rules of time of an automation that is on start it next."""
    if not automation["enabled"]:
        return None
    times = [next_time(rule, automation["created_at"], after) for rule in rules_of(automation["triggers"])]
    return min((moment for moment in times if moment is not None), default=None)


def rules_of(triggers: list[dict[str, Any]]) -> list[str]:
    """Return the recurrence rules of triggers."""
    return [
        condition["value"]
        for trigger in triggers
        if trigger["event_type"] == RECURRING
        for group in (trigger["conditions"] or {"any": []})["any"]
        for condition in group["all"]
        if condition["operator"] == "recurrence"
    ]


def _has_room(world: World, automation: Mapping[str, Any]) -> bool:
    most: int | None = (automation["concurrency"] or {}).get("max_concurrent_runs")
    if most is None:
        return True
    own = automation["automation_id"]
    records = (record for record in world.in_scope() if record.asked.get("automation_id") == own)
    return sum(map(_is_running, records)) < most


def _is_running(record: SessionRecord) -> bool:
    """Return whether a session counts: not once it has ended, sleeps, or is finished and waits."""
    rests = (record.status, record.status_detail) == ("running", "finished")
    return not rests and record.status not in (*ENDED, "suspended")


def _note(automation: dict[str, Any], at: float, status: str) -> list[str]:
    automation["last_invocation"] = {"fired_at": int(at), "status": status}
    return []


def _dispatch(world: World, automation: dict[str, Any], event: Event, at: float) -> list[str]:
    """Do what an automation does; return the ids of the sessions that it started."""
    _note(automation, at, "succeeded")
    started: list[str] = []
    for action in automation["actions"]:
        task = f"{action.get('prompt') or action.get('setup_prompt')}\n\n{_event_text(event)}"
        try:
            if action["type"] == START:
                started.append(_start(world, automation, action, task, at))
            else:
                started += _speak(world, automation, action, task, at)
        except Refusal:
            _note(automation, at, "failed")
    return started


def _event_text(event: Event) -> str:
    return f"Event {event[0]}: {json.dumps(event[1], default=str)}"


def _start(
    world: World, automation: Mapping[str, Any], action: Mapping[str, Any], task: str, at: float
) -> str:
    session = action.get("session") or {}
    asked = {
        "automation_id": automation["automation_id"],
        "tags": session.get("tags"),
        "platform": session.get("platform"),
        "playbook_id": session.get("playbook_id"),
        "repos": session.get("repos"),
        "max_acu_limit": (automation["limits"] or {}).get("max_acu_limit"),
        "devin_mode": (automation["session_settings"] or {}).get("devin_mode"),
    }
    record = begin(world, task, scenario_of(task, world.scenario), at, asked)
    record.service_user_id = automation["run_as"].get("service_user_id") or automation["created_by"]["id"]
    return record.session_id


def _speak(
    world: World, automation: Mapping[str, Any], action: Mapping[str, Any], task: str, at: float
) -> list[str]:
    """Send a message to the session that an action names, or to the one that earlier events started."""
    target = action.get("target_devin_id") or runs_of(automation).spoken_to
    may_start = action["type"] != MESSAGE or action.get("auto_create")
    if target is None and may_start:
        runs_of(automation).spoken_to = made = _start(world, automation, action, task, at)
        return [made]
    record = world.session(bare_id(target or ""))
    if record.status in ENDED:
        raise Refusal(409, "Session has already ended")
    record.updated_at = at
    world.say(record, "user", task)
    wake(world, record)
    return []


def _is_triggered(automation: Mapping[str, Any], event_type: str, fields: Mapping[str, Any]) -> bool:
    return any(
        trigger["event_type"] == event_type and holds(trigger["conditions"], fields)
        for trigger in automation["triggers"]
    )


def holds(conditions: Mapping[str, Any] | None, fields: Mapping[str, Any]) -> bool:
    """Return whether an event fulfils conditions: one group of them, and in it all."""
    if conditions is None:
        return True
    return any(all(_fulfils(one, fields) for one in group["all"]) for group in conditions["any"])


def _fulfils(condition: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    operator, wanted = condition["operator"], condition.get("value")
    found: Any = fields
    for name in condition["field"].split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    if condition["field"] in fields:
        found = fields[condition["field"]]
    if operator in ("is_empty", "is_not_empty"):
        return bool((found is None) == (operator == "is_empty"))
    if operator == "recurrence":
        return True  # its time has come: nothing else makes such an event
    is_not, test = _tests(operator)
    each = found if isinstance(found, list) else [found]
    try:
        return any(test(value, wanted) for value in each if value is not None) != is_not
    except (TypeError, re.error):
        return False


def _tests(operator: str) -> tuple[bool, Callable[[Any, Any], bool]]:
    """Return whether an operator is the contrary of another, and what that one tests."""
    if operator == "neq":
        return True, TESTS["eq"]
    return operator.startswith("not_"), TESTS[operator.removeprefix("not_")]


TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda value, wanted: bool(value == wanted),
    "contains": lambda value, wanted: str(wanted) in str(value),
    "starts_with": lambda value, wanted: str(value).startswith(str(wanted)),
    "ends_with": lambda value, wanted: str(value).endswith(str(wanted)),
    "gt": lambda value, wanted: bool(value > wanted),
    "lt": lambda value, wanted: bool(value < wanted),
    "gte": lambda value, wanted: bool(value >= wanted),
    "lte": lambda value, wanted: bool(value <= wanted),
    "between": lambda value, wanted: bool(wanted[0] <= value <= wanted[1]),
    "in": lambda value, wanted: value in wanted,
    "matches": lambda value, wanted: re.search(wanted, str(value)) is not None,
    "globs": lambda value, wanted: any(fnmatchcase(str(value), pattern) for pattern in wanted),
}
