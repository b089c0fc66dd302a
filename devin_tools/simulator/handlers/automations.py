"""Automations: they are created, merged with changes, and deleted; events and the clock start them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from ...api import automations
from ...api.automation import ACTIONS, MONITOR, RUN_AS, SLACK_REPLIERS, START, TEAMS_REPLIERS
from ...api.automation_parts import (
    DM_SCOPES,
    EVENT_TYPES,
    EVENTS,
    OPERATORS,
    RECURRING,
    REPLIES,
    SLACK_MESSAGE,
    SLACK_MODES,
    WEBHOOK,
    WHEN,
)
from ...api.automations import AGENT_TYPES, lacks
from ...api.session import MODES
from ..automation_runs import (
    AUTOMATIONS,
    PLAYBOOK,
    REPOSITORY,
    Runs,
    go_on,
    next_run,
    plan,
    rules_of,
    runs_of,
    session_changed,
)
from ..handler_faults import as_json
from ..paging import page_of_rows
from ..recurrence import rule_of
from ..refusal import Refusal
from ..response import Answer
from ..scenarios import scenario_of
from ..session_filters import check_enum
from ..world import World

SAMPLE = "automation-00000000000000000000000000000001"
"""The automation that some sample sessions come from."""

NEWEST = 10**9
"""A position above that of any automation: lists begin with the newest."""

GROUPS = ("limits", "concurrency", "notifications", "session_settings", "tools")
REPLACED = ("name", "enabled", "run_as", "slack_reply_access", "teams_reply_access")
RESET: Mapping[str, Any] = {
    "run_as": {"type": "organization"},
    "slack_reply_access": "slack_users",
    "teams_reply_access": "teams_users",
    "metadata": {},
}
"""What null stands for, where that is something."""

KINDS = {"start_session": "new_session", "message_session": "long_running", "monitor_session": "long_running"}
"""The kind of agent that an action is, to the filter of the list."""

PER_SOURCE: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "github": (("repo", "github_repo", "Repository"), ("sender", "string", "Sender")),
    "gitlab": (("repo", "gitlab_repo", "Project"), ("sender", "string", "Sender")),
    "slack": (
        *(("channel", "slack_channel", "Channel"), ("text", "string", "Text")),
        ("is_thread_reply", "boolean", "In a thread"),
    ),
    "schedule": (("rrule", "rrule", "Rule"),),
    "jira": (("project", "jira_project", "Project"), ("summary", "string", "Summary")),
    "linear": (("team", "linear_team", "Team"), ("title", "string", "Title")),
    "webhook": (("body", "string", "Body"),),
}
PUSH = (("branch", "string", "Branch"), ("paths", "file_paths", "Changed paths"))
REQUIRED = frozenset({"rrule", "slack_channel"})
"""The types of the fields that a trigger must have a condition on."""

TEMPLATES: tuple[dict[str, Any], ...] = (
    {
        "template_id": "template-review-pull-requests",
        "name": "Review pull requests",
        "description": "Review each new pull request.",
        "category": "code_review",
        "required_integrations": ["github"],
        "required_mcps": [],
        "triggers": [{"event_type": "github:pull_request", "conditions": None, "replies": []}],
        "actions": [{"type": "start_session", "prompt": "Review the pull request."}],
        "docs_url": None,
        "featured": True,
    },
)


def list_automations(world: World, call: automations.ListAutomations) -> dict[str, Any]:
    """List the automations that pass every filter, newest first."""
    check_enum(("query", "agent_types"), call.agent_types or (), AGENT_TYPES)
    labels = [
        (name[len("metadata.") :], value) for name, value in world.query if name.startswith("metadata.")
    ]

    def passes(automation: dict[str, Any]) -> bool:
        prompts = [action.get("prompt") or "" for action in automation["actions"]]
        text = "\n".join((automation["name"], *prompts)).casefold()
        return (
            (call.search is None or call.search.casefold() in text)
            and call.creator_id in (None, automation["created_by"]["id"])
            and call.enabled in (None, automation["enabled"])
            and call.event_type in (None, *(trigger["event_type"] for trigger in automation["triggers"]))
            and (not call.agent_types or not _agents(automation).isdisjoint(call.agent_types))
            and all(automation["metadata"].get(name) == value for name, value in labels)
        )

    every = world.store(AUTOMATIONS).all()
    rows = [(NEWEST - runs_of(one).number, _shown(world, one)) for one in reversed(every) if passes(one)]
    page = page_of_rows(world.cut_page, rows, call)
    is_whole = len(rows) == len(every) and call.after is None and not page["has_next_page"]
    return page | {"total": len(every) if is_whole else None}


def _agents(automation: Mapping[str, Any]) -> set[str]:
    return {KINDS[action["type"]] for action in automation["actions"]}


def _shown(world: World, automation: Mapping[str, Any]) -> dict[str, Any]:
    """Return an automation as the API shows it: its webhook's secret was shown once."""
    due = next_run(automation, world.now)
    public = {name: value for name, value in automation.items() if not name.startswith("_")}
    return copy.deepcopy(public) | {"next_run_at": None if due is None else int(due)}


def get_automation(world: World, call: automations.GetAutomation) -> dict[str, Any]:
    """Return an automation."""
    return _shown(world, world.store(AUTOMATIONS).find(call.automation_id))


def list_events(world: World, call: automations.GetAutomationEvents) -> dict[str, Any]:
    """List the events that there are, with their fields."""
    if call.security_profile_id is not None:
        raise Refusal(404, "Security profile not found")
    sources = {source: {name: _event(source, name) for name in names} for source, names in EVENTS.items()}
    return {
        "sources": sources,
        "update_semantics": "merge_patch",
        "default_net_policy": None,
        "security_profile": None,
    }


def _event(source: str, name: str) -> dict[str, Any]:
    fields = (*PER_SOURCE.get(source, ()), *(PUSH if name == "push" else ()))
    return {
        "event_type": f"{source}:{name}",
        "name": name.replace("_", " ").capitalize(),
        "category": source,
        "supported_replies": ["notify_thread", "attach_thread"] if source in ("slack", "teams") else [],
        "fields": {
            path: {"type": kind, "label": label, "required": kind in REQUIRED, "fixed": False}
            for path, kind, label in fields
        },
    }


def list_templates(world: World, call: automations.ListAutomationTemplates) -> dict[str, Any]:
    """List the templates."""
    return {"templates": TEMPLATES}


def create_automation(world: World, call: automations.CreateAutomation) -> Answer:
    """Create an automation, which waits for its events from now on."""
    if call.template_id not in (None, *(template["template_id"] for template in TEMPLATES)):
        raise Refusal(400, "Unknown template")
    automation = _add(world, f"automation-{world.new_id()}", call)
    return Answer(201, as_json(_shown(world, automation) | {"triggers": _triggers_once(automation)}))


def _add(world: World, automation_id: str, call: automations.CreateAutomation) -> dict[str, Any]:
    principal = world.principal
    creator = {"type": "service_user", "id": principal.service_user_id, "name": principal.name}
    fresh: dict[str, Any] = dict.fromkeys(GROUPS) | copy.deepcopy(dict(RESET))
    fresh |= {
        "automation_id": automation_id,
        "enabled": True,
        "triggers": [],
        "actions": [],
        "created_by": creator,
        "created_at": int(world.now),
        "last_edited_by": None,
        "last_invocation": None,
        "security_profile": None,
        "template_id": call.template_id,
    }
    automation = _merged(world, fresh, call) | {"_runs": Runs(len(world.store(AUTOMATIONS).all()))}
    _begin_work(world, world.store(AUTOMATIONS).add(automation_id, automation))
    return automation


def _begin_work(world: World, automation: dict[str, Any]) -> None:
    world.watchers["automations"] = session_changed
    plan(world, automation, world.now)


def update_automation(world: World, call: automations.UpdateAutomation) -> dict[str, Any]:
    """Merge a change into an automation."""
    automation = world.store(AUTOMATIONS).find_own(call.automation_id)
    principal = world.principal
    editor = {"type": "service_user", "id": principal.service_user_id, "name": principal.name}
    automation |= _merged(world, automation, call) | {"last_edited_by": editor}
    _begin_work(world, automation)
    go_on(world, automation, world.now)
    return _shown(world, automation) | {"triggers": _triggers_once(automation)}


def delete_automation(world: World, call: automations.DeleteAutomation) -> dict[str, Any]:
    """Delete an automation; return what it was."""
    return _shown(world, world.store(AUTOMATIONS).remove(call.automation_id))


def _triggers_once(automation: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the triggers with the secrets that were just made, which are forgotten by that."""
    shown: list[dict[str, Any]] = copy.deepcopy(automation["triggers"])
    for trigger in automation["triggers"]:
        if trigger["webhook"]:
            trigger["webhook"]["secret"] = None
    return shown


def _merged(
    world: World,
    stored: Mapping[str, Any],
    call: automations.CreateAutomation | automations.UpdateAutomation,
) -> dict[str, Any]:
    """Return an automation with what a request sends: what it leaves out stays, and null clears."""
    sent = call.model_dump(exclude_unset=True)
    changed = dict(stored)
    for name in GROUPS:
        if name in sent:
            changed[name] = _laid_over(stored[name], sent[name])
    for name in REPLACED:
        if name in sent:
            changed[name] = RESET.get(name) if sent[name] is None else sent[name]
    if "metadata" in sent:
        labels = stored["metadata"] | sent["metadata"] if sent["metadata"] is not None else {}
        changed["metadata"] = {name: value for name, value in labels.items() if value is not None}
    if sent.get("actions") is not None:
        merged = _merged_list(stored["actions"], sent["actions"], "type")
        changed["actions"] = [_completed(world, action) for action in merged]
    if sent.get("triggers") is not None:
        merged = _merged_list(stored["triggers"], sent["triggers"], "event_type")
        changed["triggers"] = [_minted(world, trigger) for trigger in merged]
    if changed["concurrency"] is not None:
        bounds = ("max_concurrent_runs", "max_queue_depth")
        changed["concurrency"] = dict.fromkeys(bounds) | changed["concurrency"]
    changed["updated_at"] = int(world.now)
    _check(world, changed)
    return changed


def _laid_over(stored: Any, sent: Any) -> Any:
    """Merge an object into another: a null clears, a list replaces, an empty object changes nothing."""
    if not isinstance(sent, dict) or not isinstance(stored, dict):
        return stored if sent == {} else sent
    return stored | {name: _laid_over(stored.get(name), value) for name, value in sent.items()}


def _merged_list(stored: list[dict[str, Any]], sent: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Replace a list; an element whose kind stands once on both sides keeps what it does not send."""

    def alone(elements: list[dict[str, Any]], value: Any) -> dict[str, Any] | None:
        found = [element for element in elements if element[kind] == value]
        return found[0] if len(found) == 1 else None

    merged = []
    for element in sent:
        before = alone(stored, element[kind])
        keeps = before is not None and alone(sent, element[kind]) is not None
        merged.append(_laid_over(before, element) if keeps else element)
    return merged


def _minted(world: World, trigger: Mapping[str, Any]) -> dict[str, Any]:
    """Return a trigger with an id of its own; one for a webhook keeps the address and secret it has."""
    webhook = trigger.get("webhook")
    if webhook is None and trigger["event_type"] == WEBHOOK:
        url = f"https://api.devin.ai/webhooks/automations/{world.new_id()}"
        webhook = {"url": url, "secret": f"whsec_{world.new_id()}"}
    return {
        "event_type": trigger["event_type"],
        "trigger_id": f"trigger-{world.new_id()}",
        "conditions": trigger.get("conditions"),
        "replies": trigger.get("replies") or [],
        "webhook": webhook,
    }


def _completed(world: World, action: Mapping[str, Any]) -> dict[str, Any]:
    """Return an action with what its prompt names; refuse with 400 a playbook that is not there."""
    if action["type"] != START:
        return dict(action)
    prompt = action.get("prompt") or ""
    playbooks = PLAYBOOK.findall(prompt)
    if any(not world.store("Playbook").has(playbook_id) for playbook_id in playbooks):
        raise Refusal(400, "The prompt names a playbook that is not there")
    session: dict[str, Any] = dict.fromkeys(("platform", "notifications"))
    session |= {"bypass_approval": False, "tags": [], **(action.get("session") or {})}
    session |= {"playbook_id": playbooks[0] if playbooks else None, "repos": REPOSITORY.findall(prompt)}
    return {**action, "session": session}


def _check(world: World, automation: Mapping[str, Any]) -> None:
    """Refuse what cannot be, after a change as in a new one."""
    triggers, actions = automation["triggers"], automation["actions"]
    for trigger in triggers:
        _check_trigger(trigger)
    events = [trigger["event_type"] for trigger in triggers]
    if events.count(WEBHOOK) > 1:
        raise _invalid("triggers", "Only one webhook:incoming trigger is allowed")
    kinds = [action["type"] for action in actions]
    check_enum(("body", "actions"), kinds, ACTIONS)
    if not kinds:
        raise _invalid("actions", "At least one action is needed")
    if kinds.count(START) > 1:
        raise _invalid("actions", "Only one start_session action is allowed")
    if MONITOR in kinds and (len(kinds) > 1 or events != [SLACK_MESSAGE]):
        raise _invalid("actions", "monitor_session stands alone, with one slack:message trigger")
    for action in actions:
        if lacking := lacks(action):
            raise _invalid("actions", f"{action['type']} needs {lacking}")
        slack = ((action.get("session") or {}).get("notifications") or {}).get("slack")
        check_enum(("body", "actions"), [slack["mode"]] if slack else (), SLACK_MODES)
        scenario_of(action.get("prompt") or "", world.scenario)
    _check_settings(automation)


def _check_settings(automation: Mapping[str, Any]) -> None:
    run_as, concurrency = automation["run_as"], automation["concurrency"] or {}
    check_enum(("body", "run_as"), [run_as["type"]], RUN_AS)
    if run_as["type"] == "creator":  # whose key is a service user's in this world
        raise _invalid("run_as", "A service user cannot run an automation as its creator")
    if (run_as["type"] == "service_user") != (run_as.get("service_user_id") is not None):
        raise _invalid("run_as", "service_user, and no other type, has service_user_id")
    if concurrency.get("max_queue_depth") is not None and concurrency["max_concurrent_runs"] is None:
        raise _invalid("concurrency", "max_queue_depth needs max_concurrent_runs")
    if len(automation["metadata"]) > 16:
        raise _invalid("metadata", "At most 16 pairs are allowed")
    email = (automation["notifications"] or {}).get("email")
    if email and email.get("recipients") is None:
        raise _invalid("notifications", "A service user has no address: give recipients")
    for notification in (automation["notifications"] or {}).values():
        check_enum(("body", "notifications"), [(notification or {}).get("when")], WHEN)
    check_enum(("body", "slack_reply_access"), [automation["slack_reply_access"]], SLACK_REPLIERS)
    check_enum(("body", "teams_reply_access"), [automation["teams_reply_access"]], TEAMS_REPLIERS)
    settings = automation["session_settings"] or {}
    check_enum(("body", "session_settings"), [settings.get("devin_mode")], MODES)
    check_enum(("body", "tools"), [(automation["tools"] or {}).get("slack_dm_scope")], DM_SCOPES)


def _check_trigger(trigger: Mapping[str, Any]) -> None:
    event_type = trigger["event_type"]
    check_enum(("body", "triggers"), [event_type], EVENT_TYPES)
    check_enum(("body", "triggers"), [reply["type"] for reply in trigger["replies"]], REPLIES)
    groups = (trigger["conditions"] or {"any": []})["any"]
    check_enum(("body", "triggers"), [one["operator"] for group in groups for one in group["all"]], OPERATORS)
    if event_type == SLACK_MESSAGE and not (groups and all(map(_restricts, groups))):
        raise _invalid("triggers", "slack:message needs a condition on the channel in every group")
    if event_type == RECURRING:
        rules = rules_of([dict(trigger)])
        if not rules:
            raise _invalid("triggers", "schedule:recurring needs a condition on rrule with recurrence")
        for rule in rules:
            try:
                rule_of(rule)
            except (ValueError, TypeError, AttributeError):
                raise _invalid("triggers", "Not a recurrence rule") from None


def _restricts(group: Mapping[str, Any]) -> bool:
    return any(condition["field"] != "is_thread_reply" for condition in group["all"])


def _invalid(field: str, reason: str) -> Refusal:
    return Refusal(422, reason, [{"loc": ["body", field], "msg": reason, "type": "value_error"}])


def add_sample_automations(world: World) -> None:
    """Add the one that some sample sessions come from, and one that is off."""
    pull_requests = automations.CreateAutomation(
        name="Time zones of reports",
        triggers=[{"event_type": "linear:create"}],  # type: ignore[list-item]
        actions=[{"type": "start_session", "prompt": "Look into the issue in @acme/reports."}],  # type: ignore[list-item]
        run_as={"type": "organization"},  # type: ignore[arg-type]
        metadata={"team": "reports"},
    )
    _add(world, SAMPLE, pull_requests)
    weekly = automations.CreateAutomation.model_validate(dict(automations.CreateAutomation.examples[1]))
    _add(world, f"automation-{2:032x}", weekly)
