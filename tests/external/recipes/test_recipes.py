"""Every framework's recipe does what it says."""

from __future__ import annotations

import pytest
from external.recipes.running_recipes import RECIPES, VENVS, run


@pytest.mark.parametrize("name", RECIPES)
def test_a_framework_reads_calls_and_is_refused_over_mcp(name: str) -> None:
    if not (VENVS / f"recipe-{name}").exists():
        pytest.skip(f"needs python tests/recipes/run_all.py --only {name}, which installs the framework")
    is_ok, line = run(name)
    assert is_ok, line
