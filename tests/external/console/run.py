"""Run the tests of the console in headless Chromium.

    python tests/console/run.py [--into FOLDER]

Chromium must be there: `apt-get install chromium`. DEVIN_TOOLS_SCREENSHOTS names a folder for pictures.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WANTED = ("-e", f"{ROOT}[test,server]", "playwright==1.65.2", "axe-playwright-python==0.1.8")


def main() -> int:
    """Make the environment, or use the one that is there, and run the tests in it."""
    parser = argparse.ArgumentParser(description="Run the tests of the console in headless Chromium.")
    parser.add_argument("--into", type=Path, help="a folder for the environment, kept")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = given.into.resolve() if given.into else Path(temporary)
        python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        if not python.exists():
            venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *WANTED], check=True)
        command = [python, "-m", "pytest", "-m", "console", ROOT / "tests" / "console"]
        return subprocess.run(command, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
