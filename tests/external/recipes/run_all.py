"""Run the recipes, each against the MCP server in a virtual environment with its framework.

    python tests/recipes/run_all.py [--only NAME ...] [--venvs FOLDER]

One line per framework says how it went. The environments are made under
build/venvs, and later runs use them again.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from external.recipes.running_recipes import RECIPES, VENVS, run


def main() -> int:
    """Run the recipes that are asked for; give 1 when one failed."""
    parser = argparse.ArgumentParser(description="Run the recipes over MCP.")
    parser.add_argument("--only", nargs="+", choices=RECIPES, default=list(RECIPES), metavar="NAME")
    parser.add_argument("--venvs", type=Path, default=VENVS, metavar="FOLDER")
    options = parser.parse_args()
    outcomes = []
    for name in options.only:
        is_ok, line = run(name, options.venvs.resolve())
        print(line, flush=True)
        outcomes.append(is_ok)
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
