"""Run the tests of the MCP server with both majors of the `mcp` package.

    python tests/mcp/run_both.py [pytest's own options]

Each major gets a virtual environment of its own under build/, which later runs use again.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAJORS = {"mcp1": "mcp<2", "mcp2": "mcp>=2,<3"}


def python_of(name: str, package: str) -> Path:
    """Make the environment of one major, or use the one that is there."""
    folder = ROOT / "build" / "venvs" / name
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", "-e", f"{ROOT}[test,mcp]", package]
    subprocess.run(install, check=True)
    return python


def main() -> int:
    """Run the group once per major; give the worst exit code."""
    codes = []
    for name, package in MAJORS.items():
        python = python_of(name, package)
        print(f"== {package}", flush=True)
        command = [python, "-m", "pytest", "-m", "mcp", "tests/mcp", *sys.argv[1:]]
        codes.append(subprocess.run(command, cwd=ROOT).returncode)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
