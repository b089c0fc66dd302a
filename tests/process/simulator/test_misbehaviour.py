"""How the simulated API misbehaves over a socket: what takes real time, and what others see of it."""

from __future__ import annotations

import json
import threading
import time

import httpx
import pytest
from support.misbehaving_api import HEADERS, PROMPT, misbehaving, over_a_socket, sessions
from support.misbehaviour_laws import *  # noqa: F403 - collected here


def impatient(seconds: float) -> httpx.Timeout:
    """Return the timeouts of a client that waits so long for an answer, and long for all else."""
    return httpx.Timeout(120, read=seconds)


def test_a_slow_answer_over_a_socket_takes_real_time_shortened_by_the_speed():
    simulator = misbehaving("slow", seconds=1, speed=20)
    with over_a_socket(simulator) as client:
        began = time.perf_counter()
        assert client.post(sessions(simulator), json=PROMPT).status_code == 200
        assert time.perf_counter() - began >= 0.05
    with over_a_socket(simulator, timeout=impatient(0.01)) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post(sessions(simulator), json=PROMPT)
        while len(simulator.world.sessions) < 2:
            time.sleep(0.005)
    assert len(simulator.world.sessions) == 2


def test_of_a_slow_answer_over_a_socket_half_of_the_body_comes_at_once():
    simulator = misbehaving("slow", seconds=3600, speed=1)
    with over_a_socket(simulator) as client:
        with client.stream("GET", "/v3/self") as answer:
            parts = answer.iter_raw()
            first = next(parts)
            assert len(first) == int(answer.headers["content-length"]) // 2
            simulator.clock.step(3600)
            assert json.loads(first + b"".join(parts))["principal_type"]


def test_a_server_can_be_closed_while_an_answer_is_late():
    simulator = misbehaving("slow", seconds=3600, speed=10)
    statuses: list[int] = []

    def ask() -> None:
        answer = httpx.post(server.url + sessions(simulator), json=PROMPT, headers=HEADERS, timeout=120)
        statuses.append(answer.status_code)

    with simulator.serve() as server:
        asking = threading.Thread(target=ask)
        asking.start()
        while not simulator.world.sessions:
            time.sleep(0.005)
    asking.join()
    assert statuses == [200]  # long before its time: closing let it go


def test_others_are_served_while_one_answer_is_late():
    simulator = misbehaving("slow", seconds=3600, speed=10)
    with over_a_socket(simulator, timeout=impatient(0.05)) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get("/v3/self")
        simulator.faults = None
        assert client.get("/v3/self", timeout=120).status_code == 200
