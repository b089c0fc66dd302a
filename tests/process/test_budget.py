"""A test of the default tier that costs more than its tier allows fails, and is told where it belongs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.laws import for_every
from support.paths import TESTS

BODIES = {
    "test_starts": ("import subprocess; subprocess.run(['true'])", "started a process"),
    "test_forks": ("import os; os.waitpid(os.fork() or os._exit(0), 0)", "started a process"),
    "test_listens": ("import socket; socket.socket().bind(('127.0.0.1', 0))", "opened a port"),
    "test_sleeps": ("import time; time.sleep(0.01)", "slept 0.01 s"),
    "test_sleeps_in_a_loop": ("import asyncio; asyncio.run(asyncio.sleep(0.01))", "slept 0.01 s in asyncio"),
    "test_works": ("sum(range(20_000_000))", "s of its own CPU; it may take 0.05"),
    "test_starts_before": ("pass", "started a process"),
    "test_is_cheap": ("import asyncio, time; time.sleep(0); asyncio.run(asyncio.sleep(0))", ""),
}
HEAD = """
import pytest, subprocess
from support import budget

budget.SECONDS = 0.05  # no test of minutes for a test of the limit

@pytest.fixture
def started():
    subprocess.run(["true"])

"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what is told of each test, in a tier of the default run and outside of it."""
    home = tmp_path_factory.mktemp("project")
    tests = []
    for name, (body, _) in BODIES.items():
        fixture = "started" if name == "test_starts_before" else ""
        tests.append(f"def {name}({fixture}):\n    {body}\n")
    (home / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    for tier in ("unit", "process"):
        (home / "tests" / tier).mkdir(parents=True)
        (home / "tests" / tier / f"test_{tier}.py").write_text(HEAD + "\n\n".join(tests))
    return run(home)


def run(home: Path) -> dict[str, str]:
    command = [sys.executable, "-m", "pytest", "-p", "support.budget", "-p", "no:cacheprovider", "-q", "-rfE"]
    done = subprocess.run(
        [*command, "--color=no", "tests"], cwd=home, env={"PYTHONPATH": str(TESTS), "COLUMNS": "400"},
        capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert "passed" in done.stdout, done.stdout + done.stderr
    lines = [
        line.partition(" - ") for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))
    ]
    return {name.split("/")[-1]: reason for name, _, reason in lines}


@for_every("name", lambda: BODIES)
def test_what_costs_too_much_in_the_default_tier_fails_and_says_so(name: str, told: dict[str, str]) -> None:
    expected = BODIES[name][1]
    reason = told.get(f"test_unit.py::{name}", "")
    assert expected in reason and bool(reason) == bool(expected)
    assert not expected or "tests/process/" in reason


def test_the_same_is_nobodys_concern_elsewhere(told: dict[str, str]) -> None:
    assert not [name for name in told if name.startswith("test_process.py")]
