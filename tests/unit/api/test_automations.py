"""Automations: what is checked before anything is sent, merges, the secret that is shown once, limits."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from support.simulated_api import simulated

from devin_tools import Client, Simulator
from devin_tools.api import (
    Automation,
    CreateAutomation,
    DeleteAutomation,
    GetAutomation,
    GetAutomationEvents,
    ListAutomations,
    ListAutomationTemplates,
    UpdateAutomation,
)
from devin_tools.errors import (
    Ambiguous,
    ApiError,
    InvalidArguments,
    NotFound,
    Refused,
)

START = {"type": "start_session", "prompt": "Look at @acme/shop."}
FIELDS: dict[str, Any] = {
    "name": "Pushes",
    "triggers": [{"event_type": "github:push"}],
    "actions": [START],
    "run_as": {"type": "organization"},
}


def automation(client: Client, **more: Any) -> Automation:
    return client.run(CreateAutomation(**FIELDS | more))


def changed(client: Client, made: Automation, **more: Any) -> Automation:
    return client.run(UpdateAutomation(automation_id=made.automation_id, **more))


def test_an_automation_is_read_changed_and_gone_when_it_is_deleted(client: Client) -> None:
    made = automation(client, metadata={"team": "core"})
    on = {"automation_id": made.automation_id}
    assert made.enabled and made.created_by and made.created_by.type == "service_user"
    assert client.run(GetAutomation(**on)).name == "Pushes"
    off = changed(client, made, enabled=False)
    assert (off.enabled, off.name, off.triggers and off.triggers[0].event_type) == (
        *(False, "Pushes", "github:push"),
    )
    assert [one.automation_id for one in client.items(ListAutomations(enabled=False))] == [made.automation_id]
    assert list(client.items(ListAutomations(enabled=True))) == []
    client.run(DeleteAutomation(**on))
    for call in (GetAutomation(**on), UpdateAutomation(**on, enabled=True), DeleteAutomation(**on)):
        with pytest.raises(NotFound) as caught:
            client.run(call)  # type: ignore[arg-type]
        assert "not switched on" in str(caught.value.hint)


def test_labels_are_parameters_of_their_own(client: Client, simulator: Simulator) -> None:
    for team in ("core", "web"):
        automation(client, name=team, metadata={"team": team, "stage": "test & live"})

    def names(**labels: str) -> list[str | None]:
        return [one.name for one in client.items(ListAutomations(metadata=labels, limit=1))]

    assert names(team="core") == ["core"] and names(stage="test & live") == ["web", "core"]
    assert names(team="core", stage="") == []
    assert simulator.world.query[-2:] == (("metadata.team", "core"), ("metadata.stage", ""))


def test_the_secret_of_a_webhook_is_shown_once_and_survives_changes(client: Client) -> None:
    triggers = [{"event_type": "webhook:incoming"}]
    made = automation(client, triggers=triggers)
    assert made.triggers and made.triggers[0].webhook
    webhook = made.triggers[0].webhook
    assert webhook.secret and webhook.secret not in repr(made)
    again = changed(client, made, triggers=[*triggers, {"event_type": "github:push"}])
    assert again.triggers and again.triggers[0].webhook
    assert (again.triggers[0].webhook.url, again.triggers[0].webhook.secret) == (webhook.url, None)
    assert again.triggers[0].trigger_id != made.triggers[0].trigger_id


def test_what_a_change_leaves_out_stays_and_what_it_clears_goes(client: Client) -> None:
    made = automation(
        client,
        metadata={"team": "core", "stage": "test"},
        limits={"max_acu_limit": 5, "invocations": {"max_per_window": 1, "window_seconds": 60}},
        concurrency={"max_concurrent_runs": 2},
        slack_reply_access="devin_users",
    )
    now = changed(client, made, metadata={"stage": None, "owner": "ada"}, limits={"max_acu_limit": 7})
    assert now.metadata == {"team": "core", "owner": "ada"}
    assert now.limits == {"max_acu_limit": 7, "invocations": {"max_per_window": 1, "window_seconds": 60}}
    assert now.concurrency == {"max_concurrent_runs": 2, "max_queue_depth": None}
    assert changed(client, made, limits={}).limits == now.limits
    bare = changed(client, made, clear=["limits", "metadata", "concurrency", "slack_reply_access"])
    assert (bare.limits, bare.metadata, bare.concurrency) == (None, {}, None)
    assert bare.slack_reply_access == "slack_users"


def test_an_element_that_is_alone_of_its_kind_keeps_what_is_not_sent(client: Client) -> None:
    made = automation(client, actions=[START | {"session": {"tags": ["a"]}}])
    now = changed(client, made, actions=[{"type": "start_session", "session": {"platform": "windows"}}])
    (action,) = now.actions or []
    assert action.prompt == START["prompt"] and action.session
    assert (action.session["tags"], action.session["platform"]) == (["a"], "windows")
    assert action.session["repos"] == ["acme/shop"]


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("triggers", {"triggers": [{"event_type": "webhook:incoming"}] * 2}),
    ("actions", {"actions": [START, START]}),
    ("actions", {"actions": [START, {"type": "monitor_session", "setup_prompt": "Watch.",
                                     "slack_monitor_config": {"source_channel_id": "C1"}}]}),
    ("actions[0].prompt", {"actions": [{"type": "start_session"}]}),
    ("actions[0].target_devin_id", {"actions": [{"type": "message_session", "prompt": "Go on."}]}),
    ("actions[0].setup_prompt", {"actions": [{"type": "monitor_session"}]}),
    ("run_as.service_user_id", {"run_as": {"type": "service_user"}}),
    ("run_as.service_user_id", {"run_as": {"type": "organization", "service_user_id": "s"}}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "fields"), WRONG)
def test_what_the_documents_refuse_is_not_sent(
    path: str, fields: dict[str, Any], client: Client, simulator: Simulator
) -> None:
    with pytest.raises(InvalidArguments) as caught:
        automation(client, **fields)
    assert [detail["path"] for detail in caught.value.details] == [path]
    assert simulator.requests == []


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "x" * 501},
        {"actions": []},
        {"limits": {"max_acu_limit": 1001}},
        {"limits": {"invocations": {"max_per_window": 1, "window_seconds": 59}}},
        {"metadata": {f"label-{number}": "" for number in range(17)}},
        {"metadata": {"x" * 33: ""}},
        {"tools": {"jira_projects": []}},
        {"session_settings": {"net_policy": {"allow": [{}]}}},
        {"session_settings": {"net_policy": {"allow": [{"hostname": "a", "ipv4": "192.0.2.1"}]}}},
        {"unknown": 1},
    ],
)
def test_the_documented_bounds_hold(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidArguments):
        CreateAutomation(**FIELDS | fields)


REFUSED: list[dict[str, Any]] = [
    {"triggers": [{"event_type": "github:nothing"}]},
    {"triggers": [{"event_type": "slack:message"}]},
    {"triggers": [{"event_type": "schedule:recurring"}]},
    {"run_as": {"type": "creator"}},
    {"concurrency": {"max_queue_depth": 1}},
    {"notifications": {"email": {"when": "always"}}},
    {"template_id": "template-none"},
    {"actions": [{"type": "start_session", "prompt": "Follow @playbook:none"}]},
]


@pytest.mark.parametrize("fields", REFUSED)
def test_the_simulator_refuses_what_the_api_does(fields: dict[str, Any], client: Client) -> None:
    with pytest.raises(ApiError) as caught:
        automation(client, **fields)
    assert caught.value.status in (400, 422)
    assert list(client.items(ListAutomations())) == []


def test_it_is_held_by_the_settings_as_what_starts_sessions_by_itself() -> None:
    simulator = simulated()
    with Client(**simulator.connection(), max_sessions=3) as client:
        with pytest.raises(Refused):
            automation(client)
        assert automation(client, enabled=False).enabled is False
    with Client(**simulator.connection(), max_acu=4) as client:
        assert automation(client).limits == {"max_acu_limit": 4}
        with pytest.raises(Refused):
            automation(client, limits={"max_acu_limit": 5})


def test_a_change_leaves_the_limit_of_acus_alone_unless_it_is_about_it() -> None:
    simulator = simulated()
    with Client(**simulator.connection()) as client:
        made = automation(client, limits={"max_acu_limit": 2})
    for settings in ({"max_acu": 4}, {"default_acu": 3}):
        with Client(**simulator.connection(), **settings) as client:
            assert (changed(client, made, name="Other").limits or {})["max_acu_limit"] == 2
            window = {"max_per_window": 1, "window_seconds": 60}
            now = changed(client, made, limits={"invocations": window})
            assert now.limits == {"max_acu_limit": 2, "invocations": window}
            assert changed(client, made, limits={}, name="A").limits == now.limits
            for taken in ({"max_acu_limit": None, "invocations": None}, None):
                now = changed(client, made, limits=taken)
                assert (now.limits or {})["max_acu_limit"] == next(iter(settings.values()))
            changed(client, made, limits={"max_acu_limit": 2, "invocations": None})
    with Client(**simulator.connection(), max_acu=4) as client:
        assert changed(client, made, enabled=True).limits == {"max_acu_limit": 4, "invocations": None}
        for refused in ({"clear": ["limits"]}, {"limits": {"max_acu_limit": 5}}):
            with pytest.raises((InvalidArguments, Refused)):
                changed(client, made, **refused)


def test_a_lost_answer_is_ambiguous() -> None:
    def lose(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone", request=request)

    transport = httpx.MockTransport(lose)
    with (
        Client(api_key="cog_x", org_id="org-1", transport=transport, guards=()) as client,
        pytest.raises(Ambiguous),
    ):
        automation(client)


def test_events_and_templates_are_there(client: Client) -> None:
    events = client.run(GetAutomationEvents())
    assert events.update_semantics == "merge_patch"
    assert "paths" in events.sources["github"]["push"]["fields"]
    assert client.run(ListAutomationTemplates()).templates[0].actions


@pytest.mark.parametrize("name", ["schemas", "templates"])
def test_an_id_is_no_name_of_another_operation(name: str) -> None:
    with pytest.raises(InvalidArguments):
        GetAutomation(automation_id=name)


def test_an_action_of_a_kind_that_nobody_knows_is_kept() -> None:
    answer = {"automation_id": "a", "actions": [{"type": "triage", "scan_id": "scan-1"}]}
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json=answer))
    with Client(api_key="cog_x", org_id="org-1", transport=transport, guards=()) as client:
        (action,) = client.run(GetAutomation(automation_id="a")).actions or []
    assert action.model_dump(exclude_unset=True) == {"type": "triage", "scan_id": "scan-1"}
