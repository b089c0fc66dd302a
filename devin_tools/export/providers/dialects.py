"""Schemas said in the smaller dialect of a provider. Pure.

What a dialect cannot say goes into the description, where the model still reads it; the call is
validated in full when it arrives. The rules are those of docs/function-calling.md.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...schemas.traversal import LISTED, NAMED, SINGLE, Schema

NUMBERS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
LENGTHS = frozenset({"minLength", "maxLength"})
ITEMS = frozenset({"minItems", "maxItems"})
FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"},
)
NUMBER_FORMATS = frozenset({"int32", "int64", "float", "double"})

HANDLED = frozenset({*NAMED, *LISTED, *SINGLE, "type", "description", "required"})
SILENT = frozenset({"title", "$schema", "$comment", "readOnly", "writeOnly", "nullable", "propertyOrdering"})
"""Keywords that say nothing a model needs."""

UNSAID = frozenset({"not", "if", "then", "else", "contains", "propertyNames", "patternProperties"})
"""Keywords that hold schemas and that no dialect knows: they go into the description."""

LOOK_AROUND = re.compile(r"\(\?<?[=!]")
NULL = {"type": "null"}


class NotExpressible(Exception):
    """A schema that a dialect cannot express; the text says where, and what."""


@dataclass(frozen=True)
class Dialect:
    """What a provider understands of JSON Schema."""

    keeps: frozenset[str]
    """Keywords, beside the structure, that stay as they are."""

    formats: frozenset[str]
    """The values of `format` that stay."""

    requires_all: bool = False
    """Every property is required; one that may be left out may be null instead."""

    closes: bool = False
    """Every object takes its properties and no more."""

    flags_null: bool = False
    """`nullable: true` stands for a union with null, and enums are of text."""

    is_open: bool = False
    """Objects of any shape and values of any type can be said."""

    orders: bool = False
    """Objects carry `propertyOrdering`."""

    most_min_items: int | None = None
    """The highest `minItems` that stays."""

    def admits(self, keyword: str, value: Any) -> bool:
        """Return whether a keyword may stay with this value."""
        if keyword == "format":
            return value in self.formats
        if keyword == "pattern" and LOOK_AROUND.search(value):
            return False
        if keyword == "minItems" and self.most_min_items is not None:
            return bool(value <= self.most_min_items)
        if keyword == "enum" and self.flags_null:
            return all(isinstance(item, str) for item in value)
        return keyword in self.keeps


OPENAI = Dialect(NUMBERS | ITEMS | {"enum", "pattern"}, FORMATS, requires_all=True, closes=True)
"""Strict functions (openai-agents strict_schema.py; pydantic-ai profiles/openai.py)."""

ANTHROPIC = Dialect(frozenset({"enum"}), FORMATS | {"uri"}, closes=True, most_min_items=1)
"""Strict tools (anthropic/lib/_parse/_transform.py)."""

GEMINI = Dialect(
    ITEMS | LENGTHS | {"enum", "pattern", "minimum", "maximum", "nullable"},
    NUMBER_FORMATS | {"date-time"},
    flags_null=True,
    orders=True,
)
"""The `parameters` of a function, a subset of OpenAPI 3.0 (google-genai types.py, Schema)."""

GEMINI_JSON = Dialect(
    ITEMS | {"enum", "minimum", "maximum"},
    NUMBER_FORMATS | {"date-time", "date", "time"},
    is_open=True,
    orders=True,
)
"""Its `parametersJsonSchema`, a subset of JSON Schema (google-genai types.py, FunctionDeclaration)."""


def lowered(node: Schema, dialect: Dialect, path: str = "") -> Schema:
    """Return a schema without references in a dialect; raise `NotExpressible` where there is no way."""
    node = _simplified(node, dialect)
    low: Schema = {"type": node["type"]} if "type" in node else {}
    low |= {
        key: copy.deepcopy(value)
        for key, value in node.items()
        if key not in HANDLED and dialect.admits(key, value)
    }
    if "anyOf" in node:
        low["anyOf"] = [lowered(part, dialect, path) for part in node["anyOf"]]
    if low.get("type") == "array":
        low["items"] = _items(node, dialect, f"{path}[]")
    if low.get("type") == "object":
        low |= _object(node, dialect, path)
    if not dialect.is_open and not low.keys() & {"type", "anyOf", "enum"}:
        raise NotExpressible(f"{path or 'it'} may be of any type")
    text = _text(node, low)
    return {"description": text, **low} if text else low


def _simplified(node: Schema, dialect: Dialect) -> Schema:
    """Express with `anyOf`, `enum` and `items` what has other keywords too."""
    node = dict(node)
    if "oneOf" in node:
        node["anyOf"] = node.pop("oneOf")
    if isinstance(node.get("type"), list):
        node["anyOf"] = [{"type": name} for name in node.pop("type")]
    if "const" in node:
        node["enum"] = [node.pop("const")]
    if "prefixItems" in node:
        places = node.pop("prefixItems")
        items = places[0] if len(places) == 1 else {"anyOf": places}
        node |= {"items": items, "minItems": len(places), "maxItems": len(places)}
    return _flagged(node) if dialect.flags_null else node


def _flagged(node: Schema) -> Schema:
    """Return `nullable: true` for a union with null."""
    kinds = [part for part in node.get("anyOf", ()) if part != NULL]
    if len(kinds) < len(node.get("anyOf", ())):
        node = node | {"anyOf": kinds, "nullable": True}
    if len(kinds) == 1:
        rest = {key: value for key, value in node.items() if key != "anyOf"}
        node = kinds[0] | rest
    if None in node.get("enum", ()):
        node = node | {"enum": [item for item in node["enum"] if item is not None], "nullable": True}
    if "enum" in node and all(isinstance(item, str) for item in node["enum"]):
        node = {"type": "string"} | node
    return node


def _items(node: Schema, dialect: Dialect, path: str) -> Schema:
    low = lowered(node.get("items", {}), dialect, path)
    if dialect.flags_null and any(part.get("type") == "array" for part in low.get("anyOf", ())):
        raise NotExpressible(f"{path} may be one of several kinds of list")
    return low


def _object(node: Schema, dialect: Dialect, path: str) -> Schema:
    properties = node.get("properties", {})
    rest = node.get("additionalProperties", True)
    if path and not properties and not dialect.is_open and not (dialect.closes and rest is False):
        raise NotExpressible(f"{path} may be an object of any shape")
    required = [name for name in node.get("required", ()) if name in properties]
    said: Schema = {} if path and not properties and dialect.is_open else {"properties": {}}
    for name, part in properties.items():
        low = lowered(part, dialect, f"{path}.{name}" if path else name)
        said["properties"][name] = _or_null(low) if dialect.requires_all and name not in required else low
    if dialect.requires_all or required:
        said["required"] = list(properties) if dialect.requires_all else required
    if dialect.orders and properties:
        said["propertyOrdering"] = list(properties)
    if dialect.closes:
        said["additionalProperties"] = False
    elif dialect.is_open and "additionalProperties" in node:
        said["additionalProperties"] = lowered(rest, dialect, f"{path}.*") if isinstance(rest, dict) else rest
    return said


def _or_null(low: Schema) -> Schema:
    """Let a field that may be left out be null, which is dropped again when the call arrives."""
    inner = {key: value for key, value in low.items() if key != "description"}
    kinds = inner["anyOf"] if inner.keys() == {"anyOf"} else [inner]
    text = f"{low.get('description', '')} Null: left out.".lstrip()
    return {"description": text, "anyOf": kinds if NULL in kinds else [*kinds, dict(NULL)]}


def as_text(node: Mapping[str, Any]) -> Schema:
    """Return the schema of text that holds what a dialect cannot say."""
    said = str(node.get("description", ""))
    return {"type": "string", "description": f"{said} Sent as JSON in a string.".lstrip()}


def _text(node: Schema, low: Schema) -> str:
    """Return the description, with what is lost from the schema put into words."""
    lost = {
        key: value
        for key, value in node.items()
        if key not in low and (key not in HANDLED | SILENT or key in UNSAID) and not key.startswith("x-")
    }
    words = [str(node["description"])] if "description" in node else []
    if "default" in lost:
        words.append(f"Default: {_shown(lost.pop('default'))}.")
    if "examples" in lost:
        words.append(f"Examples: {', '.join(_shown(item) for item in lost.pop('examples'))}.")
    if lost:
        words.append(f"Constraints: {', '.join(f'{key} {_quoted(value)}' for key, value in lost.items())}.")
    return " ".join(words)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _quoted(value: Any) -> str:
    return f"`{value}`" if isinstance(value, str) else _shown(value)
