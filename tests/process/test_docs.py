"""The code of the README and of the documentation runs, and prints what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.paths import DOCS, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("*.md")}

PYTHON = re.findall(r"```python\n(.*?)```(?:\s*```output\n(.*?)```)?", README, re.DOTALL)
PROVEN = [
    pytest.param(code, output, id=f"{name}-{number}")
    for name, text in sorted(PAGES.items())
    if name != "frameworks.md"  # its examples run where their frameworks are: tests/adapters
    for number, (code, output) in enumerate(
        re.findall(r"```python\n(.*?)```\s*```output\n(.*?)```", text, re.DOTALL)
    )
]
"""The examples of the documentation that say what they print."""

CONSOLE = re.findall(
    r"^\$ (.*?)\n(.*?)(?=^\$ |\Z)",
    "".join(re.findall(r"```console\n(.*?)```", README, re.DOTALL)),
    re.DOTALL | re.MULTILINE,
)


def run(command: list[str] | str) -> str:
    tools = str(Path(sys.executable).parent)
    env = {k: v for k, v in os.environ.items() if not k.startswith("DEVIN_")}
    env |= {"PATH": f"{tools}{os.pathsep}{env['PATH']}", "NO_COLOR": "1"}
    done = subprocess.run(
        command,
        shell=isinstance(command, str),
        cwd=ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize(("code", "output"), [*PYTHON, *PROVEN])
def test_python_in_the_readme_runs_and_prints_what_it_says(code, output, tmp_path):
    script = tmp_path / "example.py"
    script.write_text(code, encoding="utf-8")
    assert run([sys.executable, str(script)]) == output


@pytest.mark.parametrize(("command", "output"), CONSOLE)
def test_a_command_in_the_readme_prints_what_it_says(command, output):
    assert run(command) == output


def test_the_readme_was_read():
    assert len(PYTHON) >= 3
    assert len(CONSOLE) >= 2
    assert len(PROVEN) >= 3  # composed.md, files.md, ...
