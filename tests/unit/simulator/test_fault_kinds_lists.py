"""Spoiled lists of the simulated API: rows repeat and writes show late, but nothing is lost."""

from __future__ import annotations

import pytest
from support.laws import for_every
from support.misbehaving_api import in_process, made, misbehaving, sessions
from support.simulated_api import simulated
from support.stale_list_laws import *  # noqa: F403 - collected here
from support.stale_list_laws import filled, walked

from devin_tools import Client, ListSessionMessages, ListSessions
from devin_tools.simulator import Faults


@pytest.fixture
def world():
    """Return a simulator that is full, which reading does not change, and how its lists are walked."""
    return filled("repeated_rows", seed=0)


@pytest.mark.parametrize("kind", ["repeated_rows", "shifted"])
@for_every("size", lambda: [1, 2, 3, 5, 11, 22, 23, 24])
def test_spoiled_pages_repeat_rows_but_lose_none_and_the_walk_ends(kind, size, world):
    simulator, messages, ids, events = world
    repeats = 0
    for seed in range(2 if size < 5 else 6):  # many pages are many draws
        simulator.faults = Faults(1, (kind,), seed)
        with in_process(simulator) as client:
            for path, name, expected in (
                (sessions(simulator), "session_id", ids),
                (messages, "event_id", events),
            ):
                pages = walked(client, path, size, name)
                rows = [row for page in pages for row in page]
                assert set(rows) == set(expected)
                assert max(map(len, pages)) <= size + (kind == "repeated_rows" and size > len(expected))
                repeats += len(rows) - len(expected)
    assert (repeats > 0) is (size > 1 and not (kind == "shifted" and size > 22))


def test_a_filtered_list_stays_filtered_when_its_pages_are_shifted():
    simulator = simulated(sessions=40)
    with in_process(simulator) as client:
        expected = walked(client, f"{sessions(simulator)}?tags=bug", 200, "session_id")[0]
        simulator.faults = Faults(1, ("shifted", "repeated_rows"))
        pages = walked(client, f"{sessions(simulator)}?tags=bug", 3, "session_id")
    assert {row for page in pages for row in page} == set(expected)


@pytest.mark.parametrize("seed", range(5))
def test_this_package_s_own_walk_sees_each_row_once_on_spoiled_pages(seed):
    simulator, messages, ids, events = filled("repeated_rows", "shifted", seed=seed)
    session_id = messages.split("/")[-2]
    with Client(**simulator.connection()) as client:
        found = [session.session_id for session in client.items(ListSessions(limit=4))]
        heard = [
            message.event_id for message in client.items(ListSessionMessages(session_id=session_id, limit=3))
        ]
    assert (sorted(found), sorted(heard)) == (sorted(ids), sorted(events))
    assert len(set(heard)) == len(heard)


def test_a_page_of_one_row_is_never_spoiled_however_its_size_is_written():
    for kind, seed in [("repeated_rows", 0), ("repeated_rows", 1), ("repeated_rows", 2), ("shifted", 0)]:
        simulator, messages, _, events = filled(kind, seed=seed)
        with in_process(simulator) as client:
            page = client.get(messages, params={"first": "01"}).json()
            after = client.get(messages, params={"first": "01", "after": page["end_cursor"]}).json()
        assert [item["event_id"] for item in page["items"] + after["items"]] == events[:2]


def test_a_shifted_page_never_starts_before_its_list_does():
    simulator, messages, _, events = filled("shifted", seed=0)
    for seed in range(6):
        simulator.faults = Faults(1, ("shifted",), seed)
        with in_process(simulator) as client:
            cursor = client.get(messages, params={"first": 1}).json()["end_cursor"]
            page = client.get(messages, params={"first": 5, "after": cursor}).json()
        assert [item["event_id"] for item in page["items"]] == events[:5]


def test_a_spoiled_page_leaves_the_next_one_alone():
    simulator, messages, _, events = filled("repeated_rows", seed=0)
    with in_process(simulator) as client:
        assert walked(client, messages, 200, "event_id") != [events]
        simulator.faults = None
        assert walked(client, messages, 200, "event_id") == [events]


def test_a_later_stale_write_does_not_let_lists_forget_the_earlier_one():
    simulator = misbehaving("stale", seconds=1)
    path = made(simulator)
    with in_process(simulator) as client:
        for _ in range(4):
            assert client.post(f"{path}/messages", json={"message": "Go on."}).status_code == 200
            assert len(client.get(f"{path}/messages").json()["items"]) == 1
            simulator.clock.step(0.75)
        simulator.clock.step(0.25)
        assert len(client.get(f"{path}/messages").json()["items"]) == 5


def test_lists_show_at_once_what_follows_a_refused_write():
    simulator = misbehaving("stale")
    path = made(simulator)
    with in_process(simulator) as client:
        assert client.put(f"{path}/tags", json={"tags": ["t"] * 51}).status_code == 422
        simulator.faults = None
        client.put(f"{path}/tags", json={"tags": ["new"]})
        assert client.get(sessions(simulator), params={"tags": "new"}).json()["total"] == 1


def test_a_shorter_delay_does_not_end_a_longer_one():
    simulator = simulated(sessions=1)
    world = simulator.world
    (record,) = world.sessions.values()
    world.hold_back(record.session_id, None, world.now + 10)
    world.hold_back(record.session_id, record, world.now + 5)
    for seconds, seen in ((7, None), (3, record)):
        simulator.clock.step(seconds)
        world.catch_up()
        assert world.as_listed(record) is seen
