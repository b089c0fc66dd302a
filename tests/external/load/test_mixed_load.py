"""Clients and alerts under faults, for half a minute of the ten that the benchmark takes: `nox -s load`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "mixed_load.py"
SECONDS = "30"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_nothing_is_lost_or_doubled_and_memory_stays_flat() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT), SECONDS], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
