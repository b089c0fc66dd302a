"""Over MCP, an answer of each tool names all text in it that others wrote, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from support.laws import for_every
from support.tools import tools

from devin_tools import Spec
from devin_tools.mcp.results import marked

THEIRS, OURS = "theirs", "ours"
DEEPEST = 8
"""Some outputs hold parts of their own kind."""


def full(
    schema: Mapping[str, Any], root: Mapping[str, Any], turn: int, depth: int = 0, is_theirs: bool = False
) -> Any:
    """Return a value with every part that a schema has; of a union the form whose turn it is."""
    is_theirs = is_theirs or bool(schema.get("x-untrusted"))
    if depth > DEEPEST:
        return None
    if "$ref" in schema:
        part = root
        for name in schema["$ref"].removeprefix("#/").split("/"):
            part = part[name]
        return full(part, root, turn, depth, is_theirs)
    for keyword in ("anyOf", "oneOf"):
        if forms := [form for form in schema.get(keyword, ()) if form.get("type") != "null"]:
            return full(forms[turn % len(forms)], root, turn, depth, is_theirs)
    kind = schema.get("type")
    if kind == "array":
        return [full(schema.get("items", {}), root, turn, depth + 1, is_theirs)]
    if kind == "object":
        known = schema.get("properties", {})
        made = {name: full(part, root, turn, depth + 1, is_theirs) for name, part in known.items()}
        others = schema.get("additionalProperties")
        if not known and isinstance(others, Mapping):
            made["some name"] = full(others, root, turn, depth + 1, is_theirs)
        elif not known:
            made["some name"] = THEIRS if is_theirs else OURS
        return made
    return THEIRS if is_theirs else OURS


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text with its path; a name of an object that has names of any kind is `*`."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for part in value:
            yield from leaves(part, f"{path}[]")
    elif isinstance(value, dict):
        for name, part in value.items():
            below = "*" if name == "some name" else name
            yield from leaves(part, f"{path}.{below}" if path else below)


def covers(mark: str, path: str) -> bool:
    """Return whether a path is that of a mark, or below it."""
    return path == mark or bool(re.match(re.escape(mark) + r"[.\\[]", path))


@for_every("spec", tools)
def test_all_text_of_others_is_named_and_nothing_else_is(spec: Spec) -> None:
    for turn in range(4):
        content = full(spec.output_schema, spec.output_schema, turn)
        marks = marked(content, spec).get("x-untrusted", [])
        found = list(leaves(content))
        for path, text in found:
            assert (text == THEIRS) == any(covers(mark, path) for mark in marks), (spec.name, path)
        for mark in marks:
            assert any(covers(mark, path) and text == THEIRS for path, text in found), (spec.name, mark)


def test_the_law_looks_at_marks_of_many_tools() -> None:
    told = [marked(full(spec.output_schema, spec.output_schema, 0), spec) for spec in tools()]
    assert sum("x-untrusted" in content for content in told) > 50
