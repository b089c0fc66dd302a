"""What holds of the simulated rate limit and the Date header, however the simulator is reached.

A test file that imports these laws runs them with the `reach` of its folder.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import httpx
from support.laws import for_every
from support.misbehaving_api import Reach, sessions
from support.simulated_api import simulated

from devin_tools.simulator import FAULTS, Faults
from devin_tools.simulator.clock import EPOCH

__all__ = [
    "dates",
    "test_a_refused_request_has_no_effect_and_is_counted_among_the_requests",
    "test_a_spoiled_answer_carries_the_date_of_its_effect",
    "test_every_answer_carries_one_date_from_the_simulator_s_clock",
    "test_requests_beyond_the_limit_are_refused_until_the_minute_ends",
    "test_the_refusal_says_how_many_whole_seconds_are_left",
]

WAITS = [(0, "60"), (0.25, "60"), (17.5, "43"), (58, "2"), (59, "1"), (59.999, "1")]


def dates(answer: httpx.Response) -> list[float]:
    return [parsedate_to_datetime(value).timestamp() for value in answer.headers.get_list("date")]


def test_requests_beyond_the_limit_are_refused_until_the_minute_ends(reach: Reach) -> None:
    simulator = simulated(limit=3)
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


@for_every("second, wait", lambda: WAITS)
def test_the_refusal_says_how_many_whole_seconds_are_left(reach: Reach, second: float, wait: str) -> None:
    simulator = simulated(limit=1)
    simulator.clock.step(second)
    with reach(simulator) as client:
        client.get("/v3/self")
        refused = client.get("/v3/self")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, wait)
        assert (refused.json()["title"], refused.json()["instance"]) == ("Too Many Requests", "/v3/self")
        simulator.clock.step(int(wait))
        assert client.get("/v3/self").status_code == 200


def test_a_refused_request_has_no_effect_and_is_counted_among_the_requests(reach: Reach) -> None:
    simulator = simulated(limit=2)
    path = sessions(simulator)
    with reach(simulator) as client:
        answers = [client.post(path, json={"prompt": "Look."}).status_code for _ in range(4)]
    assert answers == [200, 200, 429, 429]
    assert len(simulator.world.sessions) == 2
    assert simulator.count("POST", "/sessions") == 4


@for_every("path", lambda: ["/v3/self", "/v3/nowhere", "/v3/organizations/org-other/sessions"])
def test_every_answer_carries_one_date_from_the_simulator_s_clock(reach: Reach, path: str) -> None:
    simulator = simulated()
    with reach(simulator) as client:
        for step in (0, 0.75, 3600, 86_400):
            simulator.clock.step(step)
            answer = client.get(path)
            assert answer.headers["date"].endswith(" GMT")
            assert dates(answer) == [int(simulator.clock.now())]
        assert client.get(path, headers={"authorization": ""}).headers["date"]


@for_every("kind", lambda: sorted(FAULTS.keys() - {"lost", "reset", "cut"}))
def test_a_spoiled_answer_carries_the_date_of_its_effect(reach: Reach, kind: str) -> None:
    simulator = simulated(faults=Faults(1, (kind,)))
    simulator.clock.step(1000)
    with reach(simulator) as client:
        answer = client.post(sessions(simulator), json={"prompt": "Look."})
    assert dates(answer) == [EPOCH + 1000]
