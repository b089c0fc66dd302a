"""Prompts with placeholders: names in braces and nothing else, so that no item can reach further."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

PART = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]{0,63})\}|[{}]")

Value = str | int | float | bool


def placeholders(template: str) -> list[str]:
    """Name the placeholders, each once; raise `ValueError` for a brace that belongs to none."""
    names: dict[str, None] = {}
    for match in PART.finditer(template):
        if match[1]:
            names[match[1]] = None
        elif match[0] in ("{", "}"):
            raise ValueError(
                f"the brace at character {match.start() + 1} belongs to no placeholder such as {{item}}: "
                "write it twice to mean the brace itself"
            )
    return list(names)


def filled(template: str, values: Mapping[str, Value]) -> str:
    """Put values into the placeholders. What stands in a value stays as it is."""

    def part(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        value = values[match[1]]
        return value if isinstance(value, str) else json.dumps(value)

    return PART.sub(part, template)
