"""Tab completes commands, tools and options, in real shells."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.shell import environment, run

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
    ("devin-tools ca", "call"),
    ("devin-tools call devin_get_sess", "devin_get_session"),
    ("devin-tools call devin_create_session --max-a", "--max-acu-limit"),
    ("devin-tools list --preset o", "operate"),
]


def completed(shell: str, script: str) -> list[str]:
    path = f"{Path(sys.executable).parent}:{environment()['PATH']}"
    done = subprocess.run(
        [shell, *(["--norc"] if shell == "bash" else ["-f"]), "-c", script],
        env=environment(PATH=path), capture_output=True, text=True, timeout=60,
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


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_script_names_the_program(shell: str) -> None:
    assert "devin-tools" in run("completion", shell).out


def test_the_help_of_call_lists_the_tools_by_resource() -> None:
    shown = run("call", "--help").out
    assert shown.index("Knowledge:") < shown.index("devin_create_knowledge_note") < shown.index("Messages:")
