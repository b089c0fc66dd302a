"""What a command knows of its sessions comes from the answers its flow gets, and changes none of them."""

from __future__ import annotations

import json

import pytest

from devin_tools.api import GetSession, ListSessions, Session
from devin_tools.cli.session_tracker import SessionTracker, watch_sessions
from devin_tools.errors import ConnectionLost
from devin_tools.flow import Pause, Progress
from devin_tools.wire import Request, Response

BODY = {"session_id": "abc", "status": "running", "acus_consumed": 1.5}


def played(flow, *replies):
    """Answer a flow's steps in order; return its steps and what it returned."""
    steps = []
    try:
        step = next(flow)
        for reply in replies:
            steps.append(step)
            step = flow.throw(reply) if isinstance(reply, Exception) else flow.send(reply)
    except StopIteration as done:
        return steps, done.value
    raise AssertionError(f"not at its end: {step}")


def answer(body, status: int = 200) -> Response:
    return Response(status, json.dumps(body).encode())


def test_a_look_shows_the_session_and_passes_the_answer_on():
    seen = []
    call = GetSession(session_id="abc")
    steps, output = played(watch_sessions(call.flow(), seen.extend), answer(BODY))
    assert [step.tool for step in steps] == ["devin_get_session"]
    assert output == seen[0] == Session.model_validate(BODY)


def test_every_session_of_a_list_is_shown():
    seen = []
    rows = {"items": [BODY, {"session_id": "def"}]}
    played(watch_sessions(ListSessions().flow(), seen.extend), answer(rows))
    assert [session.session_id for session in seen] == ["abc", "def"]


@pytest.mark.parametrize("reply", [answer({"detail": "no"}, 500), answer({"session_id": "abc"}, 404)])
def test_a_refusal_shows_nothing(reply):
    seen = []
    with pytest.raises(Exception, match="refused"):
        played(watch_sessions(GetSession(session_id="abc").flow(), seen.extend), reply)
    assert seen == []


@pytest.mark.parametrize("body", [b"<html>", b"\xff\xfe", b'"text"', b"[" * 5000])
def test_a_body_that_is_no_session_is_left_to_the_flow(body):
    seen = []
    with pytest.raises(Exception, match="documented shape"):
        played(watch_sessions(GetSession(session_id="abc").flow(), seen.extend), Response(200, body))
    assert seen == []


def test_faults_and_other_steps_pass_through():
    def flow():
        yield Pause(1)
        try:
            yield Request("GET", "/v3/self")
        except ConnectionLost:
            return (yield Progress("lost"))

    seen = []
    steps, output = played(watch_sessions(flow(), seen.extend), None, ConnectionLost("gone"), "told")
    assert [type(step).__name__ for step in steps] == ["Pause", "Request", "Progress"]
    assert (output, seen) == ("told", [])


def test_sessions_of_others_are_not_followed():
    events = []
    known = SessionTracker(lambda: 0.0, events.append)
    known.follow(["devin-abc"])
    known.on_sessions(
        [Session(session_id="other", status="running"), Session(session_id="abc", status="running")]
    )
    assert [session.session_id for session in known.sessions] == ["abc"]
    assert [(event.kind, event.session.session_id) for event in events] == [("status", "abc")]


def test_a_look_without_a_change_is_no_event_but_is_known():
    events = []
    known = SessionTracker(lambda: 0.0, events.append)
    known.follow(["abc"])
    for spent in (0.1, 0.2):
        known.on_sessions([Session(session_id="abc", status="running", acus_consumed=spent)])
    assert len(events) == 1
    assert known.sessions[0].acus_consumed == 0.2


def test_progress_that_is_no_event_is_ignored():
    known = SessionTracker(lambda: 0.0)
    known.on_progress(Progress("half way", value=0.5))
    assert known.sessions == ()
