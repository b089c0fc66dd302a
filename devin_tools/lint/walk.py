"""A walk over somebody else's schema that always ends: no recursion, no `$ref` followed, two caps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from .finding import Place

# Agent libraries stop at the same bounds: a schema whose references fan out is a denial of service.
# github.com/openai/openai-agents-python, strict_schema.py
MAX_LEVELS = 100
MAX_NODES = 100_000

TYPES = frozenset({
    "string", "number", "integer", "boolean", "array", "object", "null",
})  # fmt: skip
DEFINITIONS = ("$defs", "definitions")
MAPS = ("properties", "patternProperties", "dependentSchemas", *DEFINITIONS)
SEVERAL = ("anyOf", "oneOf", "allOf", "prefixItems")
ONE = (
    "items", "additionalProperties", "additionalItems", "not", "if", "then", "else", "contains",
    "propertyNames", "unevaluatedProperties", "unevaluatedItems",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """One schema object inside a schema."""

    schema: Mapping[str, Any]
    place: Place
    role: str
    """The keyword it stands under; empty for the root."""
    unit: Place
    """The root, or the definition it is part of: providers count each alone."""
    objects: int
    """How many objects lie on the way from its unit to it, itself included."""
    level: int


@dataclass(frozen=True, slots=True)
class Walk:
    """The nodes of a schema, and the first place that was not read because a cap was met."""

    nodes: tuple[Node, ...]
    cut: Place | None = None


def walk(schema: Any, place: Place = ()) -> Walk:
    """List every schema object in a schema, in the order of the document."""
    if not isinstance(schema, Mapping):
        return Walk(())
    nodes: list[Node] = []
    cut: Place | None = None
    stack = [Node(schema, place, "", place, int(is_object(schema)), 0)]
    while stack:
        node = stack.pop()
        if len(nodes) == MAX_NODES:
            return Walk(tuple(nodes), cut or node.place)
        nodes.append(node)
        if node.level < MAX_LEVELS:
            stack += reversed([_below(node, *child) for child in _children(node.schema)])
        elif cut is None and any(_children(node.schema)):
            cut = node.place
    return Walk(tuple(nodes), cut)


def _below(node: Node, role: str, step: Place, schema: Mapping[str, Any]) -> Node:
    place = (*node.place, *step)
    is_unit = role in DEFINITIONS
    objects = int(is_object(schema)) + (0 if is_unit else node.objects)
    return Node(schema, place, role, place if is_unit else node.unit, objects, node.level + 1)


def _children(schema: Mapping[str, Any]) -> Iterator[tuple[str, Place, Mapping[str, Any]]]:
    for keyword, value in schema.items():
        if keyword in MAPS and isinstance(value, Mapping):
            pairs: Iterator[tuple[Place, Any]] = (((keyword, key), item) for key, item in value.items())
        elif keyword in (*SEVERAL, "items") and isinstance(value, list):
            pairs = (((keyword, index), item) for index, item in enumerate(value))
        elif keyword in ONE:
            pairs = iter([((keyword,), value)])
        else:
            continue
        yield from ((keyword, step, child) for step, child in pairs if isinstance(child, Mapping))


def kinds(schema: Any) -> tuple[str, ...]:
    """Return the types a schema names, in lower case; empty when it names none."""
    given = schema.get("type") if isinstance(schema, Mapping) else None
    names = given if isinstance(given, list) else [given]
    return tuple(name.lower() for name in names if isinstance(name, str))


def properties(schema: Any) -> Mapping[str, Any]:
    """Return a schema's properties; empty when it has none, or something else in their place."""
    given = schema.get("properties") if isinstance(schema, Mapping) else None
    return given if isinstance(given, Mapping) else {}


def required(schema: Mapping[str, Any]) -> list[str]:
    """Return the names a schema requires."""
    given = schema.get("required")
    return [name for name in given if isinstance(name, str)] if isinstance(given, list) else []


def is_object(schema: Mapping[str, Any]) -> bool:
    """Return whether a schema describes an object."""
    return "object" in kinds(schema) or "properties" in schema


def pointed(reference: str) -> Place | None:
    """Return the steps of a local reference, such as `#/$defs/x`; `None` for any other."""
    if reference in ("#", "#/"):
        return ()
    if not reference.startswith("#/"):
        return None
    return tuple(unquote(part).replace("~1", "/").replace("~0", "~") for part in reference[2:].split("/"))


def resolve(root: Any, steps: Place) -> Place | None:
    """Follow steps from a root, with indexes of lists as numbers; `None` when they lead nowhere."""
    taken: list[str | int] = []
    for step in steps:
        if isinstance(root, Mapping) and step in root:
            taken.append(step)
        elif isinstance(root, list) and str(step)[:9].isdecimal() and int(str(step)[:9]) < len(root):
            taken.append(int(str(step)[:9]))
        else:
            return None
        root = root[taken[-1]]
    return tuple(taken)
