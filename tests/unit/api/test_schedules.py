"""Schedules are checked before they are sent, show when they run next, and are counted through by offset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from support.simulated_api import simulated

from devin_tools import Catalog, Client, Simulator
from devin_tools.api import (
    CreateSchedule,
    DeleteSchedule,
    GetSchedule,
    ListSchedules,
    PlannedSchedule,
    UpdateSchedule,
)
from devin_tools.errors import Ambiguous, Forbidden, InvalidArguments, NotFound, Refused

FIELDS: dict[str, Any] = {"name": "Nightly", "prompt": "Look.", "frequency": "0 2 * * *"}


def nightly(client: Client, **more: Any) -> PlannedSchedule:
    return client.run(CreateSchedule(**FIELDS | more))


def test_a_schedule_is_read_changed_and_gone_when_it_is_deleted(client: Client) -> None:
    made = nightly(client, tags=["a"], playbook_id="playbook-1")
    on = {"schedule_id": made.scheduled_session_id}
    assert made.playbook and made.playbook.playbook_id == "playbook-1"
    changed = client.run(UpdateSchedule(**on, prompt="Look twice."))
    assert (changed.prompt, changed.name, changed.tags) == ("Look twice.", "Nightly", ["a"])
    assert client.run(GetSchedule(**on)).prompt == "Look twice."
    client.run(DeleteSchedule(**on))
    for call in (GetSchedule(**on), UpdateSchedule(**on, enabled=True), DeleteSchedule(**on)):
        with pytest.raises(NotFound):
            client.run(call)  # type: ignore[arg-type]
    assert list(client.items(ListSchedules())) == []


def test_the_next_three_runs_are_shown_in_utc(client: Client, simulator: Simulator) -> None:
    made = nightly(client)
    now = datetime.fromtimestamp(simulator.clock.now(), UTC)
    runs = [datetime.fromisoformat(text) for text in made.next_runs]
    assert [(run.hour, run.minute, run.tzinfo is not None) for run in runs] == [(2, 0, True)] * 3
    assert now < runs[0] <= now + timedelta(days=1) and runs[2] - runs[0] == timedelta(days=2)
    assert all(text.endswith("Z") for text in made.next_runs)
    assert client.run(GetSchedule(schedule_id=made.scheduled_session_id)).next_runs == made.next_runs
    off = client.run(UpdateSchedule(schedule_id=made.scheduled_session_id, enabled=False))
    assert off.next_runs == []


def test_a_schedule_that_runs_once_shows_that_run(client: Client, simulator: Simulator) -> None:
    moment = datetime.fromtimestamp(int(simulator.clock.now()) + 3600, UTC)
    made = nightly(client, schedule_type="one_time", frequency=None, scheduled_at=moment)
    assert [datetime.fromisoformat(text) for text in made.next_runs] == [moment]


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("0 2 * *", "has 5 fields"),
        ("@daily", "has 5 fields"),
        ("0 0 2 * * *", "not 6"),
        ("60 2 * * *", "field 1, the minute"),
        ("0 25 * * *", "field 2, the hour"),
        ("0 2 L * *", "field 3, the day of the month"),
        ("0 2 * FOO *", "field 4, the month"),
        ("0 2 * * 8", "field 5, the day of the week"),
        ("0 2 31 2 *", "no such day ever comes"),
    ],
)
def test_a_wrong_cron_expression_is_refused_with_its_place(catalog: Catalog, cron: str, said: str) -> None:
    with pytest.raises(InvalidArguments, match=said) as caught:
        catalog.call("devin_create_schedule", FIELDS | {"frequency": cron})
    assert caught.value.details[0]["path"] == "frequency"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"frequency": None}, "frequency is needed"),
        ({"schedule_type": "one_time"}, "scheduled_at is needed"),
        ({"schedule_type": "one_time", "scheduled_at": "2020-01-01T00:00:00Z"}, "not in the future"),
    ],
)
def test_what_could_never_run_is_refused_before_it_is_sent(
    client: Client, simulator: Simulator, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidArguments, match=said):
        nightly(client, **wrong)
    assert simulator.requests == []


@pytest.mark.parametrize(
    "wrong",
    [{"timezone": "Europe/Berlin"}, {"scheduled_at": "2030-01-01T00:00:00"}, {"scheduled_at": "noon"}],
)
def test_no_time_zone_is_taken_and_none_is_guessed(catalog: Catalog, wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidArguments):
        catalog.call("devin_create_schedule", FIELDS | wrong)


def test_names_that_other_documents_use_are_understood(catalog: Catalog, run: Any) -> None:
    old = {"name": "n", "prompt": "p", "cron_schedule": "0 2 * * *"}
    assert catalog.call("devin_create_schedule", old).frequency == "0 2 * * *"  # type: ignore[attr-defined]
    call = catalog.call("devin_update_schedule", {"scheduled_session_id": "sched-1", "is_enabled": False})
    assert (call.schedule_id, call.enabled) == ("sched-1", False)  # type: ignore[attr-defined]
    names = catalog.spec("devin_update_schedule").input_schema["properties"].keys()
    assert not {"cron_schedule", "is_enabled", "scheduled_session_id", "timezone", "agent"} & names
    answer = {"schedule_id": "sched-1", "is_enabled": True, "cron_schedule": "0 2 * * *"}
    seen = run(lambda _: httpx.Response(200, json=answer), GetSchedule(schedule_id="sched-1"))
    assert (seen.scheduled_session_id, seen.enabled, len(seen.next_runs)) == ("sched-1", True, 3)


def test_a_list_is_counted_through(client: Client, simulator: Simulator) -> None:
    made = [nightly(client, name=f"n{number}").scheduled_session_id for number in range(5)]
    assert [item.scheduled_session_id for item in client.items(ListSchedules(limit=2))] == made
    first = client.run(ListSchedules(limit=2))
    assert (first.end_cursor, first.has_next_page) == ("2", True)
    last = client.run(ListSchedules(limit=2, after="4"))
    assert (len(last.schedules), last.end_cursor, last.has_next_page) == (1, None, False)
    with httpx.Client(transport=simulator.transport(), headers={"authorization": "Bearer cog_x"}) as http:
        path = f"/v3/organizations/{simulator.world.org_id}/schedules"
        got = http.get(f"https://api.devin.ai{path}?limit=2&offset=4")
    assert [item["scheduled_session_id"] for item in got.json()["items"]] == made[4:]


def test_null_and_left_out_are_two_things(run: Any) -> None:
    bodies: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200, json={"scheduled_session_id": "sched-1"})

    run(answer, UpdateSchedule(schedule_id="sched-1", run_as_user_id=None))
    run(answer, UpdateSchedule(schedule_id="sched-1", enabled=True))
    assert bodies == [b'{"run_as_user_id":null}', b'{"enabled":true}']


def test_a_schedule_spends_later_so_it_needs_consent(simulator: Simulator) -> None:
    with Client(**simulator.connection(), guards=(), confirm=True) as client, pytest.raises(Refused):
        nightly(client)


def test_speaking_for_somebody_needs_a_permission() -> None:
    simulator = simulated(keys={"cog_a": {"ManageOrgSchedules"}})
    with Client(**simulator.connection(), guards=()) as client:
        nightly(client)
        with pytest.raises(Forbidden, match="impersonate"):
            nightly(client, create_as_user_id="okta|1")


def test_a_create_whose_answer_is_lost_is_not_repeated(run: Any) -> None:
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        raise httpx.ReadTimeout("lost", request=request)

    with pytest.raises(Ambiguous):
        run(answer, CreateSchedule(**FIELDS))
    assert len(sent) == 1


def test_an_update_empties_the_fields_it_names(client: Client) -> None:
    made = nightly(client, playbook_id="playbook-1", platform="windows", tags=["a"])
    on = {"schedule_id": made.scheduled_session_id}
    changed = client.run(UpdateSchedule(**on, clear=["playbook_id", "platform"], prompt="Look."))
    assert (changed.playbook, changed.platform, changed.tags) == (None, None, ["a"])
    for wrong in ({"clear": ["tags"], "tags": ["b"]}, {}):
        with pytest.raises(InvalidArguments, match=r"To clear tags|nothing to change"):
            client.run(UpdateSchedule(**on, **wrong))


@pytest.mark.parametrize(
    "field", ["schedule_type", "interval_count", "agent", "notify_on", "bypass_approval"]
)
def test_null_is_no_value_of_what_a_schedule_always_has(client: Client, catalog: Catalog, field: str) -> None:
    update = {"schedule_id": "sched-1", "prompt": "Look.", "enabled": True}
    for tool, others in (("create", FIELDS), ("update", update)):
        with pytest.raises(InvalidArguments, match=field):
            catalog.call(f"devin_{tool}_schedule", others | {field: None})
    with pytest.raises(InvalidArguments, match="enabled"):  # it may not pass for one that stops the schedule
        catalog.call("devin_update_schedule", update | {"enabled": None})


def test_a_schedule_that_recurs_starts_sessions_and_speaks_to_none(
    client: Client, simulator: Simulator
) -> None:
    with pytest.raises(InvalidArguments, match="target_devin_id is for a schedule that runs once"):
        nightly(client, target_devin_id="devin-1")
    assert simulator.requests == []
