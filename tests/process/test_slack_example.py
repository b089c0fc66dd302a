"""The Slack example, as a process: signed events start sessions, others start nothing.

One process serves the tests: each looks at what it has started itself.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from support.paths import ROOT
from support.shell import PATIENCE

from devin_tools import Simulator

EXAMPLE = ROOT / "examples" / "slack_to_session.py"
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM, JSON = "application/x-www-form-urlencoded", "application/json; charset=utf-8"
MENTION = {
    "type": "event_callback",
    "event_id": "Ev1",
    "event": {"type": "app_mention", "channel": "C1", "ts": "17.1", "text": "<@U0> fix a &lt; b &amp; c"},
}


class Slack:
    """Sends what Slack sends to the example, and reads what the example prints."""

    def __init__(self, process: subprocess.Popen[str], simulator: Simulator, url: str):
        self.process, self.simulator, self.url = process, simulator, url
        self.before = len(simulator.world.sessions), len(simulator.requests)

    def send(self, body: bytes, kind: str = JSON, age: float = 0, secret: str = SECRET) -> httpx.Response:
        at = str(int(time.time() - age))
        signed = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {"content-type": kind, "x-slack-request-timestamp": at, "x-slack-signature": f"v0={signed}"}
        return httpx.post(self.url, content=body, headers=headers, timeout=60, trust_env=False)

    def event(self, value: Any, **more: Any) -> httpx.Response:
        return self.send(json.dumps(value).encode(), **more)

    def command(self, text: str, trigger: str = "t1", channel: str = "C1") -> str:
        form = {"command": "/devin", "text": text, "trigger_id": trigger, "channel_id": channel}
        answer = self.send(urlencode(form).encode(), FORM)
        assert answer.status_code == 200 and answer.json()["response_type"] == "in_channel"
        return str(answer.json()["text"])

    def printed(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    @property
    def sessions(self) -> list[Any]:
        """The sessions started since the test began."""
        return list(self.simulator.world.sessions.values())[self.before[0] :]

    @property
    def requests(self) -> list[tuple[str, str]]:
        """What was sent to the API since the test began."""
        return self.simulator.requests[self.before[1] :]


@contextmanager
def serving(channels: str = "") -> Iterator[tuple[subprocess.Popen[str], Simulator, str]]:
    """Start the example with a simulator behind it; yield the address at which it is ready."""
    with Simulator(seed=7).serve() as server:
        given = {"DEVIN_BASE_URL": server.url, "DEVIN_API_KEY": "cog_key", "SLACK_SIGNING_SECRET": SECRET}
        process = subprocess.Popen(
            [sys.executable, "-W", "error", str(EXAMPLE), "--port", "0"],
            env=os.environ | given | {"SLACK_CHANNELS": channels},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with process:
            try:
                assert process.stderr is not None
                ready = process.stderr.readline()
                assert ready.startswith("ready at "), ready + process.stderr.read()
                yield process, server.simulator, ready.split()[-1]
            finally:
                process.terminate()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[subprocess.Popen[str], Simulator, str]]:
    with serving() as started:
        yield started


@pytest.fixture
def slack(served: tuple[subprocess.Popen[str], Simulator, str]) -> Slack:
    return Slack(*served)


def test_a_mention_starts_one_session_however_often_it_comes(slack: Slack) -> None:
    for _ in range(2):  # Slack sends again what it has no answer to within three seconds
        assert slack.event(MENTION).status_code == 200
    [session] = slack.sessions
    assert (session.prompt, session.asked["max_acu_limit"]) == ("fix a < b & c", 5)
    answers = [slack.printed(), slack.printed()]
    assert answers[0] == answers[1]
    assert (answers[0]["channel"], answers[0]["thread_ts"]) == ("C1", "17.1")
    assert session.session_id.removeprefix("devin-") in answers[0]["text"]
    in_thread = MENTION | {"event_id": "Ev2", "event": MENTION["event"] | {"thread_ts": "16.0"}}  # type: ignore[operator]
    slack.event(in_thread)
    assert slack.printed()["thread_ts"] == "16.0" and len(slack.sessions) == 2


def test_a_slash_command_is_answered_where_it_was_given(slack: Slack) -> None:
    first, again = slack.command("fix the cart"), slack.command("fix the cart")
    [session] = slack.sessions
    assert first == again and session.session_id.removeprefix("devin-") in first
    assert session.prompt == "fix the cart"
    assert "What shall I do?" in slack.command("  ", trigger="t2") and len(slack.sessions) == 1
    assert "What shall I do?" in slack.command("", trigger="t3")


def test_what_is_not_signed_or_is_old_or_tampered_with_starts_nothing(slack: Slack) -> None:
    assert slack.event(MENTION, secret="another").status_code == 401
    assert slack.event(MENTION, age=3_600).status_code == 401
    assert httpx.post(slack.url, json=MENTION, trust_env=False).status_code == 401
    assert slack.send(b"x" * 300_000).status_code == 413
    assert slack.sessions == [] and slack.requests == []


def test_what_is_signed_but_asks_for_nothing_starts_nothing(slack: Slack) -> None:
    assert slack.event({"type": "url_verification", "challenge": "abc"}).json() == {"challenge": "abc"}
    for event in ({"type": "message"}, MENTION["event"] | {"bot_id": "B1"}):  # type: ignore[operator]
        assert slack.event(MENTION | {"event": event}).status_code == 200
    for broken in (b"{", b"[]", b"null", b'{"type": 5, "event": 7}', b"{}", b"\xff"):
        assert slack.send(broken).status_code == 400, broken
    assert slack.send(b"text=x", FORM).status_code == 400
    assert slack.sessions == [] and slack.requests == []


def test_sessions_are_started_only_from_the_channels_that_are_listed() -> None:
    with serving("C7,C8") as started:
        slack = Slack(*started)
        assert "not started from this channel" in slack.command("fix it", channel="C1")
        assert slack.sessions == []
        assert "I am on it" in slack.command("fix it", channel="C8")


def test_it_does_not_start_without_a_secret() -> None:
    command = [sys.executable, str(EXAMPLE), "--simulate"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1 and "SLACK_SIGNING_SECRET" in done.stderr
