"""The page of examples lists each of them with its command, and what the GitHub action takes and gives."""

from __future__ import annotations

import re

from support.action_runner import action
from support.examples_page import PAGE, commands_of_examples
from support.paths import ROOT


def listed(pattern: str, text: str) -> list[str]:
    return re.findall(rf"^\| `({pattern})` \|", text, re.MULTILINE)


def test_the_page_lists_every_example_with_its_command() -> None:
    files = {path.name for path in (ROOT / "examples").glob("*.py")}
    assert set(listed(r"\w+\.py", PAGE.read_text(encoding="utf-8"))) == files
    assert {f"{name}.py" for name in commands_of_examples()} == files


def test_the_page_lists_what_the_action_takes_and_gives() -> None:
    _, _, text = PAGE.read_text(encoding="utf-8").partition("## GitHub Actions")
    assert set(listed(r"[\w-]+", text)) == {*action()["inputs"], *action()["outputs"]}
