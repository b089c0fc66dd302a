"""`demo`: the main job really happens, against the simulator and over the network."""

from __future__ import annotations

import json
import re

import pytest
from support.shell import at_terminal, in_place_of_the_network, run, simulated
from support.tools import built_in

from devin_tools import Client, Simulator
from devin_tools.cli.commands.demo import Demo, abbreviated
from devin_tools.simulator import Faults

TASK = {"prompt": "Fix it.", "repos": ["acme/shop"]}


def performed(scenario: str, seconds: float = 1800.0, simulator: Simulator | None = None):
    """Run the steps; return the demo, what it said in the end, and the simulator."""
    simulator = simulator or Simulator(scenario=scenario)
    with Client(**simulator.connection()) as client:
        demo = Demo(client, built_in(), TASK, "Yes.", seconds)
        return demo, demo.run(), simulator


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
        "devin_run_task",
        "devin_run_task",
        "devin_send_message",
        "devin_run_task",
        "devin_append_session_tags",
        "devin_list_sessions",
        "devin_archive_session",
    ]
    (_, task, dry), (_, _, first), (_, said, _), (_, _, last), (_, tagged, tags), (_, _, listed), end = done
    session_id = first["session_id"]
    assert all(each["session_id"] == session_id for each in (said, last, tagged, end[1]))
    assert "structured_output_schema" in task
    assert task["max_acu_limit"] >= 1
    assert (dry["is_billable"], dry["requests"][-1]["method"]) == (True, "POST")
    assert (first["outcome"], first["creation"]) == ("waiting_for_user", "created")
    assert first["messages"][-1]["source"] == "devin"
    assert (last["outcome"], last["creation"]) == ("finished", "adopted")
    assert said["message"] == "The local one, please."
    assert last["attachments"]
    assert {"devin-tools-demo", "demo-done"} < set(tags["tags"])
    assert [session["session_id"] for session in listed["sessions"]] == [session_id]
    assert end[2]["is_archived"] is True
    proof = ran.out.splitlines()[-1]
    assert proof.startswith(f"Proven: session {session_id} asked, was answered, finished; pull request http")
    assert "structured output fits its schema" in proof
    assert proof.endswith("a dry run and devin_run_task x 2 with one key: 1 session, billed once.")


def test_the_steps_really_reach_the_api():
    demo, seen, simulator = performed("asks")
    (record,) = simulator.world.sessions.values()
    assert record.is_archived
    assert f"tags {', '.join(record.tags)};" in seen
    assert [item["message"] for item in record.messages if item["source"] == "user"] == ["Fix it.", "Yes."]
    assert demo.session.pull_requests[0].pr_url == record.pull_requests[0]["pr_url"]
    assert demo.is_finished


def test_a_session_that_does_not_ask_is_simply_followed():
    demo, _, _ = performed("finishes")
    assert (demo.answers, demo.is_finished, demo.is_archived) == (0, True, True)


@pytest.mark.parametrize(("scenario", "state"), [("fails", "error"), ("runs_out", "suspended")])
def test_a_session_that_cannot_go_on_is_reported(scenario, state):
    demo, seen, _ = performed(scenario)
    assert not demo.is_finished
    assert f"did not finish ({state}" in seen
    assert "is missing" in seen


def test_a_question_that_still_shows_after_its_answer_is_not_answered_again(monkeypatch):
    real, seen = Client.events, []

    def events(self, call, **options):
        if len(seen) == 1:  # as the first call left it
            seen.append(seen[0])
            yield seen[0]
            return
        for step in real(self, call, **options):
            yield step
        seen.append(step)

    monkeypatch.setattr(Client, "events", events)
    demo, _, simulator = performed("asks")
    (record,) = simulator.world.sessions.values()
    assert (demo.answers, demo.is_finished, len(seen)) == (1, True, 3)
    assert [item["message"] for item in record.messages if item["source"] == "user"] == ["Fix it.", "Yes."]


def test_when_the_time_is_up_a_question_that_still_shows_is_not_answered_again(monkeypatch):
    real, seen = Client.events, []

    def events(self, call, **options):
        if seen:  # the state before, for ever
            yield seen[0]
            return
        for step in real(self, call, **options):
            yield step
        seen.append(step)

    monkeypatch.setattr(Client, "events", events)
    demo, _, simulator = performed("asks", seconds=60)
    (record,) = simulator.world.sessions.values()
    assert (demo.answers, demo.is_finished) == (1, False)
    assert [item["message"] for item in record.messages if item["source"] == "user"] == ["Fix it.", "Yes."]


def test_an_approval_is_asked_of_the_person_once(capsys):
    demo, _, _ = performed("approval")
    assert capsys.readouterr().out.count("approve it at https://") == 1
    assert demo.is_finished


def test_the_deadline_ends_the_watch_and_leaves_the_session_running():
    demo, _, simulator = performed("approval", seconds=60)
    record = next(iter(simulator.world.sessions.values()))
    assert (demo.is_finished, demo.is_archived) == (False, False)
    assert record.status == "running"


def test_an_unknown_state_is_watched_until_the_deadline(monkeypatch, capsys):
    simulator = Simulator()
    real = simulator.world.set_state
    monkeypatch.setattr(simulator.world, "set_state", lambda record, *_: real(record, "pondering", "deeply"))
    demo, _, _ = performed("", 60, simulator)
    assert "pondering, deeply" in capsys.readouterr().out
    assert not demo.is_finished
    assert simulator.clock.now() >= demo.session.created_at + 60


def test_passing_faults_cost_looks_and_not_the_demo():
    faults = Faults(rate=0.2, kinds=("rate_limited", "down", "html", "reset"), seed=6)
    demo, seen, simulator = performed("asks", simulator=Simulator(scenario="asks", faults=faults))
    assert faults.met
    assert demo.is_finished and "1 session, billed once" in seen
    assert len(simulator.world.sessions) == 1


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
    assert (name, given["max_acu_limit"]) == ("devin_run_task", 9)
    assert "Proven: session" in ran.out
    assert key not in ran.out + ran.err


def test_a_live_demo_that_breaks_off_says_where_the_session_is(monkeypatch, key):
    monkeypatch.setenv("DEVIN_API_KEY", key)
    with in_place_of_the_network(Simulator(keys={key: {"UseDevinSessions", "ViewOrgSessions"}})):
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
