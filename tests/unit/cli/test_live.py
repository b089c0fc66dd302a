"""The live views of `run` and `watch`, on a pretend terminal and drawn by hand; no time passes in them.

How they look while it does: tests/process/cli/test_live.py.
"""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from support.shell import at_terminal

from devin_tools.api import Message, PullRequest, Session
from devin_tools.cli.live import ViewOfMany, ViewOfOne
from devin_tools.cli.session_tracker import SessionTracker
from devin_tools.flow import Progress
from devin_tools.tasks.session_events import Event

STEERING = "\x1b]0;b\x07\x9b2J\u202e"


@pytest.fixture(autouse=True)
def virtual_time(monkeypatch):
    monkeypatch.setattr("devin_tools.cli.options.LIVE_SPEED", None)


def drawn(view, width: int = 120) -> str:
    """Draw a view on paper."""
    paper = io.StringIO()
    Console(file=paper, width=width).print(view)
    return paper.getvalue()


def following(*sessions: Session) -> SessionTracker:
    known = SessionTracker(iter([100.0, *[165.9] * 9]).__next__)
    for session in sessions:
        known.on_progress(Progress("status", Event(kind="status", session=session)))
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


def test_json_on_a_terminal_follows_the_view():
    ran = at_terminal("--simulate", "run", "Fix it. #simulate:fails", "--json")
    assert ran.code == 23
    assert '"outcome": "failed"' in ran.out.rpartition("\x1b[?25h")[2]


def test_events_on_a_terminal_come_without_a_view():
    ran = at_terminal("--simulate", "run", "Fix it", "--max-acu", "5", "--events")
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert ran.lines[-1]["outcome"] == "finished"


def test_a_dumb_terminal_gets_no_steering():
    ran = at_terminal("--simulate", "run", "Fix it. #simulate:fails", TERM="dumb")
    assert ran.code == 23
    assert "\x1b" not in ran.out
    assert "failed" in ran.out


@pytest.mark.usefixtures("api")
def test_nothing_at_work_is_said_to_a_person():
    ran = at_terminal("watch")
    assert ran.code == 0
    assert "No session is at work." in ran.out


def test_text_of_strangers_cannot_steer_the_live_view():
    ran = at_terminal("--simulate", "run", "Fix it. #simulate:fails", "--title", f"[bold]evil{STEERING}")
    assert "[bold]evil" in ran.out.rpartition("\x1b[?25h")[0]
    for text in ("\x1b]0;", "\x9b", "\u202e", "\x07"):
        assert text not in ran.out


def test_one_session_is_drawn_with_all_there_is():
    known = following(WORKING)
    known.on_progress(
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
        assert rows[1].startswith("a" * 32 + "  ") and "working" in rows[1]  # those at work come first
        assert rows[2].startswith("b" * 32 + "  ") and "suspended" in rows[2]
        assert rows[3].startswith("1 at work, 1 settled")
    assert ("Fix [red]it" in shown) is (width >= 80)
    if width >= 130:
        assert WORKING.session_id in shown and "https://github.com/acme/shop/pull/7" in shown
