"""The live views of `run` and `watch`, on a pretend terminal and drawn by hand."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console
from support.shell import on_terminal

from devin_tools import Client, Simulator
from devin_tools.api import CreateSession, Message, PullRequest, Session
from devin_tools.api.watching import Event
from devin_tools.cli.following import Following
from devin_tools.cli.live import ViewOfMany, ViewOfOne
from devin_tools.cli.text import clock
from devin_tools.wire import Progress

KEY = "cog_CANARY_l1ve"
COLOUR = re.compile("\x1b\\[[0-9;]*(?:3[0-9]|4[0-9]|9[0-9])[0-9;]*m")
STYLE = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")
STEERING = "\x1b]0;b\x07\x9b2J\u202e"


def drawn(view, width: int = 120) -> str:
    """Draw a view on paper."""
    paper = io.StringIO()
    Console(file=paper, width=width).print(view)
    return paper.getvalue()


def following(*sessions: Session) -> Following:
    known = Following(iter([100.0, *[165.9] * 9]).__next__)
    for session in sessions:
        known.hear(Progress("status", Event(kind="status", session=session)))
    return known


WORKING = Session(
    session_id="a" * 32,
    status="running",
    status_detail="working",
    title="Fix [red]it[/red]",
    acus_consumed=0.5,
    url="https://app.devin.ai/sessions/a",
    pull_requests=[PullRequest(pr_url="https://github.com/acme/shop/pull/7")],
)
ASLEEP = Session(session_id="b" * 32, status="suspended", status_detail="inactivity")


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


def test_json_on_a_terminal_follows_the_view():
    ran = on_terminal("--simulate", "run", "Fix it. #simulate:fails", "--json")
    assert ran.code == 23
    assert '"outcome": "failed"' in ran.out.rpartition("\x1b[?25h")[2]


def test_events_on_a_terminal_come_without_a_view():
    ran = on_terminal("--simulate", "run", "Fix it", "--events")
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert ran.lines[-1]["outcome"] == "finished"


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


def test_a_dumb_terminal_gets_no_steering():
    ran = on_terminal("--simulate", "run", "Fix it. #simulate:fails", TERM="dumb")
    assert ran.code == 23
    assert "\x1b" not in ran.out
    assert "failed" in ran.out


def test_nothing_at_work_is_said_to_a_person():
    with Simulator().serve() as server:
        ran = on_terminal("watch", DEVIN_API_KEY=KEY, DEVIN_BASE_URL=server.url)
    assert ran.code == 0
    assert "No session is at work." in ran.out


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


def test_text_of_strangers_cannot_steer_the_live_view():
    ran = on_terminal("--simulate", "run", "Fix it. #simulate:fails", "--title", f"[bold]evil{STEERING}")
    assert "[bold]evil" in ran.out.rpartition("\x1b[?25h")[0]
    for text in ("\x1b]0;", "\x9b", "\u202e", "\x07"):
        assert text not in ran.out


def test_a_terminal_without_the_letters_gets_escapes():
    words = ["--simulate", "call", "devin_create_session", "--prompt", "x", "--title", "Grüße ✓"]
    ran = on_terminal(*words, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ran.code == 0
    assert "Gr\\xfc\\xdfe \\u2713" in ran.out


def test_one_session_is_drawn_with_all_there_is():
    known = following(WORKING)
    known.hear(
        Progress(
            "message",
            Event(
                kind="message",
                session=WORKING,
                message=Message(event_id="1", source="devin", message=f"I am\n at it.{STEERING}"),
            ),
        )
    )
    shown = drawn(ViewOfOne(known))
    for text in ("working   01:05   0.5 ACUs", "Fix [red]it[/red]", "https://app.devin.ai/sessions/a"):
        assert text in shown
    assert "pull request: https://github.com/acme/shop/pull/7" in shown
    assert "Devin: I am at it." in shown
    assert not set(STEERING) & set("\x1b\x9b\u202e\x07") & set(shown)


def test_before_there_is_a_session_the_view_says_so():
    assert "starting   01:05" in drawn(ViewOfOne(following()))


@pytest.mark.parametrize("width", [12, 44, 80, 130, 200])
def test_many_sessions_fit_any_width(width):
    known = following(ASLEEP, WORKING)
    shown = drawn(ViewOfMany(known), width)
    assert max(len(line) for line in shown.splitlines()) <= width
    assert len(shown.splitlines()) == 4
    if width >= 44:
        rows = shown.splitlines()
        assert rows[1].startswith("aaaaaaaa") and "working" in rows[1]  # those at work come first
        assert rows[2].startswith("bbbbbbbb") and "suspended" in rows[2]
        assert rows[3].startswith("1 at work, 1 settled")
    assert ("Fix [red]it" in shown) is (width >= 80)
    if width >= 130:
        assert WORKING.session_id in shown and "https://github.com/acme/shop/pull/7" in shown


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "00:00"), (65.9, "01:05"), (3600, "1:00:00"), (90061, "25:01:01"), (-3, "00:00")],
)
def test_lengths_of_time_are_written_short(seconds, text):
    assert clock(seconds) == text
