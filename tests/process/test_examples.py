"""Each example runs as its page says, as a process; run twice over the network, it starts each session once.

What a process adds nothing to runs here, as Python runs a file.
"""

from __future__ import annotations

import io
import json
import runpy
import shlex
import subprocess
import sys
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from support.examples_page import commands_of_examples
from support.paths import ROOT
from support.sample_repository import sample_repository
from support.shell import PATIENCE, Ran, in_place_of_the_network

from devin_tools import Simulator

COMMANDS = commands_of_examples()
ELSEWHERE = {"langgraph_chain", "pydantic_ai_chain", "slack_to_session"}
"""What runs in the groups of their frameworks (tests/adapters), and what serves (test_slack_example.py)."""
SAID = {
    "alert_to_pull_request": [
        "CheckoutErrors: finished https://",
        "DiskHalfFull: nothing, because the rule rest",
    ],
    "bug_to_pull_request": ["Root cause: ", "Pull request: https://github.com/acme/shop/pull/101"],
    "review_pull_request": ["approve: ", "- critical "],
    "nightly_schedule": ["created. Next runs:", "T02:30:00Z"],
    "fan_out_migration": [
        "acme/shop: finished https://",
        "acme/search: finished https://",
        "{'finished': 3}",
    ],
    "handoff_from_terminal": ["Session created: https://", "cart.py, notes.txt", "finished https://"],
}
SAID_AGAIN = {
    "alert_to_pull_request": ["adopted"],
    "nightly_schedule": ["brought up to date"],
    "handoff_from_terminal": ["adopted"],
}
LIMITS = {
    "alert_to_pull_request": [5],
    "bug_to_pull_request": [8],
    "review_pull_request": [5],
    "nightly_schedule": [],
    "fan_out_migration": [20, 20, 20],
    "handoff_from_terminal": [8],
}
HERE = sorted(LIMITS)


def here(command: str, stdin: str = "", **variables: str) -> Ran:
    """Run an example in this process: a file and its arguments."""
    file, *arguments = shlex.split(command)
    code: object = 0
    with pytest.MonkeyPatch.context() as patch, ExitStack() as streams:
        patch.chdir(ROOT)
        for name, value in variables.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", [file, *arguments])
        patch.setattr(sys, "stdin", io.StringIO(stdin))
        out = streams.enter_context(redirect_stdout(io.StringIO()))
        err = streams.enter_context(redirect_stderr(io.StringIO()))
        try:
            runpy.run_path(file, run_name="__main__")
        except SystemExit as end:
            code = end.code
        if isinstance(code, str):  # as Python does at its end
            print(code, file=err)
            code = 1
    assert code is None or isinstance(code, int)
    return Ran(code or 0, out.getvalue(), err.getvalue())


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return sample_repository(tmp_path / "shop")


def test_every_example_is_held_to_what_it_says_and_may_spend() -> None:
    assert SAID.keys() == LIMITS.keys() == COMMANDS.keys() - ELSEWHERE


@pytest.mark.parametrize("name", HERE)
def test_an_example_runs_as_its_page_says(name: str, shop: Path) -> None:
    file, *arguments = shlex.split(COMMANDS[name])
    done = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / file), *arguments],
        cwd=shop if name == "handoff_from_terminal" else ROOT,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout
    for text in SAID[name]:
        assert text in done.stdout


def test_without_a_key_an_example_says_what_is_missing() -> None:
    done = here(COMMANDS["bug_to_pull_request"].replace(" --simulate", ""))
    assert done.code == 1 and "DEVIN_API_KEY" in done.err and done.out == ""


@pytest.mark.parametrize("name", HERE)
def test_run_twice_over_the_network_each_session_is_started_once_and_has_a_limit(
    name: str, shop: Path
) -> None:
    command = COMMANDS[name].replace(" --simulate", "")
    if name == "handoff_from_terminal":
        command += f" --folder {shlex.quote(str(shop))}"
    with in_place_of_the_network(Simulator(seed=1)) as simulator:
        runs = [here(command, DEVIN_API_KEY="cog_key") for _ in range(2)]
    assert [run.code for run in runs] == [0, 0], runs
    records = simulator.world.sessions.values()
    assert [record.asked.get("max_acu_limit") for record in records] == LIMITS[name]
    assert all(any(tag.startswith("devin-tools-key:") for tag in record.tags) for record in records)
    for text in SAID_AGAIN.get(name, ()):
        assert text in runs[1].out
    assert simulator.count("POST", "/schedules") == (name == "nightly_schedule")


def test_a_question_is_answered_from_standard_input() -> None:
    command = "examples/bug_to_pull_request.py Off '#simulate:asks' --repo acme/shop --simulate"
    done = here(command, "Use the new one.\n")
    assert done.code == 0 and done.out.startswith("Devin asks: "), done.err
    assert "Pull request: https://" in done.out
    alone = here(command)
    assert alone.code == 1 and "waiting_for_user" in alone.out


def test_a_review_takes_the_pull_request_of_the_event(tmp_path: Path) -> None:
    pull = {"html_url": "https://github.com/acme/shop/pull/9", "head": {"sha": "abc"}}
    event = tmp_path / "event.json"

    def reviewed(value: Any) -> Ran:
        event.write_text(json.dumps(value))
        return here("examples/review_pull_request.py --simulate", GITHUB_EVENT_PATH=str(event))

    assert reviewed({"pull_request": pull}).out.startswith("approve: ")
    other = reviewed({"issue": {}})
    assert other.code == 2 and "Which pull request?" in other.err


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("nightly_schedule.py acme/shop --at 25:30", "--at must be a time"),
        ("review_pull_request.py https://github.com/acme/shop/issues/7", "must be that of a pull request"),
    ],
)
def test_a_wrong_argument_is_told_in_a_sentence(command: str, reason: str) -> None:
    done = here(f"examples/{command} --simulate")
    assert done.code == 2 and reason in done.err


def test_what_an_example_cannot_finish_is_said_and_fails() -> None:
    def failed(command: str) -> str:
        done = here(f"examples/{command} --simulate")
        assert (done.code, done.err) == (1, "")
        return done.out

    output = failed("fan_out_migration.py acme/shop 'acme/#simulate:fails'")
    assert "acme/#simulate:fails: failed" in output and "acme/shop: finished" in output
    output = failed("bug_to_pull_request.py Off '#simulate:fails' --repo acme/shop")
    assert output.startswith("failed (missing): It ended with an error")
