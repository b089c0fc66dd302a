"""How large schemas are, against what the strict modes of providers allow. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...schemas.traversal import Schema, parts_of

MOST_DEPTH, MOST_PROPERTIES, MOST_ENUM_VALUES, MOST_TEXT = 10, 5000, 1000, 120_000
MANY_VALUES, MOST_ENUM_TEXT = 250, 15_000
"""OpenAI's limits of one strict schema (pydantic-ai profiles/openai.py)."""


def openai_excess(schema: Schema) -> list[str]:
    """Return which of OpenAI's limits a strict schema breaks."""
    nodes = list(_nodes(schema))
    names = [name for node, _ in nodes for name in node.get("properties", {})]
    enums = [node["enum"] for node, _ in nodes if "enum" in node]
    texts = [str(value) for values in enums for value in values]
    long = [values for values in enums if len(values) > MANY_VALUES]
    found = {
        f"objects in more than {MOST_DEPTH} levels": max(depth for _, depth in nodes) > MOST_DEPTH,
        f"more than {MOST_PROPERTIES} properties": len(names) > MOST_PROPERTIES,
        f"more than {MOST_ENUM_VALUES} enum values": len(texts) > MOST_ENUM_VALUES,
        f"names and enum values of more than {MOST_TEXT} characters": _length(names + texts) > MOST_TEXT,
        f"an enum of more than {MOST_ENUM_TEXT} characters": any(
            _length(map(str, values)) > MOST_ENUM_TEXT for values in long
        ),
    }
    return [excess for excess, is_found in found.items() if is_found]


@dataclass(frozen=True)
class Budget:
    """What Anthropic allows over all strict tools of one request.

    Source: pydantic-ai, models/_anthropic_schema_limits.py.
    """

    tools: int = 20
    optional: int = 24
    unions: int = 16

    def after(self, schema: Schema) -> Budget:
        """Return what is left when a tool with this schema is added; `excess` says what is overspent."""
        nodes = [node for node, _ in _nodes(schema)]
        return Budget(
            tools=self.tools - 1,
            optional=self.optional - sum(_optional(node) for node in nodes),
            unions=self.unions - sum("anyOf" in node for node in nodes),
        )

    @property
    def excess(self) -> tuple[str, ...]:
        """Return which limit is broken."""
        full = Budget()
        found = {
            f"more than {full.tools} strict tools": self.tools < 0,
            f"more than {full.optional} optional fields in all strict tools": self.optional < 0,
            f"more than {full.unions} unions in all strict tools": self.unions < 0,
        }
        return tuple(excess for excess, is_found in found.items() if is_found)


def _nodes(schema: Schema, depth: int = 0) -> Iterator[tuple[Schema, int]]:
    """Walk over a schema and all inside it, each with how many objects it lies in."""
    depth += schema.get("type") == "object"
    yield schema, depth
    for part in parts_of(schema):
        yield from _nodes(part, depth)


def _optional(node: Mapping[str, Any]) -> int:
    return len(node.get("properties", {}).keys() - set(node.get("required", ())))


def _length(texts: Any) -> int:
    return sum(len(text) for text in texts)
