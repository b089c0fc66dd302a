"""`llm-devin`, a plugin of the `llm` command, starts and follows sessions of the simulator.

Its host is written into it, so it is led here by a proxy that ends TLS. It asks every five seconds; the
simulator's time goes faster.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from support.served_processes import HANG_SECONDS, environment

pytest.importorskip("llm_devin", reason="needs llm-devin: pip install llm-devin==0.0.7")

from external.clients.intercepting import intercepting

from devin_tools import Client, CreateSession, Simulator

Llm: TypeAlias = Callable[..., str]


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(seed=1, speed=30)


@pytest.fixture
def llm(simulator: Simulator, tmp_path: Path) -> Iterator[Llm]:
    """Run the command and return what it wrote."""
    with simulator.serve() as server, intercepting("api.devin.ai", server.url, tmp_path) as variables:
        env = environment(
            **variables,
            LLM_USER_PATH=str(tmp_path),
            LLM_DEVIN_KEY="cog_any",
            LLM_DEVIN_ORG_ID=simulator.world.org_id,
            NO_PROXY="",
            PYTHONWARNINGS="",
        )

        def run(*words: str, fails: bool = False) -> str:
            done = subprocess.run(
                [sys.executable, "-m", "llm", *words],
                env=env, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=HANG_SECONDS,
            )  # fmt: skip
            assert bool(done.returncode) is fails, done.stdout + done.stderr
            return done.stderr if fails else done.stdout

        yield run


def only_session(simulator: Simulator) -> Any:
    (session,) = simulator.world.sessions.values()
    return session


def test_a_new_session_is_started_and_followed_to_its_end_and_goes_on(llm: Llm, simulator: Simulator) -> None:
    options = {"title": "T", "tags": "a, b", "repos": "acme/shop", "max_acu_limit": "5", "devin_mode": "fast"}
    words = [word for name, value in options.items() for word in ("-o", name, value)]
    url, *said = llm("-m", "devin", "Fix the login.", *words).splitlines()
    session = only_session(simulator)
    assert url == f"Devin URL: https://app.devin.ai/sessions/{session.session_id}"
    assert "Done: the pull request is open and its tests pass." in said
    asked = {name: session.asked[name] for name in ("title", "tags", "repos", "max_acu_limit", "devin_mode")}
    assert asked == {
        "title": "T", "tags": ["a", "b"], "repos": ["acme/shop"], "max_acu_limit": 5, "devin_mode": "fast"
    }  # fmt: skip

    assert llm("-c", "Go on.").count("Done: the pull request is open and its tests pass.") == 1
    assert only_session(simulator) is session


@pytest.mark.parametrize(
    ("scenario", "said"), [("asks", "Which database should the tests use"), ("fails", ""), ("runs_out", "")]
)
def test_a_session_that_stops_is_left(llm: Llm, scenario: str, said: str) -> None:
    url, *rest = llm("-m", "devin", f"Look. #simulate:{scenario}").splitlines()
    assert url.startswith("Devin URL: ") and said in "\n".join(rest)


@pytest.fixture
def done(simulator: Simulator) -> str:
    """Return the id of a session that was started elsewhere and is done."""
    with Client(**simulator.connection()) as client:
        session_id = client.run(CreateSession(prompt="Fix the login.")).session_id
    simulator.clock.step(120)
    return str(session_id).removeprefix("devin-")


@pytest.mark.parametrize("form", ["{}", "devin-{}", "https://app.devin.ai/sessions/{}"])
def test_a_session_is_read_by_its_id(llm: Llm, done: str, form: str) -> None:
    status = json.loads(llm("devin", "status", form.format(done), "--json"))
    assert (status["session"]["session_id"], status["session"]["status_detail"]) == (done, "finished")
    assert status["latest_devin_message"]["message"].startswith("Done: ")


def test_messages_are_read_and_the_session_goes_on(llm: Llm, done: str) -> None:
    assert "Status: running (finished)" in llm("devin", "status", done)
    said = json.loads(llm("devin", "messages", done, "--json", "-n", "1", "--source", "devin"))
    assert [message["message"][:5] for message in said["messages"]] == ["Done:"]
    assert "Done: " in llm("-m", "devin", "And more.", "-o", "session", done)


def test_a_session_that_is_not_there_is_said_to_be_missing(llm: Llm) -> None:
    assert "HTTP 404 (Session not found)" in llm("devin", "status", "0" * 32, fails=True)
