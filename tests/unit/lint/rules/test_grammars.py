"""`llama-cpp` refuses whatever llama-cpp-python 0.3.25 refused, and little more."""

from __future__ import annotations

import json
from typing import Any

from support.paths import DATA

from devin_tools.lint import judge, read_tools

VERDICTS: list[tuple[bool, Any]] = json.loads((DATA / "llama_cpp/verdicts.json").read_text(encoding="utf-8"))

REFUSED_MORE: list[Any] = [
    {"type": "string", "maxLength": 991},
    {"type": "array", "items": {"type": "string"}, "maxItems": 991},
    {"type": "string", "maxLength": 1000},
    {"type": "array", "items": {"type": "string"}, "maxItems": 1000},
    {"type": "string", "pattern": "^[a-z]{1,1000}$"},
]
"""Counts that it takes where the grammar names little else."""


def test_the_verdicts_are_those_of_the_package() -> None:
    differ = []
    for is_taken, schema in VERDICTS:
        whole = {"type": "object", "properties": {"x": schema}, "$defs": {"a": {"type": "string"}}}
        function = {"name": "a", "description": "A.", "parameters": whole}
        findings = judge(read_tools([{"type": "function", "function": function}]), provider="llama-cpp")
        has_error = any(finding.severity == "error" for finding in findings)
        if is_taken == has_error:
            differ.append(schema)
            assert is_taken, schema
    assert differ == REFUSED_MORE
