"""Spoiled lists of the simulated API: rows repeat and writes show late, but nothing is lost."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from support.misbehaving_api import PROMPT, either_way, in_process, made, misbehaving, over_a_socket, sessions

from devin_tools import Client, ListSessionMessages, ListSessions, Simulator
from devin_tools.simulator import Faults


def walked(client: httpx.Client, path: str, size: int, name: str) -> list[list[str]]:
    """Walk over all pages as a client does that trusts every cursor; give the ids on each."""
    pages: list[list[str]] = []
    cursors: list[str] = []
    query: dict[str, Any] = {"first": size, "is_archived": "false"}
    while True:
        page = client.get(path, params=query).json()
        pages.append([item[name] for item in page["items"]])
        if not page["has_next_page"]:
            return pages
        cursors.append(page["end_cursor"])
        assert len(set(cursors)) == len(cursors)
        query["after"] = page["end_cursor"]


def filled(*kinds: str, seed: int) -> tuple[Simulator, str, list[str], list[str]]:
    """Make a world of 23 sessions, one with 23 messages; give both lists as they should be walked."""
    simulator = misbehaving(*kinds, seed=seed)
    paths = [made(simulator) for _ in range(23)]
    simulator.faults, faults = None, simulator.faults
    with in_process(simulator) as client:
        for number in range(22):
            client.post(f"{paths[0]}/messages", json={"message": f"Go on {number}."})
        ids = walked(client, sessions(simulator), 200, "session_id")
        events = walked(client, f"{paths[0]}/messages", 200, "event_id")
    simulator.faults = faults
    return simulator, f"{paths[0]}/messages", ids[0], events[0]


@pytest.mark.parametrize("kind", ["repeated_rows", "shifted"])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 11, 22, 23, 24])
def test_spoiled_pages_repeat_rows_but_lose_none_and_the_walk_ends(kind, size):
    repeats = 0
    for seed in range(6):
        simulator, messages, ids, events = filled(kind, seed=seed)
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


def test_spoiled_pages_look_alike_over_a_socket():
    seen = []
    for way in (in_process, over_a_socket):
        simulator, _, ids, _ = filled("repeated_rows", "shifted", seed=4)
        with way(simulator) as client:
            pages = walked(client, sessions(simulator), 4, "session_id")
        rows = [row for page in pages for row in page]
        seen.append([ids.index(row) for row in rows])
    assert seen[0] == seen[1]
    assert len(seen[0]) > 23


def test_a_filtered_list_stays_filtered_when_its_pages_are_shifted():
    simulator = Simulator(sessions=40)
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
    for seed in range(6):
        simulator, messages, _, events = filled("shifted", seed=seed)
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


@either_way
def test_lists_show_a_new_session_only_after_some_seconds(reach):
    simulator = misbehaving("stale")
    path = sessions(simulator)
    with reach(simulator) as client:
        session_id = "devin-" + client.post(path, json=PROMPT).json()["session_id"]
        named = {"session_ids": session_id}
        early = [client.get(path, params=query).json() for query in ({}, named)]
        assert client.get(f"{path}/{session_id}").status_code == 200
        assert client.get(f"{path}/{session_id}/messages").json()["items"] == []
        simulator.clock.step(5)
        late = [client.get(path, params=query).json() for query in ({}, named)]
        assert len(client.get(f"{path}/{session_id}/messages").json()["items"]) >= 1
    assert [(page["items"], page["total"]) for page in early] == [([], 0)] * 2
    assert [page["total"] for page in late] == [1, 1]


@either_way
def test_lists_show_a_session_as_it_was_before_a_write_for_some_seconds(reach):
    simulator = misbehaving("stale")
    path = made(simulator)
    with reach(simulator) as client:
        assert client.put(f"{path}/tags", json={"tags": ["new"]}).status_code == 200
        assert client.post(f"{path}/messages", json={"message": "Go on."}).status_code == 200
        assert client.post(f"{path}/archive").status_code == 200

        def seen() -> tuple[int, int, int]:
            listed = client.get(sessions(simulator)).json()["total"]
            tagged = client.get(sessions(simulator), params={"tags": "new", "is_archived": "true"}).json()
            return listed, tagged["total"], len(client.get(f"{path}/messages").json()["items"])

        assert client.get(path).json()["is_archived"] is True
        assert client.get(f"{path}/tags").json() == {"tags": ["new"]}
        assert seen() == (1, 0, 1)
        simulator.clock.step(5)
        assert seen() == (0, 1, 2)


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
    simulator = Simulator(sessions=1)
    world = simulator.world
    (record,) = world.sessions.values()
    world.hold_back(record.session_id, None, world.now + 10)
    world.hold_back(record.session_id, record, world.now + 5)
    for seconds, seen in ((7, None), (3, record)):
        simulator.clock.step(seconds)
        world.catch_up()
        assert world.as_listed(record) is seen
