"""What lists of the simulated API show late, however it is reached, and lists that are full.

A test file that imports these laws runs them with the `reach` of its folder.
"""

from __future__ import annotations

from typing import Any

import httpx
from support.misbehaving_api import PROMPT, Reach, in_process, made, misbehaving, sessions

from devin_tools import Simulator

__all__ = [
    "filled",
    "test_lists_show_a_new_session_only_after_some_seconds",
    "test_lists_show_a_session_as_it_was_before_a_write_for_some_seconds",
    "walked",
]


def walked(client: httpx.Client, path: str, size: int, name: str) -> list[list[str]]:
    """Walk over all pages as a client does that trusts every cursor; return the ids on each."""
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
    """Make a world of 23 sessions, one with 23 messages; return both lists as they should be walked."""
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


def test_lists_show_a_new_session_only_after_some_seconds(reach: Reach) -> None:
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


def test_lists_show_a_session_as_it_was_before_a_write_for_some_seconds(reach: Reach) -> None:
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
