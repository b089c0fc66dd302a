"""What a plain client sees of each fault of the simulated API, however it reaches it.

A test file that imports these laws runs them with the `reach` of its folder.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import httpx
import pytest
from support.laws import for_every
from support.misbehaving_api import PROMPT, Reach, made, misbehaving, said, sessions

from devin_tools.simulator import fault_kinds as misbehaviour

__all__ = [
    "test_a_broken_connection_raises_what_httpx_raises_for_it",
    "test_a_cut_body_arrives_in_part",
    "test_a_fault_after_the_effect_leaves_the_effect",
    "test_a_fault_before_the_effect_creates_nothing_and_says_nothing",
    "test_a_garbled_body_is_never_json_and_never_empty",
    "test_a_rate_limit_says_how_long_it_lasts_in_each_of_the_three_ways",
    "test_a_refusal_stays_a_refusal",
    "test_a_service_that_is_down_answers_with_a_problem_object_and_a_proxy_with_a_page",
    "test_a_slow_answer_comes_on_the_simulator_s_clock_after_the_effect",
    "test_unknown_words_stand_in_one_answer_for_one_session",
]

BEFORE = {"rate_limited": 429, "rate_limited_date": 429, "rate_limited_bare": 429, "down": 503, "html": 502}
"""Faults that keep a request from taking effect, with the status that says so."""
AFTER = {"fails_after": 500, "garbled": 200, "slow": 200, "unknown_words": 200, "stale": 200}
"""Faults that do not, with the status of the answer."""
BROKEN = {
    "lost": (httpx.RemoteProtocolError, 1),
    "cut": (httpx.RemoteProtocolError, 1),
    "reset": (httpx.ReadError, 0),
}
"""Faults without a whole answer, with what httpx raises and how often the request took effect."""


@for_every("kind", lambda: BEFORE)
def test_a_fault_before_the_effect_creates_nothing_and_says_nothing(reach: Reach, kind: str) -> None:
    simulator = misbehaving(kind)
    path = made(simulator)
    with reach(simulator) as client:
        created = client.post(sessions(simulator), json=PROMPT)
        sent = client.post(f"{path}/messages", json={"message": "Go on."})
        read = client.get(path)
    assert [answer.status_code for answer in (created, sent, read)] == [BEFORE[kind]] * 3
    assert len(simulator.world.sessions) == 1
    assert said(simulator) == ["Look. #simulate:sleeps"]


@for_every("kind", lambda: AFTER)
def test_a_fault_after_the_effect_leaves_the_effect(reach: Reach, kind: str) -> None:
    simulator = misbehaving(kind)
    path = made(simulator)
    with reach(simulator) as client:
        created = client.post(sessions(simulator), json=PROMPT)
        sent = client.post(f"{path}/messages", json={"message": "Go on."})
    assert [answer.status_code for answer in (created, sent)] == [AFTER[kind]] * 2
    assert len(simulator.world.sessions) == 2
    assert said(simulator).count("Go on.") == 1


@for_every("kind", lambda: BROKEN)
def test_a_broken_connection_raises_what_httpx_raises_for_it(reach: Reach, kind: str) -> None:
    error, effects = BROKEN[kind]
    simulator = misbehaving(kind)
    path = made(simulator)
    with reach(simulator) as client:
        with pytest.raises(error) as raised:
            client.post(sessions(simulator), json=PROMPT)
        with pytest.raises(error):
            client.post(f"{path}/messages", json={"message": "Go on."})
        with pytest.raises(error):
            client.get(path)
        simulator.faults = None
        assert client.get(path).status_code == 200
    assert type(raised.value) is error
    assert raised.value.request.url.path == sessions(simulator)
    assert len(simulator.world.sessions) == 1 + effects
    assert said(simulator).count("Go on.") == effects


def test_a_cut_body_arrives_in_part(reach: Reach) -> None:
    simulator = misbehaving("cut")
    with reach(simulator) as client, client.stream("GET", "/v3/self") as answer:
        assert answer.status_code == 200
        pieces = b""
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
            for piece in answer.iter_raw():
                pieces += piece
        assert 0 < len(pieces) < int(answer.headers["content-length"])
        assert pieces.startswith(b'{"principal_type"')


@for_every("seed", lambda: range(3))
def test_a_rate_limit_says_how_long_it_lasts_in_each_of_the_three_ways(reach: Reach, seed: int) -> None:
    for kind in ("rate_limited", "rate_limited_date", "rate_limited_bare"):
        simulator = misbehaving(kind, seed=seed, seconds=4)
        simulator.clock.step(0.25)
        with reach(simulator) as client:
            answer = client.get("/v3/self")
        assert answer.json()["status"] == 429
        value = answer.headers.get("retry-after", "")
        if kind == "rate_limited":
            assert 1 <= int(value) <= 4
        elif kind == "rate_limited_date":
            assert value.endswith(" GMT")
            assert 1 <= parsedate_to_datetime(value).timestamp() - simulator.clock.now() <= 5
        else:
            assert "retry-after" not in answer.headers


def test_a_service_that_is_down_answers_with_a_problem_object_and_a_proxy_with_a_page(reach: Reach) -> None:
    with reach(misbehaving("down")) as client:
        answer = client.get("/v3/self")
        assert answer.json() | {"detail": ""} == {
            "type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": "",
            "instance": "/v3/self", "errors": None,
        }  # fmt: skip
    with reach(misbehaving("html")) as client:
        answer = client.get("/v3/self")
        assert answer.headers["content-type"] == "text/html"
        assert answer.text.startswith("<html>")


def test_a_garbled_body_is_never_json_and_never_empty(reach: Reach) -> None:
    simulator = misbehaving("garbled")
    bodies = set()
    with reach(simulator) as client:
        for _ in range(40):
            answer = client.get(sessions(simulator))
            with pytest.raises(ValueError):
                answer.json()
            bodies.add(answer.content)
    assert len(bodies) == 5
    assert b"" not in bodies


@for_every("kind", lambda: ["garbled", "fails_after", "unknown_words", "stale"])
def test_a_refusal_stays_a_refusal(reach: Reach, kind: str) -> None:
    simulator = misbehaving(kind)
    path = made(simulator)
    with reach(simulator) as client:
        assert client.post(sessions(simulator), json={}).status_code == 422
        assert client.get(path[:-1] + "x").status_code == 404
        assert client.post("/v3/nowhere").status_code == 404
        assert client.put(f"{path}/tags", json={"tags": ["t"] * 51}).status_code == 422
        listed = client.get(sessions(simulator), params={"first": 1})
    assert len(simulator.world.sessions) == 1
    assert listed.status_code == (500 if kind == "fails_after" else 200)


def test_a_slow_answer_comes_on_the_simulator_s_clock_after_the_effect(reach: Reach) -> None:
    simulator = misbehaving("slow", seconds=30)
    began = simulator.clock.now()
    with reach(simulator, timeout=60) as client:
        created = client.post(sessions(simulator), json=PROMPT).json()
    assert created["created_at"] == began
    assert 1 <= simulator.clock.now() - began <= 30


def test_unknown_words_stand_in_one_answer_for_one_session(reach: Reach) -> None:
    simulator = misbehaving("unknown_words", sessions=5)
    known = {(record.status, record.status_detail) for record in simulator.world.sessions.values()}
    with reach(simulator) as client:
        page = client.get(sessions(simulator)).json()
        one = client.get(f"{sessions(simulator)}/devin-{page['items'][0]['session_id']}").json()
        simulator.faults = None
        later = client.get(sessions(simulator)).json()
    states = [(session["status"], session["status_detail"]) for session in page["items"]]
    assert sum(state not in known for state in states) == 1
    assert (one["status"], one["status_detail"]) not in known
    assert one["status"] in misbehaviour.UNKNOWN_STATUSES
    assert one["status_detail"] in misbehaviour.UNKNOWN_DETAILS
    assert {(session["status"], session["status_detail"]) for session in later["items"]} <= known
