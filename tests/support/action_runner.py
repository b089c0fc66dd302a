"""A runner of GitHub Actions, small and strict: it plays the steps of a composite action.

In bash, as GitHub does; or here, where what bash and new processes do is not what is tested.
"""

from __future__ import annotations

import io
import json
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.paths import ROOT
from support.shell import run

KEY = "cog_CANARY-key"
SCRIPT = re.compile(r'"\$PYTHON" -I "\$GITHUB_ACTION_PATH/(action/\w+\.py)"')
"""What every script of the action is: one quoted command."""

__all__ = ["KEY", "ROOT", "SCRIPT", "Played", "Runner", "action", "evaluated", "expression"]


@cache
def action() -> dict[str, Any]:
    """Return what `action.yml` says."""
    return dict(yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8")))


class Values(dict[str, Any]):
    """A context: what it does not have is empty, as in expressions."""

    def __missing__(self, name: str) -> Any:
        return Values()


def _value(given: Any) -> Any:
    return Values({name: _value(item) for name, item in given.items()}) if isinstance(given, dict) else given


def evaluated(text: Any, contexts: Mapping[str, Any]) -> str:
    """Put values in the place of the expressions of a text."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: _plain(expression(found[1], contexts)), str(text))


def _plain(value: Any) -> str:
    return "" if value == {} else str(value).lower() if isinstance(value, bool) else str(value)


def expression(text: str, contexts: Mapping[str, Any]) -> Any:
    """Evaluate an expression: contexts, texts, `toJSON`, `fromJSON`, `format`, comparing and joining."""
    parts = re.split(r"('[^']*')", text)
    for at, part in enumerate(parts):
        if not part.startswith("'"):
            part = re.sub(r"\.([A-Za-z_][\w-]*)", r"['\1']", part)
            parts[at] = re.sub(r"!(?!=)", " not ", part.replace("&&", " and ").replace("||", " or "))
    functions = {
        "toJSON": lambda value: json.dumps(value, indent=2),
        "fromJSON": lambda value: _value(json.loads(value)),
        "format": lambda form, *values: form.format(*values),
    }
    known = functions | {name: _value(value) for name, value in contexts.items()}
    return eval("".join(parts).strip(), {"__builtins__": {}}, known)


@dataclass
class Played:
    """What came of an action."""

    code: int = 0
    log: str = ""
    """What a person sees: commands taken out, masked texts hidden."""
    raw: str = ""
    commands: list[tuple[str, str]] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""

    def told(self, command: str) -> str:
        """Return the texts of a command."""
        return "\n".join(text for name, text in self.commands if name == command)


class Runner:
    """Plays the action of this repository in a workspace."""

    def __init__(self, temporary: Path, workspace: Path, *, in_bash: bool = True):
        self.temporary, self.workspace, self.in_bash = temporary, workspace, in_bash

    def play(self, **inputs: str) -> Played:
        """Run the steps in order, until one fails; names of inputs have `_` for `-`."""
        given = {name: each.get("default", "") for name, each in action()["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        assert given.keys() == action()["inputs"].keys()
        contexts: dict[str, Any] = {"inputs": given, "steps": {}}
        played = Played()
        for step in action()["runs"]["steps"]:
            outputs = self._step(step, contexts, played)
            contexts["steps"][step.get("id", "")] = {"outputs": outputs}
            if played.code:
                break
        named = action()["outputs"].items()
        played.outputs = {name: evaluated(each["value"], contexts) for name, each in named}
        return played

    def _step(self, step: dict[str, Any], contexts: dict[str, Any], played: Played) -> dict[str, str]:
        if "uses" in step:
            assert step["uses"].startswith("actions/setup-python@")
            return {"python-path": sys.executable}
        assert step["shell"] == "bash"
        script, outputs, summary = (self.temporary / name for name in ("step.sh", "outputs", "summary"))
        script.write_text(evaluated(step["run"], contexts), encoding="utf-8")
        outputs.write_text("")
        summary.write_text("")
        variables = {
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            "RUNNER_TEMP": str(self.temporary),
        } | {name: evaluated(value, contexts) for name, value in step.get("env", {}).items()}
        code, said = self._bash(script, variables) if self.in_bash else self._here(script, variables)
        played.code = code
        played.raw += said
        played.summary += summary.read_text(encoding="utf-8")
        _read_log(said, played)
        return _outputs(outputs.read_text(encoding="utf-8"))

    def _bash(self, script: Path, variables: dict[str, str]) -> tuple[int, str]:
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.workspace,
            env=os.environ | variables,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        return done.returncode, done.stdout

    def _here(self, script: Path, variables: dict[str, str]) -> tuple[int, str]:
        """Run the Python file of a script in this process, and the command line that it calls."""
        found = SCRIPT.fullmatch(script.read_text(encoding="utf-8"))
        assert found, "no quoted command"
        said, code = io.StringIO(), None
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.workspace)
            patch.setattr(subprocess, "run", _called_here)
            for name, value in variables.items():
                patch.setenv(name, value)
            with redirect_stdout(said), redirect_stderr(said):
                try:
                    runpy.run_path(str(ROOT / found[1]), run_name="__main__")
                except SystemExit as end:
                    code = end.code
        if isinstance(code, str):  # as Python does at its end
            return 1, f"{said.getvalue()}{code}\n"
        return int(code or 0), said.getvalue()


def _called_here(
    command: list[str], *, input: str, env: dict[str, str], **how: Any
) -> subprocess.CompletedProcess[str]:
    """Run the command line that a script calls as a process, with nothing but its variables."""
    python, *options, _ = command[: command.index("devin_tools") + 1]
    assert Path(python).is_file() and options == ["-I", "-X", "utf8", "-m"], command
    assert how == {"capture_output": True, "encoding": "utf-8"}
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - env.keys():
            patch.delenv(name)
        ran = run(*command[len(options) + 2 :], stdin=input)
    return subprocess.CompletedProcess(command, ran.code, ran.out, ran.err)


def _read_log(text: str, played: Played) -> None:
    for line in text.splitlines():
        found = re.match(r"\s*::([\w-]+)[^:]*::(.*)", line)
        assert found or "##[" not in line, "the runner takes this for a command, wherever it stands"
        if found:
            said = found[2].replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
            played.commands.append((found[1], said))
        if not found or found[1] in ("error", "warning", "notice"):
            for hidden in played.told("add-mask").splitlines():
                line = line.replace(hidden, "***")
            played.log += line + "\n"


def _outputs(text: str) -> dict[str, str]:
    """Read the file of a step's outputs, with values that stand between lines of their own."""
    found, lines = {}, iter(text.splitlines())
    for line in lines:
        name, _, end = line.partition("<<")
        assert end, f"no output: {line}"
        value: list[str] = []
        while (each := next(lines)) != end:
            value.append(each)
        found[name] = "\n".join(value)
    return found
