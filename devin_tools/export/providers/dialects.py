"""Translates JSON Schema into the smaller dialect of a provider. Pure.

What a dialect cannot express goes into the description, where the model still reads it; the call is
validated in full when it arrives. The rules are those of docs/function-calling.md.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from ...schemas.traversal import Schema, without_null
from .limits import VALUE_KEYWORDS, Dialect, has_look_around

STRUCTURE = frozenset({
    "type", "description", "required", "properties", "items", "prefixItems", "additionalProperties", "anyOf",
    "oneOf", "allOf",
})  # fmt: skip
"""Keywords that are translated one by one."""

IGNORED_KEYWORDS = frozenset({
    "title", "$schema", "$comment", "readOnly", "writeOnly", "nullable", "propertyOrdering",
})  # fmt: skip
"""Keywords without anything that a model needs."""

NULL = {"type": "null"}


class NotExpressible(Exception):
    """A schema that a dialect cannot express; the text says where, and what."""


def _is_kept(keyword: str, value: Any, dialect: Dialect) -> bool:
    """Return whether a keyword beside the structure may stay with this value."""
    if keyword == "format":
        return dialect.formats is None or value in dialect.formats
    if keyword == "pattern" and has_look_around(value):
        return False
    if keyword == "minItems" and dialect.max_min_items is not None:
        return bool(value <= dialect.max_min_items)
    if keyword == "enum" and dialect.flags_null:
        return all(isinstance(item, str) for item in value)
    if keyword == "nullable":
        return dialect.flags_null
    return keyword in VALUE_KEYWORDS and dialect.takes(keyword)


def to_dialect(node: Schema, dialect: Dialect, path: str = "") -> Schema:
    """Return a schema without references in a dialect; raise `NotExpressible` if it cannot say it."""
    node = _simplified(node, dialect)
    made: Schema = {"type": node["type"]} if "type" in node else {}
    made |= {
        key: copy.deepcopy(value)
        for key, value in node.items()
        if key not in STRUCTURE and _is_kept(key, value, dialect)
    }
    if "anyOf" in node:
        made["anyOf"] = [to_dialect(part, dialect, path) for part in node["anyOf"]]
    if made.get("type") == "array":
        made["items"] = _items(node, dialect, f"{path}[]")
    if made.get("type") == "object":
        made |= _object(node, dialect, path)
    if not dialect.is_open and not made.keys() & {"type", "anyOf", "enum"}:
        raise NotExpressible(f"{path or 'it'} may be of any type")
    text = _text(node, made)
    return {"description": text, **made} if text else made


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
    """Return a schema with `nullable: true` in place of null among its types or values."""
    plain = without_null(node)
    if NULL in node.get("anyOf", ()) or None in node.get("enum", ()):
        plain = plain | {"nullable": True}
    if "enum" in plain and all(isinstance(item, str) for item in plain["enum"]):
        plain = {"type": "string"} | plain
    return plain


def _items(node: Schema, dialect: Dialect, path: str) -> Schema:
    items = to_dialect(node.get("items", {}), dialect, path)
    if dialect.flags_null and any(part.get("type") == "array" for part in items.get("anyOf", ())):
        raise NotExpressible(f"{path} may be one of several kinds of list")
    return items


def _object(node: Schema, dialect: Dialect, path: str) -> Schema:
    properties = node.get("properties", {})
    rest = node.get("additionalProperties", True)
    if path and not properties and not dialect.is_open and not (dialect.closes and rest is False):
        raise NotExpressible(f"{path} may be an object of any shape")
    required = [name for name in node.get("required", ()) if name in properties]
    made: Schema = {} if path and not properties and dialect.is_open else {"properties": {}}
    for name, part in properties.items():
        part = to_dialect(part, dialect, f"{path}.{name}" if path else name)
        made["properties"][name] = _or_null(part) if dialect.requires_all and name not in required else part
    if dialect.requires_all or required:
        made["required"] = list(properties) if dialect.requires_all else required
    if dialect.orders and properties:
        made["propertyOrdering"] = list(properties)
    if dialect.closes:
        made["additionalProperties"] = False
    elif dialect.is_open and "additionalProperties" in node:
        is_schema = isinstance(rest, dict)
        made["additionalProperties"] = to_dialect(rest, dialect, f"{path}.*") if is_schema else rest
    return made


def _or_null(made: Schema) -> Schema:
    """Let a field that may be left out be null, which is dropped again when the call arrives."""
    inner = {key: value for key, value in made.items() if key != "description"}
    kinds = inner["anyOf"] if inner.keys() == {"anyOf"} else [inner]
    text = f"{made.get('description', '')} Null: left out.".lstrip()
    return {"description": text, "anyOf": kinds if NULL in kinds else [*kinds, dict(NULL)]}


def json_in_text(node: Mapping[str, Any]) -> Schema:
    """Return the schema of a string of JSON, for a value of any shape."""
    about = str(node.get("description", ""))
    return {"type": "string", "description": f"{about} Sent as JSON in a string.".lstrip()}


def _text(node: Schema, made: Schema) -> str:
    """Return the description, with what is lost from the schema put into words."""
    lost = {
        key: value
        for key, value in node.items()
        if key not in made and key not in STRUCTURE | IGNORED_KEYWORDS and not key.startswith("x-")
    }
    words = [str(node["description"])] if "description" in node else []
    if "default" in lost:
        words.append(f"Default: {_shown(lost.pop('default'))}.")
    if "examples" in lost:
        words.append(f"Examples: {', '.join(_shown(item) for item in lost.pop('examples'))}.")
    if lost:
        shown = [
            f"{key} `{value}`" if isinstance(value, str) else f"{key} {_shown(value)}"
            for key, value in lost.items()
        ]
        words.append(f"Constraints: {', '.join(shown)}.")
    return " ".join(words)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
