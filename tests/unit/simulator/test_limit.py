"""The simulated rate limit, and the Date header by which clients know the simulator's time."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import httpx
import pytest
from support.misbehaving_api import either_way, in_process, over_a_socket, sessions

from devin_tools import Client, CreateSession, ListSessions, Simulator
from devin_tools.simulator import FAULTS, Faults, listing, world
from devin_tools.simulator.clock import EPOCH


@either_way
def test_requests_beyond_the_limit_are_refused_until_the_minute_ends(reach):
    simulator = Simulator(limit=3)
    with reach(simulator) as client:

        def statuses(times: int) -> list[int]:
            return [client.get("/v3/self").status_code for _ in range(times)]

        assert statuses(5) == [200, 200, 200, 429, 429]
        simulator.clock.step(59.5)
        assert statuses(1) == [429]
        simulator.clock.step(0.5)
        assert statuses(4) == [200, 200, 200, 429]
        simulator.clock.step(600)
        assert statuses(4) == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("second", "wait"), [(0, "60"), (0.25, "60"), (17.5, "43"), (58, "2"), (59, "1"), (59.999, "1")]
)
@either_way
def test_the_refusal_says_how_many_whole_seconds_are_left(reach, second, wait):
    simulator = Simulator(limit=1)
    simulator.clock.step(second)
    with reach(simulator) as client:
        client.get("/v3/self")
        refused = client.get("/v3/self")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, wait)
        assert (refused.json()["title"], refused.json()["instance"]) == ("Too Many Requests", "/v3/self")
        simulator.clock.step(int(wait))
        assert client.get("/v3/self").status_code == 200


def test_the_windows_are_the_minutes_of_the_clock_not_of_the_first_request():
    simulator = Simulator(limit=1)
    simulator.clock.step(59)
    with in_process(simulator) as client:
        assert client.get("/v3/self").status_code == 200
        simulator.clock.step(1)
        assert client.get("/v3/self").status_code == 200
        assert client.get("/v3/self").status_code == 429


@either_way
def test_a_refused_request_has_no_effect_and_is_counted_among_the_requests(reach):
    simulator = Simulator(limit=2)
    path = sessions(simulator)
    with reach(simulator) as client:
        answers = [client.post(path, json={"prompt": "Look."}).status_code for _ in range(4)]
    assert answers == [200, 200, 429, 429]
    assert len(simulator.world.sessions) == 2
    assert simulator.count("POST", "/sessions") == 4


def test_a_spoiled_request_counts_and_one_beyond_the_limit_meets_no_fault():
    simulator = Simulator(limit=2, faults=Faults(1, ("down",)))
    with in_process(simulator) as client:
        assert [client.get("/v3/self").status_code for _ in range(3)] == [503, 503, 429]
    assert simulator.faults.met == {"down": 2}


@pytest.mark.parametrize("limit", [0, -1])
def test_an_impossible_limit_is_refused(limit):
    with pytest.raises(ValueError, match="at least one"):
        Simulator(limit=limit)


def test_without_a_limit_nobody_is_refused():
    with in_process(Simulator()) as client:
        assert {client.get("/v3/self").status_code for _ in range(300)} == {200}


def dates(answer: httpx.Response) -> list[float]:
    return [parsedate_to_datetime(value).timestamp() for value in answer.headers.get_list("date")]


@either_way
@pytest.mark.parametrize("path", ["/v3/self", "/v3/nowhere", "/v3/organizations/org-other/sessions"])
def test_every_answer_carries_one_date_from_the_simulator_s_clock(reach, path):
    simulator = Simulator()
    with reach(simulator) as client:
        for step in (0, 0.75, 3600, 86_400):
            simulator.clock.step(step)
            answer = client.get(path)
            assert answer.headers["date"].endswith(" GMT")
            assert dates(answer) == [int(simulator.clock.now())]
        assert client.get(path, headers={"authorization": ""}).headers["date"]


@either_way
@pytest.mark.parametrize("kind", sorted(FAULTS.keys() - {"lost", "reset", "cut"}))
def test_a_spoiled_answer_carries_the_date_of_its_effect(reach, kind):
    simulator = Simulator(faults=Faults(1, (kind,)))
    simulator.clock.step(1000)
    with reach(simulator) as client:
        answer = client.post(sessions(simulator), json={"prompt": "Look."})
    assert dates(answer) == [EPOCH + 1000]


def test_answers_that_never_reach_the_simulator_carry_its_date_too():
    simulator = Simulator()
    simulator.clock.step(1000)
    with over_a_socket(simulator) as client:
        cases = [
            client.get("/_simulator"),
            client.get("/_simulator/nowhere"),
            client.request("BREW", "/v3/self"),
        ]
    assert [dates(answer) for answer in cases] == [[EPOCH + 1000]] * 3
    assert [len(answer.headers.get_list("server")) for answer in cases] == [1] * 3


def test_two_hundred_sessions_of_a_thousand_are_found_by_id_with_one_request():
    simulator = Simulator(sessions=1_000)
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
    simulator = Simulator(sessions=50)
    monkeypatch.setattr(world.World, "newest_first", None)
    monkeypatch.setattr(listing, "COUNTED_SESSIONS", 1)
    some = list(simulator.world.sessions)[10:20]
    with Client(**simulator.connection()) as client:
        call = ListSessions(session_ids=[f"devin-{session_id}" for session_id in some], limit=3)
        pages = list(client.pages(call))
    assert [session.session_id for page in pages for session in page.sessions] == some[::-1]
    assert [page.total for page in pages] == [10] * 4


def test_a_hundred_thousand_sessions_are_walked():
    simulator = Simulator()
    with Client(**simulator.connection()) as client:
        client.run(CreateSession(prompt="Look. #simulate:sleeps"))
        first = next(iter(simulator.world.sessions.values()))
        for number in range(2, 100_001):
            record = first.copy()
            record.session_id, record.number = f"{number:032x}", number
            simulator.world.add(record)
        walked = sum(1 for _ in client.items(ListSessions(limit=200)))
    assert walked == 100_000
    assert simulator.count("GET") == 500
