"""The simulated rate limit, and the Date header by which clients know the simulator's time."""

from __future__ import annotations

import pytest
from support.limit_laws import *  # noqa: F403 - collected here
from support.misbehaving_api import in_process
from support.simulated_api import simulated

from devin_tools import Client, ListSessions
from devin_tools.simulator import Faults, world
from devin_tools.simulator import session_filters as listing


def test_the_windows_are_the_minutes_of_the_clock_not_of_the_first_request():
    simulator = simulated(limit=1)
    simulator.clock.step(59)
    with in_process(simulator) as client:
        assert client.get("/v3/self").status_code == 200
        simulator.clock.step(1)
        assert client.get("/v3/self").status_code == 200
        assert client.get("/v3/self").status_code == 429


def test_a_spoiled_request_counts_and_one_beyond_the_limit_meets_no_fault():
    simulator = simulated(limit=2, faults=Faults(1, ("down",)))
    with in_process(simulator) as client:
        assert [client.get("/v3/self").status_code for _ in range(3)] == [503, 503, 429]
    assert simulator.faults.met == {"down": 2}


@pytest.mark.parametrize("limit", [0, -1])
def test_an_impossible_limit_is_refused(limit):
    with pytest.raises(ValueError, match="at least one"):
        simulated(limit=limit)


def test_without_a_limit_nobody_is_refused():
    with in_process(simulated()) as client:
        assert {client.get("/v3/self").status_code for _ in range(300)} == {200}


def test_two_hundred_sessions_of_a_thousand_are_found_by_id_with_one_request():
    simulator = simulated(sessions=1_000)
    ids = [f"devin-{session_id}" for session_id in simulator.world.sessions]
    with Client(**simulator.connection()) as client:
        found = [
            session.session_id
            for start in range(0, 1_000, 200)
            for session in client.run(ListSessions(session_ids=ids[start : start + 200], limit=200)).sessions
        ]
    assert sorted(found) == sorted(simulator.world.sessions)
    assert simulator.count() == 5


def test_sessions_found_by_id_are_the_only_ones_looked_at_and_counted(monkeypatch):
    simulator = simulated(sessions=50)
    monkeypatch.setattr(world.World, "newest_first", None)
    monkeypatch.setattr(listing, "COUNTED_SESSIONS", 1)
    some = list(simulator.world.sessions)[10:20]
    with Client(**simulator.connection()) as client:
        call = ListSessions(session_ids=[f"devin-{session_id}" for session_id in some], limit=3)
        pages = list(client.pages(call))
    assert [session.session_id for page in pages for session in page.sessions] == some[::-1]
    assert [page.total for page in pages] == [10] * 4
