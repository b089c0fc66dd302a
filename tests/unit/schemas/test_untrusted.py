"""Where an output holds text that others wrote."""

from __future__ import annotations

from typing import Any

from support.laws import for_every

from devin_tools.schemas.untrusted import untrusted_paths

TEXT = {"type": "string", "x-untrusted": True}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"anyOf": [TEXT, {"type": "null"}]},
        "kind": {"type": "string"},
        "rows": {"type": "array", "items": {"$ref": "#/$defs/Row"}},
        "tags": {"type": "array", "items": TEXT},
        "notes": {"type": "object", "additionalProperties": TEXT},
        "anything": {"type": "object", "x-untrusted": True},
    },
    "$defs": {
        "Row": {
            "type": "object",
            "properties": {
                "name": TEXT,
                "size": {"type": "integer"},
                "parts": {"type": "array", "items": {"$ref": "#/$defs/Row"}},
            },
        }
    },
}

CASES: list[tuple[Any, list[str]]] = [
    ({}, []),
    ({"title": None, "kind": "x", "rows": [], "tags": [""], "anything": {}}, []),
    ({"title": "x"}, ["title"]),
    ({"rows": [{"size": 0}, {"name": "x", "size": 1}, {"name": "y"}]}, ["rows[].name"]),
    ({"rows": [{"parts": [{"name": "x"}]}]}, ["rows[].parts[].name"]),
    ({"tags": ["", "x", "y"], "title": "x"}, ["tags[]", "title"]),
    ({"notes": {"a": "x", "b": "y"}}, ["notes.*"]),
    ({"anything": {"a": {"b": 1}}}, ["anything"]),
    ({"of_tomorrow": {"title": "x"}, "rows": {"name": "x"}, "title": 3}, ["title"]),
    ([{"title": "x"}], []),
    ("x", []),
]


@for_every("value, paths", lambda: CASES)
def test_the_paths_of_what_is_there_are_told(value: Any, paths: list[str]) -> None:
    assert untrusted_paths(SCHEMA, value) == paths


def test_what_a_schema_does_not_know_may_be_nested_without_end() -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]
    assert untrusted_paths(SCHEMA, {"of_tomorrow": deep, "title": "x"}) == ["title"]
