"""Run the tests of the framework adapters, each with its own framework alone.

    python tests/adapters/run_all.py [--into FOLDER] [FRAMEWORK ...]

A framework is named as its extra is; none named means all. Each gets a virtual environment under FOLDER,
which later runs use again, or under a temporary folder, which is removed. CrewAI takes about a gigabyte.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FRAMEWORKS = {
    "langchain": "test_langchain.py",
    "pydantic-ai": "test_pydantic_ai.py",
    "openai-agents": "test_openai_agents.py",
    "llama-index": "test_llama_index.py",
    "crewai": "test_crewai.py",
}
ALSO = {"langchain": ["langgraph"]}
"""What a group uses besides the extra."""


def python_of(framework: str, folder: Path) -> Path:
    """Make the environment of one framework, or use the one that is there."""
    home = folder / framework
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
    wanted = ["-e", f"{ROOT}[test,{framework}]", *ALSO.get(framework, [])]
    install = [python, "-m", "pip", "install", "--quiet", *wanted]
    subprocess.run(install, check=True)
    return python


def run(framework: str, folder: Path) -> int:
    """Run one group, in an environment of its own; give its exit code."""
    print(f"== {framework}", flush=True)
    file = ROOT / "tests" / "adapters" / FRAMEWORKS[framework]
    command = [python_of(framework, folder), "-m", "pytest", "-m", "adapters", file]
    return subprocess.run(command, cwd=ROOT).returncode


def main() -> int:
    """Run the groups asked for; give the worst exit code."""
    parser = argparse.ArgumentParser(description="Run the tests of the framework adapters.")
    parser.add_argument("framework", nargs="*", help=f"of {', '.join(FRAMEWORKS)}; none: all")
    parser.add_argument("--into", type=Path, help="a folder for the environments, kept")
    given = parser.parse_args()
    if unknown := set(given.framework) - FRAMEWORKS.keys():
        parser.error(f"no such framework: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.into.resolve() if given.into else Path(temporary)
        return max(run(framework, folder) for framework in given.framework or FRAMEWORKS)


if __name__ == "__main__":
    sys.exit(main())
