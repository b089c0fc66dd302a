"""JSON Schema traversal: what is a schema in a schema, where references lead, and what transforms keep."""

from __future__ import annotations

from typing import Any

import pytest

from devin_tools.schemas.traversal import (
    alternatives,
    children,
    holds_secret,
    inlined,
    objects_in,
    pointer,
    reachable,
    resolve,
    transform,
    walk,
    without_keywords,
    without_null,
    without_null_properties,
    without_properties,
)

TEXT = {"type": "string"}
NULLABLE = {"anyOf": [TEXT, {"type": "null"}], "description": "A text."}
TREE: dict[str, Any] = {
    "type": "object",
    "properties": {"tree": {"$ref": "#/$defs/Node", "description": "The root."}},
    "$defs": {
        "Node": {
            "type": "object",
            "properties": {"next": {"$ref": "#/$defs/Node"}, "leaf": {"$ref": "#/$defs/Leaf"}},
        },
        "Leaf": {"type": "string", "format": "password"},
        "Other": {"type": "integer"},
    },
}


def test_what_only_looks_like_a_schema_is_passed_over() -> None:
    schema = {
        "properties": {"a": TEXT, "b": True},
        "items": [TEXT, 3],
        "anyOf": "x",
        "enum": [{}],
        "not": False,
    }
    assert [child.path for child in children(schema)] == [("properties", "a"), ("items", 0)]
    assert [node.path for node in walk(schema).nodes] == [(), ("properties", "a"), ("items", 0)]
    assert walk("no schema").nodes == ()


def test_a_definition_is_a_unit_of_its_own() -> None:
    units = {node.path: (node.unit, node.objects) for node in walk(TREE).nodes}
    assert units["properties", "tree"] == ((), 1)
    assert units["$defs", "Node"] == (("$defs", "Node"), 1)


@pytest.mark.parametrize(
    ("reference", "steps"),
    [
        ("#", ()),
        ("#/$defs/x", ("$defs", "x")),
        ("#/$defs/a~1b%20c", ("$defs", "a/b c")),
        ("https://example.com/#/x", None),
        ("other.json", None),
    ],
)
def test_pointers_are_local(reference: str, steps: tuple[str, ...] | None) -> None:
    assert pointer(reference) == steps


def test_references_lead_to_parts_and_indexes() -> None:
    assert resolve({"anyOf": [TEXT, {"type": "integer"}]}, "#/anyOf/1") == {"type": "integer"}
    for nowhere in ("#/$defs/Gone", "#/anyOf/7", "elsewhere#/x"):
        with pytest.raises(LookupError):
            resolve(TREE, nowhere)


def test_a_recursive_schema_is_inlined_once_and_keeps_what_stands_beside_a_reference() -> None:
    tree = inlined(TREE)["properties"]["tree"]
    assert tree["description"] == "The root."
    assert tree["properties"]["next"] == {"type": "object"}
    assert holds_secret(tree) and not holds_secret(TEXT)


def test_null_goes_where_a_property_may_be_left_out() -> None:
    plain = {"type": "string", "description": "A text."}
    assert without_null(NULLABLE) == plain
    assert without_null({"type": ["string", "null"], "enum": ["a", None]}) == {
        "type": "string",
        "enum": ["a"],
    }
    schema = {"type": "object", "properties": {"a": NULLABLE, "b": NULLABLE}, "required": ["b"]}
    assert without_null_properties(schema)["properties"] == {"a": plain, "b": NULLABLE}
    assert without_null_properties(schema, even_required=True)["properties"] == {"a": plain, "b": plain}


def test_properties_go_with_the_definitions_that_only_they_refer_to() -> None:
    assert without_properties(TREE, ["tree"]) == {"type": "object", "properties": {}}
    assert list(reachable(TREE["properties"]["tree"], TREE["$defs"])) == ["Node", "Leaf"]


def test_alternatives_follow_references_and_unions() -> None:
    root = {"$defs": {"A": {"oneOf": [TEXT, {"type": "integer"}]}}}
    found = [schema.get("type") for schema in alternatives({"anyOf": [{"$ref": "#/$defs/A"}]}, root)]
    assert found == [None, None, None, "string", "integer"]


def test_transforms_copy_and_leave_values_alone() -> None:
    schema = {"title": "T", "properties": {"title": {"title": "x", "default": {"title": "kept"}}}}
    quiet = without_keywords(schema, lambda keyword, value: keyword == "title")
    assert quiet == {"properties": {"title": {"default": {"title": "kept"}}}}
    quiet["properties"]["title"]["default"]["title"] = "changed"
    assert schema["properties"] == {"title": {"title": "x", "default": {"title": "kept"}}}
    assert transform(TREE, dict) == TREE


def test_objects_are_found_wherever_they_stand_and_however_deep() -> None:
    deep: Any = {"$id": "x"}
    for _ in range(10_000):
        deep = [deep]
    assert [node["$id"] for node in objects_in({"examples": deep}) if "$id" in node] == ["x"]
