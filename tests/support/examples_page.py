"""The page of examples: the command by which each is run."""

from __future__ import annotations

import re
from pathlib import Path

from support.paths import DOCS

__all__ = ["PAGE", "commands_of_examples"]

PAGE = DOCS / "examples.md"


def commands_of_examples() -> dict[str, str]:
    """Return the command of each example, without the interpreter, by the name of its file."""
    lines = re.findall(r"^    python (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {Path(line.split()[0]).stem: line for line in lines}
