"""Each example runs as its page says, as a process; twice against a server, it starts each session once."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.paths import ROOT
from support.sample_repository import sample_repository

from devin_tools import Simulator

PAGE = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")
COMMANDS = {Path(line.split()[0]).stem: line for line in re.findall(r"^    python (.*)$", PAGE, re.MULTILINE)}
ELSEWHERE = {"langgraph_chain", "pydantic_ai_chain", "slack_to_session"}
"""What runs in the groups of their frameworks (tests/adapters), and what serves (test_slack_example.py)."""
HERE = sorted(COMMANDS.keys() - ELSEWHERE)

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
LIMITS = {
    "alert_to_pull_request": [5],
    "bug_to_pull_request": [8],
    "review_pull_request": [5],
    "nightly_schedule": [],
    "fan_out_migration": [20, 20, 20],
    "handoff_from_terminal": [8],
}


def start(name: str, *more: str, folder: Path = ROOT, **variables: str) -> subprocess.Popen[str]:
    """Start an example by the command of its page, with a folder to hand over."""
    file, *arguments = shlex.split(COMMANDS[name])
    given = [each for each in arguments if "DEVIN_BASE_URL" not in variables or each != "--simulate"]
    return subprocess.Popen(
        [sys.executable, "-W", "error", str(ROOT / file), *given, *more],
        cwd=folder if name == "handoff_from_terminal" else ROOT,
        env=os.environ | variables,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def ended(process: subprocess.Popen[str], code: int = 0) -> str:
    output, _ = process.communicate(timeout=120)
    assert process.returncode == code, output
    return output


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return sample_repository(tmp_path / "shop")


def test_the_page_lists_every_example_with_its_command() -> None:
    files = {path.name for path in (ROOT / "examples").glob("*.py")}
    assert set(re.findall(r"^\| `(\w+\.py)` \|", PAGE, re.MULTILINE)) == files
    assert {f"{name}.py" for name in COMMANDS} == files and SAID.keys() == LIMITS.keys() == set(HERE)


def test_the_page_lists_what_the_action_takes_and_gives() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    rows = re.findall(r"^\| `([\w-]+)` \|", PAGE.partition("## GitHub Actions")[2], re.MULTILINE)
    assert rows == [*action["inputs"], *action["outputs"]] or set(rows) == {
        *action["inputs"],
        *action["outputs"],
    }


@pytest.mark.parametrize("name", HERE)
def test_an_example_runs_as_its_page_says(name: str, shop: Path) -> None:
    output = ended(start(name, folder=shop))
    for text in SAID[name]:
        assert text in output


def test_without_a_key_an_example_says_what_is_missing() -> None:
    file, *arguments = shlex.split(COMMANDS["bug_to_pull_request"].replace(" --simulate", ""))
    done = subprocess.run([sys.executable, file, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and "DEVIN_API_KEY" in done.stderr and "Traceback" not in done.stderr


def test_run_twice_against_a_server_each_session_is_started_once_and_has_a_limit(shop: Path) -> None:
    simulators = {name: Simulator(seed=1, speed=10) for name in HERE}
    servers = {name: simulator.serve() for name, simulator in simulators.items()}
    try:
        for server in servers.values():
            server.__enter__()
        for _ in range(2):
            running = {
                name: start(name, folder=shop, DEVIN_BASE_URL=servers[name].url, DEVIN_API_KEY="cog_key")
                for name in HERE
            }
            said = {name: ended(process) for name, process in running.items()}
    finally:
        for server in servers.values():
            server.__exit__()
    for name, simulator in simulators.items():
        records = simulator.world.sessions.values()
        assert [record.asked.get("max_acu_limit") for record in records] == LIMITS[name], name
        assert all(any(tag.startswith("devin-tools-key:") for tag in record.tags) for record in records)
    assert simulators["nightly_schedule"].count("POST", "/schedules") == 1
    assert "brought up to date" in said["nightly_schedule"]
    assert "adopted" in said["alert_to_pull_request"] and "adopted" in said["handoff_from_terminal"]


def test_a_question_is_answered_from_standard_input() -> None:
    command = [
        sys.executable,
        "examples/bug_to_pull_request.py",
        "Off",
        "#simulate:asks",
        "--repo",
        "acme/shop",
    ]
    ask = {"cwd": ROOT, "capture_output": True, "text": True}
    done = subprocess.run([*command, "--simulate"], input="Use the new one.\n", **ask)  # type: ignore[call-overload]
    assert done.returncode == 0 and done.stdout.startswith("Devin asks: "), done.stderr
    assert "Pull request: https://" in done.stdout
    alone = subprocess.run([*command, "--simulate"], input="", **ask)  # type: ignore[call-overload]
    assert alone.returncode == 1 and "waiting_for_user" in alone.stdout


def test_a_review_takes_the_pull_request_of_the_event(tmp_path: Path) -> None:
    pull = {"html_url": "https://github.com/acme/shop/pull/9", "head": {"sha": "abc"}}
    event = tmp_path / "event.json"
    command = [sys.executable, "examples/review_pull_request.py", "--simulate"]

    def reviewed(value: Any) -> subprocess.CompletedProcess[str]:
        event.write_text(json.dumps(value))
        env = os.environ | {"GITHUB_EVENT_PATH": str(event)}
        return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)

    assert reviewed({"pull_request": pull}).stdout.startswith("approve: ")
    other = reviewed({"issue": {}})
    assert other.returncode == 2 and "Which pull request?" in other.stderr


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("nightly_schedule.py acme/shop --at 25:30", "--at must be a time"),
        ("review_pull_request.py https://github.com/acme/shop/issues/7", "must be that of a pull request"),
    ],
)
def test_a_wrong_argument_is_told_in_a_sentence(command: str, reason: str) -> None:
    words = [sys.executable, *f"examples/{command} --simulate".split()]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2 and reason in done.stderr and "Traceback" not in done.stderr


def test_what_an_example_cannot_finish_is_said_and_fails() -> None:
    def failed(*command: str) -> str:
        started = [sys.executable, "-W", "error", *command, "--simulate"]
        done = subprocess.run(started, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 1 and done.stderr == ""
        return done.stdout

    output = failed("examples/fan_out_migration.py", "acme/shop", "acme/#simulate:fails")
    assert "acme/#simulate:fails: failed" in output and "acme/shop: finished" in output
    output = failed("examples/bug_to_pull_request.py", "Off", "#simulate:fails", "--repo", "acme/shop")
    assert output.startswith("failed (missing): It ended with an error")
