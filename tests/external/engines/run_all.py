"""Run the tests of the engines, each in an environment with the real engine.

    python tests/engines/run_all.py [--slow] [--into FOLDER] [ENGINE ...]

None named means all. What a group needs is installed under FOLDER, which later runs use again, or under a
temporary folder, which is removed. `--slow` runs the crash tests of whole deployments, which take minutes.
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
PROVIDER = ROOT / "airflow-provider"


@dataclass(frozen=True)
class Group:
    """What is installed for a group, beside this package, and what is run."""

    packages: tuple[str, ...]
    command: tuple[str, ...]
    slow: tuple[str, ...] = ()
    """What `--slow` runs instead; nothing: it leaves the group out."""


TESTS = ("-m", "pytest", "-m", "engines")

GROUPS = {
    "airflow": Group(
        (f"{ROOT}", f"{PROVIDER}", "apache-airflow==3.3.2", "pytest>=8"),
        ("-m", "pytest", "-c", str(PROVIDER / "pyproject.toml"), str(PROVIDER / "tests")),
        (str(PROVIDER / "tests" / "crash.py"),),
    ),
    "dbos": Group((f"{ROOT}[test]", "dbos==3.4.0"), (*TESTS, "tests/engines/test_dbos.py")),
    "postgres": Group(
        (f"{ROOT}[test]", "psycopg[binary]==3.3.9"), (*TESTS, "tests/engines/test_plain_process.py")
    ),
    "temporal": Group(
        (f"{ROOT}[test,temporal,temporal-test]",),
        ("-m", "pytest", "-m", "temporal", "-rs", "tests/engines/temporal"),
    ),
}


def python_of(home: Path) -> Path:
    """Say where an environment has its Python."""
    return home / ("Scripts" if sys.platform == "win32" else "bin") / "python"


def run(name: str, home: Path, *, slow: bool) -> int:
    """Install what a group needs and run it; give its exit code."""
    print(f"== {name}{', the crash test' if slow else ''}", flush=True)
    group, python = GROUPS[name], python_of(home)
    if not python.exists():
        venv.create(home, with_pip=True)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    own = [package for package in group.packages if package.startswith(str(ROOT))]
    subprocess.run([*install, *group.packages], check=True)
    subprocess.run([*install, "--force-reinstall", "--no-deps", *own], check=True)  # as they are now
    return subprocess.run([python, *(group.slow if slow else group.command)], cwd=ROOT).returncode


def main() -> int:
    """Run the groups asked for; give the worst exit code."""
    parser = argparse.ArgumentParser(description="Run the tests of the engines.")
    parser.add_argument("engine", nargs="*", help="none: all")
    parser.add_argument("--slow", action="store_true", help="kill and restart whole deployments")
    parser.add_argument("--into", type=Path, help="a folder for what is installed, kept")
    given = parser.parse_args()
    known = [name for name, group in GROUPS.items() if group.slow or not given.slow]
    if unknown := set(given.engine) - set(known):
        parser.error(f"no such group: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.into.resolve() if given.into else Path(temporary)
        return max(run(name, folder / name, slow=given.slow) for name in given.engine or known)


if __name__ == "__main__":
    sys.exit(main())
