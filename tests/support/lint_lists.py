"""Small lists of tools to judge, each made to differ in one thing from one that keeps every rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = [
    "FREE",
    "HINTS",
    "NULLABLE",
    "TEXT",
    "Case",
    "closed",
    "deep",
    "holding",
    "listing",
    "manifest",
    "nested",
    "of_property",
    "of_schema",
    "of_tool",
    "tool",
    "tools",
]

TEXT = {"type": "string"}
FREE = {"type": "object"}
NULLABLE = {"anyOf": [TEXT, {"type": "null"}]}
HINTS = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": True}


def tool(schema: Any = None, **more: Any) -> dict[str, Any]:
    """Return a tool of an MCP server that breaks no rule of any dialect but the strict ones."""
    plain = {
        "name": "get_thing",
        "title": "Get thing",
        "description": "Get a thing by its name.",
        "inputSchema": holding(name=TEXT) if schema is None else schema,
        "annotations": HINTS,
    }
    return {key: value for key, value in (plain | more).items() if value is not ...}


def holding(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def closed(**properties: Any) -> dict[str, Any]:
    return holding(**properties) | {"additionalProperties": False}


def listing(*tools: Any) -> dict[str, Any]:
    return {"tools": list(tools)}


@dataclass(frozen=True)
class Case:
    """One rule, broken and kept."""

    rule: str
    breaks: Any
    keeps: Any
    at: str = ""
    """Where the fault is; not checked when empty."""
    dialects: tuple[str, ...] = ()
    """Where it holds; empty: wherever the rule does."""
    prefix: str = ""


def of_schema(rule: str, breaks: Any, keeps: Any, at: str = "", *dialects: str) -> Case:
    place = f"$.tools[0].inputSchema{at}" if at else ""
    return Case(rule, listing(tool(breaks)), listing(tool(keeps)), place, dialects)


def of_property(rule: str, breaks: Any, keeps: Any, at: str = "", *dialects: str) -> Case:
    place = f".properties.x{at}" if at else ""
    return of_schema(rule, holding(x=breaks), holding(x=keeps), place, *dialects)


def of_tool(rule: str, breaks: dict[str, Any], keeps: dict[str, Any], at: str = "", *dialects: str) -> Case:
    place = f"$.tools[0]{at}" if at else ""
    return Case(rule, listing(tool(**breaks)), listing(tool(**keeps)), place, dialects)


def manifest(effect: Any, *fields: str, path: str | None = "/v3/x", **more: Any) -> dict[str, Any]:
    """Return what a manifest says of a tool, as far as a rule on its effect reads it."""
    plain = {
        "format": "devin-tools/manifest/1",
        "id": "start_thing",
        "description": "Start a thing.",
        "input": holding(**{name: {"type": "integer"} for name in fields}),
        "effect": effect,
        "http": path and {"method": "POST", "path": path},
    }
    return plain | more


def nested(levels: int) -> dict[str, Any]:
    schema = holding(leaf=TEXT)
    for _ in range(levels - 1):
        schema = holding(inner=schema)
    return schema


def deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = TEXT
    for _ in range(levels):
        schema = {"type": "array", "items": schema}
    return holding(x=schema)


def tools(number: int, schema: Any = None) -> dict[str, Any]:
    return listing(*(tool(schema, name=f"get_{index}") for index in range(number)))
