"""Tab completes commands, tools and options: what the program answers a shell that asks.

The scripts that ask, in real shells: tests/process/test_cli_completion.py.
"""

from __future__ import annotations

import pytest
from support.shell import run

CASES = [
    ("devin-tools ca", "call"),
    ("devin-tools call devin_get_sess", "devin_get_session"),
    ("devin-tools call devin_create_session --max-a", "--max-acu-limit"),
    ("devin-tools list --preset o", "operate"),
    ("devin-tools fi", "find"),
    ("devin-tools find stop a session --lim", "--limit"),
    ("devin-tools find sessions --preset o", "operate"),
]


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize(("typed", "wanted"), CASES)
def test_what_is_typed_is_completed(
    monkeypatch: pytest.MonkeyPatch, shell: str, typed: str, wanted: str
) -> None:
    monkeypatch.setenv("_DEVIN_TOOLS_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    ran = run()
    assert ran.code == 0, ran.err
    assert wanted in ran.out.replace(",", "\n").splitlines()


@pytest.mark.parametrize("shell", ["zsh", "fish"])  # for bash, click starts one: tests/process
def test_each_script_names_the_program(shell: str) -> None:
    assert "devin-tools" in run("completion", shell).out


def test_the_help_of_call_lists_the_tools_by_resource() -> None:
    shown = run("call", "--help").out
    assert shown.index("Knowledge:") < shown.index("devin_create_knowledge_note") < shown.index("Messages:")
