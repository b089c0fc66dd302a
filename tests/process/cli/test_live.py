"""The live views of `run` and `watch`, on a pretend terminal, while time passes."""

from __future__ import annotations

import re

import pytest
from support.shell import on_terminal

from devin_tools import Client, Simulator
from devin_tools.api import CreateSession

KEY = "cog_CANARY_l1ve"
COLOUR = re.compile("\x1b\\[[0-9;]*(?:3[0-9]|4[0-9]|9[0-9])[0-9;]*m")
STYLE = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")


def test_a_person_sees_a_task_live_and_then_its_outcome():
    ran = on_terminal("--simulate", "run", "Fix the flaky test", "--max-acu", "5")
    assert ran.code == 0
    frames, _, summary = ran.out.rpartition("\x1b[?25h")  # the cursor is back when the view is gone
    for text in ("starting", "working", "ACUs", "I found the cause", "pull request: ", "finished"):
        assert text in frames
    times = set(re.findall(r"\d\d:\d\d", frames))
    assert len(times) > 8  # time is seen to pass
    for text in ("outcome", "finished", "/pull/", "test-report.txt", "Done: the pull request is open"):
        assert text in summary
    assert "{" not in summary


def test_a_person_sees_many_sessions_live_on_a_narrow_terminal_without_colours():
    ran = on_terminal("--simulate", "-v", "watch", width=48, NO_COLOR="1")
    assert ran.code == 23
    frames, _, summary = ran.out.rpartition("\x1b[?25h")
    # Time passes here as the machine has it: some may have settled before the first look.
    assert re.search(r"[1-4] at work, [0-3] settled", frames)
    assert re.search(r"0 at work, [34] settled", frames)
    assert "devin_list_sessions" in frames  # the log stands above the view
    plain = STYLE.sub("", ran.out)
    assert max(map(len, re.split("[\r\n]+", plain))) <= 48
    assert not COLOUR.search(ran.out)
    for text in ("failed", "waiting_for_user", "finished"):
        assert text in summary


STEERING = (
    "\x1b[31mRED\x1b]0;owned\x07\x9b2J\x1b]8;;http://evil.example\x1b\\link\x1b]52;c;ZXZpbA==\x07"
    "\u202egnp\u2066x\r\nX\bY\x7f\u200bz\x1bP$q\x9c"
)
UNSEEN = set("\x07\b\x7f\x9b\x9c\u202e\u2066\u200b")
OWN = re.compile("\x1b\\[[0-9;?]*[A-KSTfhlm]")


def test_text_of_strangers_cannot_steer_a_terminal_whatever_shows_it():
    simulator = Simulator(seed=1)
    with Client(**simulator.connection()) as client:
        call = CreateSession(prompt=f"{STEERING} #simulate:asks", title=STEERING)
        session_id = client.run(call).session_id
    with simulator.serve() as server:
        variables = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": server.url}
        for words in (
            ("call", "devin_list_sessions"),
            ("call", "devin_get_session", "--session-id", session_id),
            ("call", "devin_list_session_messages", "--session-id", session_id),
            ("watch", session_id, "--timeout", "2"),
            ("call", "devin_get_session", "--session-id", STEERING),
            ("call", STEERING),
        ):
            ran = on_terminal(*words, width=200, **variables)
            assert "owned" in ran.out or STEERING in words  # an error does not repeat what was refused
            assert not UNSEEN & set(ran.out), words
            assert "\x1b" not in OWN.sub("", ran.out), words


@pytest.mark.parametrize(
    ("words", "moment"),
    [(["run", "Fix it"], r"/sessions/[0-9a-f]{32}"), (["watch"], r"00:(0[1-9]|[1-5]\d)")],
)
def test_ctrl_c_takes_the_view_away_and_ends_with_130(words, moment):
    simulator = Simulator()
    with Client(**simulator.connection()) as client:
        client.run(CreateSession(prompt="Fix it"))
    with simulator.serve() as server:
        variables = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": server.url}
        ran = on_terminal(*words, interrupt_at=moment, **variables)
    assert ran.code == 130
    assert "Traceback" not in ran.out
    assert ran.out.endswith(("\x1b[?25h", "\n"))
    assert "\x1b[?25h" in ran.out
    assert ("goes on by itself" in ran.out) is (words[0] == "run")
