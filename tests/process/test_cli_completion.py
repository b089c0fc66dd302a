"""Tab completes commands, tools and options, in real shells.

What the program answers a shell: tests/unit/cli/commands/test_completion.py.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.shell import PATIENCE, environment, run

BASH = """
set -u
eval "$(devin-tools completion bash)"
COMP_WORDS=(%s) COMP_CWORD=%d
_devin_tools_completion devin-tools
printf '%%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
autoload -Uz compinit && compinit -u
compadd() { print -rl -- "${(@P)@[-1]}"; }
_describe() { shift 2; print -rl -- "${(@P)1}"; }
words=(%s) CURRENT=%d
eval "$(devin-tools completion zsh)"
_devin_tools_completion
"""
CASES = [
    ("devin-tools call devin_get_sess", "devin_get_session"),
    ("devin-tools call devin_create_session --max-a", "--max-acu-limit"),
]


def completed(shell: str, script: str) -> list[str]:
    path = f"{Path(sys.executable).parent}:{environment()['PATH']}"
    done = subprocess.run(
        [shell, *(["--norc"] if shell == "bash" else ["-f"]), "-c", script],
        env=environment(PATH=path), capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(("typed", "wanted"), CASES)
def test_bash_completes(typed: str, wanted: str) -> None:
    words = typed.split()
    assert wanted in completed("bash", BASH % (" ".join(words), len(words) - 1))


@pytest.mark.skipif(shutil.which("zsh") is None, reason="needs zsh")
@pytest.mark.parametrize(("typed", "wanted"), CASES)
def test_zsh_completes(typed: str, wanted: str) -> None:
    words = typed.split()
    found = completed("zsh", ZSH % (" ".join(words), len(words)))
    assert any(word.partition(":")[0] == wanted for word in found)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_the_script_of_bash_names_the_program() -> None:
    assert "devin-tools" in run("completion", "bash").out
