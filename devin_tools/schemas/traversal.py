"""Schemas without references: every `$ref` replaced by what it refers to. Pure."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Schema = dict[str, Any]

NAMED = ("properties", "patternProperties", "dependentSchemas")
"""Keywords that hold schemas under names."""

LISTED = ("anyOf", "oneOf", "allOf", "prefixItems")
"""Keywords that hold a list of schemas."""

SINGLE = ("items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else")
"""Keywords that hold one schema, or a boolean."""

DEFINITIONS = "#/$defs/"


def with_parts(node: Mapping[str, Any], change: Callable[[Schema], Schema]) -> Schema:
    """Copy a schema with each schema directly inside it changed."""
    changed: Schema = {}
    for key, value in node.items():
        if key in NAMED:
            changed[key] = {name: change(part) for name, part in value.items()}
        elif key in LISTED:
            changed[key] = [change(part) for part in value]
        elif key in SINGLE and isinstance(value, dict):
            changed[key] = change(value)
        else:
            changed[key] = copy.deepcopy(value)
    return changed


def parts_of(node: Mapping[str, Any]) -> Iterator[Schema]:
    """Yield each schema directly inside a schema."""
    for key, value in node.items():
        if key in NAMED:
            yield from value.values()
        elif key in LISTED:
            yield from value
        elif key in SINGLE and isinstance(value, dict):
            yield value


def forms_of(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and every form that it allows, with references followed."""
    yield schema
    if name := _name(schema):
        yield from forms_of(definitions.get(name, {}), definitions)
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from forms_of(part, definitions)


def reached(node: Mapping[str, Any], definitions: Mapping[str, Schema]) -> set[str]:
    """Name the definitions that a schema refers to, directly or through others."""
    found: set[str] = set()
    waiting = [dict(node)]
    while waiting:
        part = waiting.pop()
        waiting.extend(parts_of(part))
        name = _name(part)
        if name and name not in found:
            found.add(name)
            waiting.append(definitions[name])
    return found


def inlined(schema: Mapping[str, Any]) -> Schema:
    """Copy a schema with no `$ref` and no `$defs`; where it recurs, anything of that type may stand."""
    definitions = schema.get("$defs", {})
    return _resolved({key: value for key, value in schema.items() if key != "$defs"}, definitions, ())


def _resolved(node: Schema, definitions: Mapping[str, Schema], inside: tuple[str, ...]) -> Schema:
    """Resolve one schema; keywords beside a `$ref` win, as a field's own description should."""
    name = _name(node)
    wrapped = node.get("allOf", ())
    if name:
        target, inside = _target(name, definitions, inside)
    elif len(wrapped) == 1:  # how pydantic before 2.9 puts keywords beside a reference
        target = wrapped[0]
    else:
        plain = {key: value for key, value in node.items() if key != "discriminator"}
        return with_parts(plain, lambda part: _resolved(part, definitions, inside))
    beside = {key: value for key, value in node.items() if key not in ("$ref", "allOf")}
    return _resolved({**target, **beside}, definitions, inside)


def _target(
    name: str, definitions: Mapping[str, Schema], inside: tuple[str, ...]
) -> tuple[Schema, tuple[str, ...]]:
    target = definitions[name]
    if name not in inside:
        return target, (*inside, name)
    return {key: target[key] for key in ("type", "description") if key in target}, inside


def _name(node: Mapping[str, Any]) -> str:
    ref = node.get("$ref", "")
    return ref.removeprefix(DEFINITIONS) if ref.startswith(DEFINITIONS) else ""
