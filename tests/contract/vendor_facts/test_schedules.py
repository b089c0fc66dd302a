"""Schedules, as the acceptance tests of the vendor's Terraform provider find them on the live API."""

from __future__ import annotations

from typing import Any

import pytest
from support.laws import for_every
from support.simulated_api import Api

from devin_tools import Client, Simulator
from devin_tools.api import ListSchedules
from devin_tools.api.shared.times import iso

RECURRING = {"name": "n", "prompt": "p", "frequency": "0 9 * * 1"}
DEFAULTS = {
    "schedule_type": "recurring",
    "interval_count": 1,
    "enabled": True,
    "notify_on": "failure",
    "agent": "devin",
    "bypass_approval": False,
}


@pytest.fixture
def api(simulator: Simulator) -> Api:
    return Api(simulator)


@pytest.fixture
def path(api: Api) -> str:
    _, schedule = api("POST", "/schedules", RECURRING)
    return f"/schedules/{schedule['scheduled_session_id']}"


@for_every("field, value", DEFAULTS.items)
def test_what_is_left_out_has_a_default(api: Api, path: str, field: str, value: Any) -> None:
    assert api("GET", path)[1][field] == value


def test_a_list_says_whether_more_follow(api: Api) -> None:
    """The vendor's provider counts pages by offset, and stops when it is false."""
    for _ in range(3):
        api("POST", "/schedules", RECURRING)
    told = [api("GET", "/schedules", limit=1, offset=offset)[1]["has_next_page"] for offset in range(4)]
    assert told == [True, True, False, False]


def test_a_page_holds_200(api: Api, client: Client) -> None:
    for _ in range(201):
        api("POST", "/schedules", RECURRING)
    assert len(api("GET", "/schedules")[1]["items"]) == 200
    assert len(api("GET", "/schedules", limit=200, offset=1)[1]["items"]) == 200
    assert api("GET", "/schedules", limit=201)[0] == 422
    assert len(list(client.items(ListSchedules()))) == len(list(client.items(ListSchedules(limit=7)))) == 201


def test_a_change_leaves_what_it_does_not_name(api: Api, path: str) -> None:
    change = {"name": "u", "frequency": "0 6 * * 2", "notify_on": "always", "enabled": False, "tags": ["t"]}
    assert api("PATCH", path, change)[1]["tags"] == ["t"]
    changed = api("PATCH", path, {"prompt": "q"})[1]
    assert {name: changed[name] for name in change} == change


@for_every("field, value", lambda: [("tags", ["t"]), ("platform", "windows")])
def test_null_clears(api: Api, path: str, field: str, value: Any) -> None:
    assert api("PATCH", path, {field: value})[1][field] == value
    assert api("PATCH", path, {field: None})[1][field] is None


@for_every("field", lambda: ["name", "prompt", *DEFAULTS])
def test_null_leaves_what_a_schedule_always_has(api: Api, path: str, field: str) -> None:
    before = api("GET", path)[1][field]
    status, changed = api("PATCH", path, {field: None})
    assert (status, changed[field]) == (200, before)


def test_null_takes_the_playbook_away(api: Api, path: str) -> None:
    playbook_id = api("POST", "/playbooks", {"title": "t", "body": "b"})[1]["playbook_id"]
    shown = api("PATCH", path, {"playbook_id": playbook_id})[1]["playbook"]
    assert shown == {"playbook_id": playbook_id, "title": "t"}
    assert api("PATCH", path, {"playbook_id": None})[1]["playbook"] is None


def test_one_that_runs_once_has_no_frequency_and_keeps_an_earlier_one(
    api: Api, simulator: Simulator, path: str
) -> None:
    once = {"schedule_type": "one_time", "scheduled_at": iso(simulator.clock.now() + 86_400)}
    assert api("POST", "/schedules", {"name": "o", "prompt": "p"} | once)[1]["frequency"] is None
    assert api("PATCH", path, once)[1]["frequency"] == RECURRING["frequency"]


REFUSED = [
    {"name": "o", "prompt": "p"},
    {"name": "o", "prompt": "p", "schedule_type": "one_time"},
    RECURRING | {"target_devin_id": "devin-123"},
    RECURRING | {"frequency": "not-a-cron"},
    *(RECURRING | {field: None} for field in DEFAULTS if field != "enabled"),
]


@for_every("body", lambda: REFUSED)
def test_what_is_refused(api: Api, body: dict[str, Any]) -> None:
    status, problem = api("POST", "/schedules", body)
    assert status == 422
    assert problem["errors"][0]["loc"][1] in (*DEFAULTS, "frequency", "scheduled_at", "target_devin_id")


def test_one_that_is_deleted_is_gone(api: Api, path: str) -> None:
    assert api("DELETE", path)[0] == 200
    assert api("GET", path)[0] == 404
