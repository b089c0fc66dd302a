"""Run the tests of the packs for low-code builders, each with its own builder alone.

    python tests/builders/run_all.py [--heavy] [--into FOLDER] [BUILDER ...]

None named means all. Light groups use a builder's engine or SDK; with --heavy, a whole builder is started and
clicked through in headless Chromium. Each gets an environment under FOLDER, which later runs use again,
or under a temporary folder, which is removed. DEVIN_TOOLS_SCREENSHOTS names a folder for pictures, kept.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class PythonGroup:
    """Tests that run where a builder of the Python kind is installed beside this package."""

    file: str
    installs: tuple[str, ...]
    marker: str = "builders"

    def run(self, home: Path) -> int:
        """Make the environment, or bring the one that is there up to date, and run the tests in it."""
        scripts = home / ("Scripts" if sys.platform == "win32" else "bin")
        if not (scripts / "python").exists():
            venv.create(home, with_pip=True)
        install = [scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *self.installs], check=True, cwd=ROOT)
        again = [*install, "--no-deps", "--force-reinstall", "."]  # as a wheel: that is what builders find
        subprocess.run(again, check=True, cwd=ROOT)
        file = ROOT / "tests" / "builders" / self.file
        command = [scripts / "pytest", "-p", "no:asyncio", "-m", self.marker, file]
        return subprocess.run(command, cwd=ROOT).returncode


PLUGIN = "./tests/plugins/devin_tools_example"

LIGHT = {
    "langflow": PythonGroup("test_langflow.py", (".[test,langflow]", "lfx==1.13.0", PLUGIN)),
    "dify": PythonGroup("test_dify.py", (".[test]", "dify-plugin==0.7.4")),
}

HEAVY = {
    "langflow": PythonGroup(
        "test_langflow_app.py",
        (".[test,langflow,mcp]", "langflow==1.13.0", "playwright==1.65.2", PLUGIN),
        "builders_heavy",
    ),
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
