"""Spoiled lists of the simulated API over a socket."""

from __future__ import annotations

from support.misbehaving_api import in_process, over_a_socket, sessions
from support.stale_list_laws import *  # noqa: F403 - collected here
from support.stale_list_laws import filled, walked


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
