"""Run the tests of the builders' packs, each in the real builder or its real engine.

    python tests/builders/run_all.py [--heavy] [--into FOLDER] [BUILDER ...]

None named means all. What a group needs is installed under FOLDER, which later runs use again, or under a
temporary folder, which is removed. `--heavy` starts whole builders and drives them in headless Chromium.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

NPM: dict[str, Mapping[str, str]] = {
    "node-red": {"node-red": "4.1.15"},
    "n8n": {"n8n-core": "2.8.1", "n8n-workflow": "2.8.0"},
}
"""Packages of npm, by the group that wants them."""

PIP: dict[str, tuple[str, ...]] = {}
"""Packages of PyPI, by the group that wants an environment of its own for them."""

HEAVY_NPM: dict[str, Mapping[str, str]] = {"node-red": NPM["node-red"], "n8n": {"n8n": "2.8.4"}}

OVERRIDES = {"xlsx": "0.18.5"}
"""Packages that others want from outside the registry."""

BUILT = {"n8n": "sqlite3"}
"""What must be compiled, by the group that wants it: some minutes, and a C++ compiler."""

BROWSER = ("-e", "{root}[test,server,mcp]", "playwright>=1.50,<2")
"""What drives Chromium, which the machine must have: `apt-get install chromium`."""


def install_npm(packages: Mapping[str, str], home: Path, built: str | None) -> None:
    """Install packages at their versions, without running their scripts but those of `built`."""
    home.mkdir(parents=True, exist_ok=True)
    wanted = {"private": True, "dependencies": dict(packages), "overrides": OVERRIDES}
    (home / "package.json").write_text(json.dumps(wanted), encoding="utf-8")
    quiet = ["--no-audit", "--no-fund", "--silent"]
    subprocess.run(["npm", "install", "--ignore-scripts", *quiet], cwd=home, check=True)
    if built is not None:
        subprocess.run(["npm", "rebuild", built, "--silent"], cwd=home, check=True)


def install_pip(packages: tuple[str, ...], home: Path) -> Path:
    """Make an environment, or use the one that is there; give its Python."""
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
    wanted = [package.format(root=ROOT) for package in packages]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
    return python


def run(group: str, home: Path, *, heavy: bool) -> int:
    """Run one group; give its exit code."""
    print(f"== {group}{', in the browser' if heavy else ''}", flush=True)
    python: Path | str = sys.executable
    if packages := (HEAVY_NPM if heavy else NPM).get(group):
        install_npm(packages, home, BUILT.get(group) if heavy else None)
    if wanted := BROWSER if heavy else PIP.get(group):
        python = install_pip(wanted, home / "python")
    name = group.replace("-", "_")
    file = ROOT / "tests" / "builders" / f"test_{name}{'_editor' if heavy else ''}.py"
    marker = "builders_heavy" if heavy else "builders"
    environment = os.environ | {"DEVIN_TOOLS_BUILDER": str(home)}
    return subprocess.run([python, "-m", "pytest", "-m", marker, file], cwd=ROOT, env=environment).returncode


def main(groups: Callable[[bool], list[str]]) -> int:
    """Run the groups asked for; give the worst exit code."""
    parser = argparse.ArgumentParser(description="Run the tests of the builders' packs.")
    parser.add_argument("builder", nargs="*", help="none: all")
    parser.add_argument("--heavy", action="store_true", help="start whole builders, in headless Chromium")
    parser.add_argument("--into", type=Path, help="a folder for what is installed, kept")
    given = parser.parse_args()
    known = groups(given.heavy)
    if unknown := set(given.builder) - set(known):
        parser.error(f"no such group: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.into.resolve() if given.into else Path(temporary)
        return max(run(group, folder / group, heavy=given.heavy) for group in given.builder or known)


def groups(heavy: bool) -> list[str]:
    """List the groups there are."""
    return sorted(HEAVY_NPM if heavy else NPM | PIP)


if __name__ == "__main__":
    sys.exit(main(groups))
