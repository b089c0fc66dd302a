"""`watch`: sessions until they settle, in a pipe, for the price of a few list requests."""

from __future__ import annotations

import pytest
from support.shell import call, run, simulated

from devin_tools import Client, Simulator
from devin_tools.api import ArchiveSession, CreateSession
from devin_tools.tasks import WaitedSessions


def started(simulator: Simulator, *scenarios: str) -> list[str]:
    """Start sessions, and forget the requests that took."""
    with Client(**simulator.connection()) as client:
        calls = [CreateSession(prompt=f"Work. #simulate:{name}") for name in scenarios]
        ids = [client.run(call).session_id for call in calls]
    simulator.requests.clear()
    return ids


def test_events_are_lines_and_the_summary_is_the_last(api):
    ids = started(api, "finishes", "asks")
    ran = run("watch", *ids)
    *events, summary = ran.lines
    assert ran.err == ""
    waited = WaitedSessions.model_validate(summary)
    assert {item.session_id.removeprefix("devin-"): item.outcome for item in waited.settled} == {
        ids[0]: "finished",
        ids[1]: "waiting_for_user",
    }
    for session_id in ids:
        mine = [event for event in events if event["session"]["session_id"] == session_id]
        states = [event["session"]["status_detail"] for event in mine if event["kind"] == "status"]
        assert states[0] is None and "working" in states
        assert mine[-1]["kind"] == "settled"
    assert [event["pull_request_url"] for event in events if event["kind"] == "pull_request"] == [
        api.world.sessions[ids[0]].pull_requests[0]["pr_url"]
    ]


def test_one_list_request_serves_each_look(api):
    ids = started(api, *["finishes"] * 30)
    assert run("watch", *ids).code == 0
    assert {path.rpartition("/")[2] for _, path in api.requests} == {"sessions", "self"}
    assert len(api.requests) < 12


@pytest.mark.parametrize(
    ("scenarios", "code"),
    [
        (["finishes", "exits"], 0),
        (["finishes", "asks"], 20),
        (["asks", "sleeps"], 21),
        (["runs_out", "sleeps"], 22),
        (["fails", "runs_out"], 23),
    ],
)
def test_the_highest_code_of_any_session_is_the_exit_code(api, scenarios, code):
    assert run("watch", *started(api, *scenarios)).code == code


def test_a_timeout_leaves_the_rest_still_running(api):
    ids = started(api, "finishes", "fails")
    ran = run("watch", *ids, "--timeout", "30")
    assert ran.code == 24
    summary = ran.lines[-1]
    assert summary["still_running"] == [f"devin-{ids[0]}"]
    assert [item["outcome"] for item in summary["settled"]] == ["failed"]
    assert summary["resume_with"]["arguments"]["session_ids"] == [f"devin-{ids[0]}"]


def test_without_ids_all_unarchived_sessions_at_work_are_watched(api):
    working, archived, _ = started(api, "finishes", "finishes", "fails")
    with Client(**api.connection()) as client:
        client.run(ArchiveSession(session_id=archived))
    api.clock.step(20)
    ran = run("watch")
    assert ran.code == 0
    assert [item["session_id"] for item in ran.lines[-1]["settled"]] == [f"devin-{working}"]


def test_nothing_at_work_is_an_empty_summary(api):
    ran = run("watch")
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines == [{"settled": [], "still_running": [], "waited_seconds": 0.0, "resume_with": None}]


def test_a_simulated_watch_has_something_to_see():
    ran = simulated("watch")
    assert {item["outcome"] for item in ran.lines[-1]["settled"]} == {
        "finished",
        "waiting_for_user",
        "failed",
    }


def test_a_session_that_has_settled_already_ends_the_watch():
    sessions = call("devin_list_sessions").json["sessions"]
    session_id = next(s["session_id"] for s in sessions if s["status_detail"] == "out_of_credits")
    assert simulated("watch", session_id).lines[-1]["settled"][0]["outcome"] == "quota"


@pytest.mark.parametrize(("words", "code"), [(["0" * 32], 7), (["a?b"], 2), (["abc", "--timeout", "0"], 2)])
def test_a_wrong_id_or_time_is_said(words, code):
    ran = simulated("watch", *words)
    assert ran.code == code
    assert "Traceback" not in ran.err


def test_a_watch_spends_nothing_and_needs_no_consent(api, monkeypatch):
    ids = started(api, "finishes")
    monkeypatch.setenv("DEVIN_CONFIRM", "1")
    monkeypatch.setenv("DEVIN_READ_ONLY", "1")
    assert run("watch", *ids).code == 0
