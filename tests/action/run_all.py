"""Run the tests of the GitHub action that install from the registry, in an environment of their own.

python tests/action/run_all.py [--into FOLDER]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALSO = ["check-jsonschema==0.39.0", "zizmor==1.32.0"]


def run(folder: Path) -> int:
    """Make the environment, or use the one that is there; run the tests in it; give their exit code."""
    home = folder / "action"
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-e", f"{ROOT}[test]", *ALSO], check=True)
    return subprocess.run([python, "-m", "pytest", "-m", "action", "tests/action"], cwd=ROOT).returncode


def main() -> int:
    """Run them; give the exit code."""
    parser = argparse.ArgumentParser(description="Run the tests of the GitHub action.")
    parser.add_argument("--into", type=Path, help="a folder for the environment, kept")
    into = parser.parse_args().into
    with tempfile.TemporaryDirectory() as temporary:
        return run(into.resolve() if into else Path(temporary))


if __name__ == "__main__":
    sys.exit(main())
