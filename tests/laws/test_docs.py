"""The README and the documentation say what is so: their code runs, their lists are complete."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.paths import ROOT

from devin_tools import Simulator, hookspecs
from devin_tools.errors import error_kinds

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}

PYTHON = re.findall(r"```python\n(.*?)```(?:\s*```output\n(.*?)```)?", README, re.DOTALL)
PROVEN = [
    pytest.param(code, output, id=f"{name}-{number}")
    for name, text in sorted(DOCS.items())
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


def test_the_first_screen_holds_exactly_two_set_up_commands():
    first_screen = "\n".join(README.splitlines()[:24])
    assert re.findall(r"<!-- command:(\w+) -->", README) == ["run", "test"]
    assert first_screen.count("pip install") == 2


def test_every_linked_file_exists():
    for text, folder in [(README, ROOT), *((text, ROOT / "docs") for text in DOCS.values())]:
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (folder / target).exists(), target


def test_every_hook_is_documented_with_its_signature():
    hooks = [name for name in vars(hookspecs) if name.startswith("devin_tools_provide")]
    for name in hooks:
        arguments = ", ".join(inspect.signature(getattr(hookspecs, name)).parameters)
        assert f"### {name}({arguments})" in DOCS["plugins.md"]
    assert DOCS["plugins.md"].count("### devin_tools_") == len(hooks)


def test_every_scenario_is_documented():
    for name in Simulator.SCENARIOS:
        assert f"| `{name}` |" in DOCS["simulator.md"]
        assert f"`{name}`" in README


def test_every_error_kind_has_a_documented_exit_code():
    from devin_tools.cli.exit_codes import EXIT_CODES

    rows = dict(re.findall(r"^\| (\d+) \| [^|]* \| ([^|]*)\|", DOCS["cli.md"], re.MULTILINE))
    documented = {kind: int(code) for code, kinds in rows.items() for kind in re.findall(r"`(\w+)`", kinds)}
    assert documented == EXIT_CODES
    assert set(documented) == set(error_kinds())
