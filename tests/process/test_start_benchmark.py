"""The benchmark of starts measures what it says."""

from __future__ import annotations

import re
import subprocess
import sys

from support.paths import ROOT

SCRIPT = ROOT / "benchmarks" / "start.py"


def started(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True)


def test_rows_are_measured_by_their_names() -> None:
    done = started("package", "second-call", "--rounds", "1")
    assert done.returncode == 0, done.stderr
    _, *lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["package", "second-call"]
    assert all(re.fullmatch(r"[a-z-]+( +[0-9]+\.[0-9]{2}){3}", line) for line in lines)


def test_a_row_that_there_is_not_is_refused() -> None:
    done = started("package", "sooner")
    assert done.returncode == 1 and "no such row: sooner" in done.stderr and "second-call" in done.stderr
