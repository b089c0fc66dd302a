"""Every framework's recipe does what it says: `nox -s recipe-agno`."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

import pytest
from external.recipes.requirements import RECIPES
from support.paths import TESTS

SECONDS = 300


@pytest.mark.parametrize("name", RECIPES)
def test_a_framework_reads_calls_and_is_refused_over_mcp(name: str) -> None:
    try:
        version(RECIPES[name].package)
    except PackageNotFoundError:
        pytest.skip(f"needs {RECIPES[name].package}: nox -s recipe-{name.replace('_', '-')}")
    env = {key: value for key, value in os.environ.items() if not key.startswith("DEVIN_")}
    env["PYTHONPATH"] = str(TESTS)
    script = [sys.executable, TESTS / "external" / "recipes" / f"recipe_{name}.py"]
    done = subprocess.run(script, env=env, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
