"""`demo`: the main job really happens, against the simulator and over the network."""

from __future__ import annotations

import json
import re

import pytest
from support.shell import at_terminal, in_place_of_the_network, run, simulated
from support.tools import built_in

from devin_tools import Client, Simulator
from devin_tools.cli.commands.demo import abbreviated
from devin_tools.cli.demo_script import Demo, Task

TASK = Task(prompt="Fix it.", answer="Yes.", repos=("acme/shop",))


def performed(scenario: str, task: Task = TASK, simulator: Simulator | None = None):
    """Run the steps and return what was seen, the transcript and the simulator."""
    simulator = simulator or Simulator(scenario=scenario)
    lines: list[str] = []
    with Client(**simulator.connection()) as client:
        demo = Demo(client, built_in(), task, lines.append, lambda *_: None)
        return demo.run(), lines, simulator


def steps(transcript: str) -> list[tuple[str, dict, dict]]:
    """Read the transcript back: each step's tool, input and output."""
    pattern = r"^\d+\. (\w+)[^\n]*\ninput: (\{.*?^\}).*?^output: (\{.*?^\})"
    found = re.findall(pattern, transcript, re.DOTALL | re.MULTILINE)
    return [(name, json.loads(given), json.loads(got)) for name, given, got in found]


def test_the_transcript_shows_every_step_with_real_input_and_output():
    ran = run("demo")
    assert (ran.code, ran.err) == (0, "")
    done = steps(ran.out)
    assert [name for name, _, _ in done] == [
        "devin_create_session",
        "devin_get_session",
        "devin_list_session_messages",
        "devin_send_message",
        "devin_get_session",
        "devin_list_session_messages",
        "devin_get_session",
        "devin_list_session_attachments",
        "devin_append_session_tags",
        "devin_get_session_tags",
        "devin_archive_session",
    ]
    session_id = done[0][2]["session_id"]
    assert all(given["session_id"] == session_id for _, given, _ in done[1:])
    assert "structured_output_schema" in done[0][1]
    assert done[0][1]["max_acu_limit"] >= 1
    assert done[1][2]["status_detail"] == "waiting_for_user"
    assert done[2][2]["messages"][-1]["source"] == "devin"
    assert done[4][2]["status_detail"] == "finished"
    assert done[3][1]["message"] in [item["message"] for item in done[5][2]["messages"]]
    assert done[7][2]["attachments"]
    assert {"devin-tools-demo", "demo-done"} < set(done[9][2]["tags"])
    assert done[10][2]["is_archived"] is True
    proof = ran.out.splitlines()[-1]
    assert proof.startswith(f"Proven: session {session_id} asked, was answered, finished; pull request http")
    assert "structured output fits its schema" in proof


def test_the_steps_really_reach_the_api():
    found, _, simulator = performed("asks")
    record = next(iter(simulator.world.sessions.values()))
    assert record.is_archived
    assert record.tags == found.tags
    assert [item["message"] for item in record.messages if item["source"] == "user"] == ["Fix it.", "Yes."]
    assert found.session.pull_requests[0].pr_url == record.pull_requests[0]["pr_url"]
    assert found.is_finished


def test_a_session_that_does_not_ask_is_simply_followed():
    found, _, _ = performed("finishes")
    assert (found.answers, found.is_finished, found.is_archived) == (0, True, True)


@pytest.mark.parametrize(("scenario", "state"), [("fails", "error"), ("runs_out", "suspended")])
def test_a_session_that_cannot_go_on_is_reported(scenario, state):
    found, _, _ = performed(scenario)
    assert not found.is_finished
    assert f"did not finish ({state}" in found.in_words()
    assert "is missing" in found.in_words()


def test_an_approval_is_asked_of_the_person():
    found, lines, _ = performed("approval")
    assert any("approve it at https://" in line for line in lines)
    assert found.is_finished


def test_the_deadline_ends_the_watch_and_leaves_the_session_running():
    found, _, simulator = performed("approval", Task(prompt="x", answer="y", deadline=60))
    record = next(iter(simulator.world.sessions.values()))
    assert (found.is_finished, found.is_archived) == (False, False)
    assert record.status == "running"


def test_an_unknown_state_is_watched_until_the_deadline(monkeypatch):
    simulator = Simulator()
    real = simulator.world.set_state
    monkeypatch.setattr(simulator.world, "set_state", lambda record, *_: real(record, "pondering", "deeply"))
    found, lines, _ = performed("", Task(prompt="x", answer="y", deadline=60), simulator)
    assert any("pondering, deeply" in line for line in lines)
    assert not found.is_finished


def test_a_passing_fault_costs_one_look(monkeypatch):
    from devin_tools.errors import RateLimited

    calls, look = [], Client.run

    def sometimes(self, call, **options):
        if type(call).__name__ == "GetSession":
            calls.append(call)
            if len(calls) == 2:
                raise RateLimited("Too many requests.", status=429)
        return look(self, call, **options)

    monkeypatch.setattr(Client, "run", sometimes)
    found, lines, _ = performed("asks")
    assert any("Too many requests." in line for line in lines)
    assert found.is_finished


def test_live_is_refused_when_nobody_can_be_asked(api, key):
    ran = run("demo", "--live")
    assert api.requests == []
    assert ran.code == 4
    assert "up to 2 ACU(s)" in ran.out
    assert key not in ran.out + ran.err


@pytest.mark.parametrize("typed", ["n\n", "\n"])
def test_live_starts_nothing_when_the_person_says_no(api, typed):
    ran = at_terminal("demo", "--live", typed=typed)
    assert api.requests == []
    assert ran.code == 4
    assert "Start it?" in ran.out


def test_live_needs_a_key_and_no_simulator():
    assert run("demo", "--live", "--yes").code == 3
    assert simulated("demo", "--live").code == 2


def test_live_runs_the_same_steps_over_the_network(monkeypatch, key):
    monkeypatch.setenv("DEVIN_API_KEY", key)
    with in_place_of_the_network(Simulator(scenario="asks")):
        ran = run("demo", "--live", "--yes", "--every", "20", "--max-acu", "9")
    assert ran.code == 0
    name, given, _ = steps(ran.out)[0]
    assert (name, given["max_acu_limit"]) == ("devin_create_session", 9)
    assert "Proven: session" in ran.out
    assert key not in ran.out + ran.err


def test_a_live_demo_that_breaks_off_says_where_the_session_is(monkeypatch, key):
    monkeypatch.setenv("DEVIN_API_KEY", key)
    with in_place_of_the_network(Simulator(keys={key: {"UseDevinSessions"}})):
        ran = run("demo", "--live", "--yes")
    assert ran.code == 6
    assert "The session goes on by itself: https://" in ran.err


def test_a_demo_that_did_not_finish_fails(monkeypatch, key):
    monkeypatch.setenv("DEVIN_API_KEY", key)
    with in_place_of_the_network(Simulator(scenario="fails")):
        ran = run("demo", "--live", "--yes", "--every", "20")
    assert ran.code == 1
    assert "Seen: session" in ran.out
    assert "did not finish" in ran.err


def test_a_person_sees_a_short_demo():
    ran = at_terminal("demo")
    assert ran.code == 0
    assert "Proven: session" in ran.out
    assert "null" not in ran.out


def test_people_get_the_telling_part():
    long = {"a": None, "b": [], "c": "x" * 500, "d": list(range(9)), "e": {"f": {}, "g": False}}
    assert abbreviated(long) == {
        "c": "x" * 160 + "...",
        "d": [0, 1, 2, 3, 4, "... and 4 more"],
        "e": {"g": False},
    }
