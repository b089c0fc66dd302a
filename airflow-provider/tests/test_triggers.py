"""Waiting in the triggerer: what is stored, what it costs, how it ends."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from airflow.providers.devin.tools.triggers import DevinTrigger
from airflow.triggers.base import TriggerEvent
from conftest import KEY

from devin_tools import Client, CreateSession, GetSession


def started(connection, *prompts: str) -> list[str]:
    settings = {"api_key": KEY, "base_url": connection["host"], "org_id": connection["extra"]["org_id"]}
    with Client(**settings, guards=()) as client:
        made = [client.run(CreateSession(prompt=prompt)).session_id for prompt in prompts]
    return ["devin-" + session_id for session_id in made]


async def fired(trigger: DevinTrigger) -> dict:
    events = [event async for event in trigger.run()]
    assert [type(event) for event in events] == [TriggerEvent]
    return events[0].payload


def soon(seconds: float = 60) -> float:
    return time.time() + seconds


def test_it_is_made_again_from_what_is_stored_and_no_key_is(connection):
    first = DevinTrigger(["devin-1"], 12.5, "other", "any", {"finished", "quota"}, 1.0, True)
    path, fields = first.serialize()
    assert path == "airflow.providers.devin.tools.triggers.DevinTrigger"
    stored = json.dumps([path, fields])
    again = DevinTrigger(**json.loads(stored)[1])
    assert again.serialize() == first.serialize()
    assert KEY not in stored


def test_it_fires_when_all_have_settled_or_any(connection, eager):
    quick, slow = started(connection, "#simulate:fails", "Fix it.")
    event = asyncio.run(fired(DevinTrigger([quick, slow], soon(), needs="any")))
    assert event["outcomes"] == {quick: "failed"}
    event = asyncio.run(fired(DevinTrigger([quick, slow], soon())))
    assert event["outcomes"] == {quick: "failed", slow: "finished"}


def test_it_waits_through_ends_that_are_not_meant(connection, eager):
    (asks,) = started(connection, "#simulate:asks")
    event = asyncio.run(fired(DevinTrigger([asks], soon(6), outcomes={"finished"})))
    assert event["outcomes"] == {}
    event = asyncio.run(fired(DevinTrigger([asks], soon(), outcomes={"waiting_for_user", "asleep"})))
    assert event["outcomes"].keys() == {asks}


def test_a_refused_key_and_a_missing_session_end_the_wait(connection, monkeypatch, eager):
    event = asyncio.run(fired(DevinTrigger(["devin-" + "0" * 32], soon(), settle_seconds=0.0)))
    assert list(event["outcomes"].values()) == ["not_found"]
    monkeypatch.setenv("AIRFLOW_CONN_DEVIN_DEFAULT", json.dumps(connection | {"password": "wrong"}))
    event = asyncio.run(fired(DevinTrigger(["devin-1"], soon())))
    assert event["error"]["kind"] == "unauthenticated"


def test_who_kills_the_task_ends_its_sessions_only_where_that_was_asked(connection, caplog):
    ids = started(connection, "Fix it.", "Fix this.")
    rules = connection | {"extra": connection["extra"] | {"confirm": True}}

    def statuses() -> set[str]:
        settings = {"api_key": KEY, "base_url": connection["host"], "org_id": connection["extra"]["org_id"]}
        with Client(**settings, guards=()) as client:
            return {client.run(GetSession(session_id=one)).status for one in ids}

    asyncio.run(DevinTrigger(ids, soon()).on_kill())
    assert "exit" not in statuses()
    with pytest.MonkeyPatch.context() as patch:  # whoever wrote ends_session has consented
        patch.setenv("AIRFLOW_CONN_DEVIN_DEFAULT", json.dumps(rules))
        asyncio.run(DevinTrigger([*ids, "devin-" + "0" * 32], soon(), ends_session=True).on_kill())
    assert statuses() == {"exit"}
    assert "goes on" in caplog.text  # the one that is not there


def test_three_hundred_deferred_tasks_share_two_requests_a_look(connection, simulator):
    ids = started(connection, *["Fix it. #simulate:exits"] * 300)
    before = simulator.count("GET")
    began = time.monotonic()

    async def all_of_them():
        return await asyncio.gather(*(fired(DevinTrigger([one], soon())) for one in ids))

    events = asyncio.run(all_of_them())
    looks = 1 + (time.monotonic() - began) / 5
    assert all(event["outcomes"] for event in events)
    after = simulator.count("GET")
    assert after - before <= 2 * looks + 2
