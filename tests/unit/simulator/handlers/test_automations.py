"""Automations start sessions: by events, by the clock, within their limits. Bodies are strict."""

from __future__ import annotations

from typing import Any

import pytest
from support.simulated_api import Api, simulated

from devin_tools import Client, CreateAutomation, Simulator, UpdateAutomation
from devin_tools.api import (
    Automation,
    DeleteAutomation,
    GetAutomation,
    GetSession,
    ListAutomations,
    ListSessions,
)

TASK = "Look at @acme/shop."


def made(client: Client, **more: Any) -> Automation:
    fields: dict[str, Any] = {
        "name": "Pushes",
        "triggers": [{"event_type": "github:push"}],
        "actions": [{"type": "start_session", "prompt": TASK, "session": {"tags": ["auto"]}}],
        "run_as": {"type": "organization"},
    }
    return client.run(CreateAutomation.model_validate(fields | more))


def test_an_event_starts_a_session_that_shows_where_it_came_from(
    client: Client, simulator: Simulator
) -> None:
    automation = made(client, limits={"max_acu_limit": 3})
    (session_id,) = simulator.fire("github:push", {"repo": "acme/shop"})
    session = client.run(GetSession(session_id=session_id))
    assert (session.origin, session.automation_id) == ("automation", automation.automation_id)
    assert session.tags == ["auto"]
    record = simulator.world.sessions[session_id]
    assert record.asked["max_acu_limit"] == 3 and record.asked["repos"] == ["acme/shop"]
    assert record.messages[0]["message"].startswith(TASK) and "github:push" in record.messages[0]["message"]
    found = client.items(ListSessions(automation_ids=[automation.automation_id], origins=["automation"]))
    assert [one.session_id for one in found] == [session_id]
    now = client.run(GetAutomation(automation_id=automation.automation_id))
    assert now.last_invocation and now.last_invocation.status == "succeeded"


def test_only_what_is_on_there_and_meant_starts(client: Client, simulator: Simulator) -> None:
    automation = made(client)
    assert simulator.fire("github:issues") == []
    assert simulator.fire("github:push", automation_id="automation-none") == []
    client.run(UpdateAutomation(automation_id=automation.automation_id, enabled=False))
    assert simulator.fire("github:push") == []
    client.run(UpdateAutomation(automation_id=automation.automation_id, enabled=True))
    assert len(simulator.fire("github:push", automation_id=automation.automation_id)) == 1
    client.run(DeleteAutomation(automation_id=automation.automation_id))
    assert simulator.fire("github:push") == []


CONDITIONS: list[tuple[str, str, Any, dict[str, Any], bool]] = [
    ("repo", "eq", "acme/shop", {"repo": "acme/shop"}, True),
    ("repo", "neq", "acme/shop", {"repo": "acme/shop"}, False),
    ("repo", "contains", "shop", {"repo": "acme/shop"}, True),
    ("repo", "not_starts_with", "acme", {"repo": "acme/shop"}, False),
    ("repo", "ends_with", "/shop", {"repo": "acme/shop"}, True),
    ("size", "gt", 3, {"size": 3}, False),
    ("size", "gte", 3, {"size": 3}, True),
    ("size", "gt", 3, {"size": "many"}, False),
    ("size", "between", [1, 3], {"size": 3}, True),
    ("repo", "in", ["acme/shop"], {"repo": "acme/shop"}, True),
    ("repo", "not_in", ["acme/shop"], {}, True),
    ("repo", "matches", "^acme/", {"repo": "acme/shop"}, True),
    ("repo", "matches", "(", {"repo": "acme/shop"}, False),
    ("paths", "globs", ["src/*"], {"paths": ["a.md", "src/b.py"]}, True),
    ("paths", "not_globs", ["src/*"], {"paths": ["a.md", "src/b.py"]}, False),
    ("repo", "is_empty", None, {}, True),
    ("sender.login", "eq", "ada", {"sender": {"login": "ada"}}, True),
    ("is_draft", "eq", True, {"is_draft": False}, False),
]  # fmt: skip


@pytest.mark.parametrize(("field", "operator", "value", "event", "starts"), CONDITIONS)
def test_conditions_are_tested(
    field: str, operator: str, value: Any, event: dict[str, Any], starts: bool, client: Client,
    simulator: Simulator,
) -> None:  # fmt: skip
    condition = {"field": field, "operator": operator, "value": value}
    trigger = {"event_type": "github:push", "conditions": {"any": [{"all": [condition]}]}}
    made(client, triggers=[trigger])
    assert bool(simulator.fire("github:push", event)) == starts


def test_a_rule_of_time_starts_sessions_by_the_clock(client: Client, simulator: Simulator) -> None:
    condition = {"field": "rrule", "operator": "recurrence", "value": "FREQ=DAILY;BYHOUR=6;BYMINUTE=0"}
    trigger = {"event_type": "schedule:recurring", "conditions": {"any": [{"all": [condition]}]}}
    automation = made(client, triggers=[trigger])
    assert automation.next_run_at == int(simulator.clock.now()) + 6 * 3600
    simulator.clock.step(2 * 86_400)
    sessions = list(client.items(ListSessions(automation_ids=[automation.automation_id])))
    assert [one.created_at for one in sessions] == [
        automation.next_run_at + 86_400,
        automation.next_run_at,
    ]
    off = client.run(UpdateAutomation(automation_id=automation.automation_id, enabled=False))
    assert off.next_run_at is None
    simulator.clock.step(86_400)
    assert len(list(client.items(ListSessions(automation_ids=[automation.automation_id])))) == 2


def test_it_starts_no_more_often_than_its_limit_allows(client: Client, simulator: Simulator) -> None:
    automation = made(client, limits={"invocations": {"max_per_window": 2, "window_seconds": 60}})
    assert [len(simulator.fire("github:push")) for _ in range(3)] == [1, 1, 0]
    now = client.run(GetAutomation(automation_id=automation.automation_id))
    assert now.last_invocation and now.last_invocation.status == "skipped"
    simulator.clock.step(61)
    assert len(simulator.fire("github:push")) == 1


def test_runs_wait_for_their_turn_and_those_beyond_are_dropped(client: Client, simulator: Simulator) -> None:
    automation = made(client, concurrency={"max_concurrent_runs": 1, "max_queue_depth": 1})
    call = ListSessions(automation_ids=[automation.automation_id])
    assert [len(simulator.fire("github:push")) for _ in range(3)] == [1, 0, 0]
    simulator.clock.step(600)  # the first is finished, and waits
    assert len(list(client.items(call))) == 2
    simulator.clock.step(600)
    assert len(list(client.items(call))) == 2


def test_more_room_lets_those_go_on_that_wait(client: Client, simulator: Simulator) -> None:
    automation = made(client, concurrency={"max_concurrent_runs": 1})
    assert [len(simulator.fire("github:push")) for _ in range(3)] == [1, 0, 0]
    on = {"automation_id": automation.automation_id}
    client.run(UpdateAutomation.model_validate(on | {"concurrency": {"max_concurrent_runs": 3}}))
    assert len(list(client.items(ListSessions(automation_ids=[automation.automation_id])))) == 3


def test_messages_go_to_one_session(client: Client, simulator: Simulator) -> None:
    made(client, actions=[{"type": "message_session", "prompt": "Another.", "auto_create": True}])
    (session_id,) = simulator.fire("github:push")
    assert simulator.fire("github:push") == []
    users = [m for m in simulator.world.sessions[session_id].messages if m["source"] == "user"]
    assert len(users) == 2


def test_a_message_to_nobody_fails(client: Client, simulator: Simulator) -> None:
    action = {"type": "message_session", "prompt": "Go on.", "target_devin_id": "devin-none"}
    automation = made(client, actions=[action])
    assert simulator.fire("github:push") == []
    now = client.run(GetAutomation(automation_id=automation.automation_id))
    assert now.last_invocation and now.last_invocation.status == "failed"


def test_the_newest_is_listed_first_and_counted_only_where_all_are_there(client: Client) -> None:
    names = [made(client, name=f"Number {number}").name for number in range(3)]
    assert [one.name for one in client.items(ListAutomations(limit=2))] == names[::-1]
    assert client.run(ListAutomations()).total == 3
    assert client.run(ListAutomations(limit=2)).total is None
    assert client.run(ListAutomations(search="number 1")).total is None


BODY: dict[str, Any] = {
    "name": "Strict",
    "triggers": [{"event_type": "github:push"}],
    "actions": [{"type": "start_session", "prompt": "Look.", "session": {"bypass_approval": True}}],
    "run_as": {"type": "organization"},
}


def refused(body: dict[str, Any], method: str = "POST", path: str = "/automations") -> list[Any]:
    status, problem = Api(simulated())(method, path, body)
    assert status == 422
    return [error["loc"] for error in problem["errors"]]


def test_unknown_keys_are_refused_wherever_they_are() -> None:
    assert refused(BODY | {"colour": 1}) == [["body", "colour"]]
    assert refused(BODY | {"limits": {"most": 1}}) == [["body", "limits", "most"]]
    trigger = {"event_type": "github:push", "when": 1}
    assert refused(BODY | {"triggers": [trigger]}) == [["body", "triggers", 0, "when"]]


OUT_OF_BOUNDS: list[dict[str, Any]] = [
    {"metadata": {"x" * 33: ""}},
    {"metadata": {"x": "y" * 129}},
    {"tools": {"slack_dm_scope": "everybody"}},
    {"session_settings": {"net_policy": {"allow": [{}]}}},
    {"run_as": {"type": "organization", "service_user_id": "s"}},
    {
        "actions": [
            {"type": "start_session", "prompt": "p", "session": {"notifications": {"slack": {"mode": "odd"}}}}
        ]
    },
]


@pytest.mark.parametrize("fields", OUT_OF_BOUNDS)
def test_what_the_documents_bound_is_refused_off_the_wire_too(fields: dict[str, Any]) -> None:
    ((_, field, *_),) = refused(BODY | fields)
    assert field in fields


def test_it_is_created_with_201_and_labels_filter_the_list() -> None:
    simulator = simulated()
    api = Api(simulator)
    path = f"/v3/organizations/{simulator.world.org_id}/automations"
    from devin_tools.wire import Request

    answer = simulator.handle(Request("POST", path, (), BODY | {"metadata": {"team": "a"}}), "Bearer cog_any")
    assert answer.status == 201 and answer.json()["actions"][0]["session"]["bypass_approval"] is True
    for team, count in (("a", 1), ("b", 0)):
        status, page = api("GET", "/automations", **{"metadata.team": team})
        assert (status, len(page["items"])) == (200, count)


def test_null_for_what_is_never_empty_is_refused_in_a_change_too(
    client: Client, simulator: Simulator
) -> None:
    automation = made(client)
    api = Api(simulator)
    assert api("PATCH", f"/automations/{automation.automation_id}", {"name": None})[0] == 422
    status, now = api("PATCH", f"/automations/{automation.automation_id}", {"run_as": None, "limits": None})
    assert (status, now["run_as"], now["limits"]) == (200, {"type": "organization"}, None)
