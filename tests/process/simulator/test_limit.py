"""The simulated rate limit and the Date header over a socket, and a list that is very long."""

from __future__ import annotations

from copy import copy

from support.limit_laws import *  # noqa: F403 - collected here
from support.limit_laws import dates
from support.misbehaving_api import over_a_socket
from support.simulated_api import simulated

from devin_tools import Client, CreateSession, ListSessions
from devin_tools.simulator.clock import EPOCH


def test_answers_that_never_reach_the_simulator_carry_its_date_too():
    simulator = simulated()
    simulator.clock.step(1000)
    with over_a_socket(simulator) as client:
        cases = [
            client.get("/_simulator"),
            client.get("/_simulator/nowhere"),
            client.request("BREW", "/v3/self"),
        ]
    assert [dates(answer) for answer in cases] == [[EPOCH + 1000]] * 3
    assert [len(answer.headers.get_list("server")) for answer in cases] == [1] * 3


def test_a_hundred_thousand_sessions_are_walked():
    simulator = simulated()
    with Client(**simulator.connection()) as client:
        client.run(CreateSession(prompt="Look. #simulate:sleeps"))
        first = next(iter(simulator.world.sessions.values()))
        for number in range(2, 100_001):
            record = copy(first)
            record.session_id, record.number = f"{number:032x}", number
            simulator.world.add(record)
        walked = sum(1 for _ in client.items(ListSessions(limit=200)))
    assert walked == 100_000
    assert simulator.count("GET") == 500
