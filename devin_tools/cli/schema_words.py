"""JSON Schema in plain words, and what kind of value a field takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from ..schemas.traversal import not_null, resolve

Schema = Mapping[str, Any]
Kind = Literal["text", "integer", "number", "boolean", "list", "json"]

SCALARS: dict[str, Kind] = {"string": "text", "integer": "integer", "number": "number", "boolean": "boolean"}
NOUNS = {"integer": "whole number", "boolean": "true or false"}


def resolved(schema: Schema, root: Schema) -> Schema:
    """Follow a local reference, and look through `null`: leaving a field out is not a value of it."""
    if "$ref" in schema:
        return resolved(resolve(root, schema["$ref"]), root)
    if isinstance(kinds := schema.get("type"), list):
        return {**schema, "type": next((kind for kind in kinds if kind != "null"), "null")}
    choices = not_null(_choices(schema))
    return resolved(choices[0], root) if len(choices) == 1 else schema


def _choices(schema: Schema) -> list[Schema]:
    return list(schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or ())


def kind_of(schema: Schema, root: Schema) -> Kind:
    """Return how a field is given on a command line; whatever has no simple form is given as JSON."""
    node = resolved(schema, root)
    if node.get("type") == "array":
        return "list" if kind_of(node.get("items", {}), root) in ("text", "integer", "number") else "json"
    return SCALARS.get(node.get("type", ""), "json")


def in_words(schema: Schema, root: Schema) -> str:
    """Describe what a value may be."""
    node = resolved(schema, root)
    if choices := _choices(node):
        return " or ".join(in_words(part, root) for part in choices)
    if "enum" in node:
        return f"one of {', '.join(str(value) for value in node['enum'])}"
    kind = node.get("type", "any value")
    if kind == "array":
        return f"list of {in_words(node.get('items', {}), root)}"
    if kind == "object":
        return f"object ({', '.join(node['properties'])})" if "properties" in node else "object"
    return _text(node) if kind == "string" else f"{NOUNS.get(kind, kind)}{_bounds(node)}"


def _text(node: Schema) -> str:
    known = node.get("examples", ())
    if node.get("format") == "password":
        return "secret text"
    return f"text, such as {', '.join(known)}" if len(known) > 1 else "text"


def _bounds(node: Schema) -> str:
    low, high = node.get("minimum"), node.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f" from {low}" if low is not None else f" up to {high}" if high is not None else ""


def holds_secret(schema: Schema, root: Schema) -> bool:
    """Return whether a value of this schema has a secret somewhere in it."""
    node = resolved(schema, root)
    parts = [*_choices(node), *node.get("properties", {}).values(), node.get("items", {})]
    return node.get("format") == "password" or any(holds_secret(part, root) for part in parts if part)
