"""The input schema of a tool in three flavours: raw, inline, and strict for a provider. Pure.

None of them holds a field that only a person may fill, and each is a deep copy: the caller owns it.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...model_input import json_fields, model_properties
from ...schemas.traversal import Schema, inlined, reached, with_parts
from ...spec import Spec
from .dialects import ANTHROPIC, GEMINI, GEMINI_JSON, NULL, OPENAI, Dialect, NotExpressible, as_text, lowered
from .limits import Budget, openai_excess

Provider = Literal["openai", "anthropic"]

DIALECTS = {"openai": OPENAI, "anthropic": ANTHROPIC}


@dataclass(frozen=True)
class Strict:
    """A schema for a provider's strict mode, or the inline one where strict cannot be had."""

    schema: Schema
    is_strict: bool
    notes: tuple[str, ...] = ()
    """Why it is not strict."""


def raw(spec: Spec) -> Schema:
    """Return the schema as declared: JSON Schema 2020-12, with references."""
    schema = copy.deepcopy({key: value for key, value in spec.input_schema.items() if key != "$defs"})
    schema["properties"] = copy.deepcopy(model_properties(spec))
    if "required" in schema:
        schema["required"] = [name for name in schema["required"] if name not in spec.user_only]
    definitions = spec.input_schema.get("$defs", {})
    kept = reached(schema, definitions)
    if kept:
        schema["$defs"] = {name: copy.deepcopy(definitions[name]) for name in definitions if name in kept}
    return schema


def inline(spec: Spec) -> Schema:
    """Return the schema with no reference, and optional fields of one plain type.

    A field that may be left out need not be null as well: form builders turn such unions into text.
    """
    return _plain(inlined(raw(spec)))


def whole(spec: Spec) -> Schema:
    """Return the inline schema with what only a person may fill, for forms that people fill."""
    return _plain(inlined(spec.input_schema))


def output(spec: Spec) -> Schema:
    """Return the schema of the output with no reference; nulls stay, as the API sends them."""
    return inlined(spec.output_schema)


def strict(spec: Spec, provider: Provider) -> Strict:
    """Return the schema for a provider's strict mode; where that cannot say it, the inline one and why."""
    try:
        schema = _lowered(spec, DIALECTS[provider])
    except NotExpressible as reason:
        return Strict(inline(spec), is_strict=False, notes=(str(reason),))
    excess = openai_excess(schema) if provider == "openai" else []
    if excess:
        return Strict(inline(spec), is_strict=False, notes=tuple(excess))
    return Strict(schema, is_strict=True)


def strict_set(specs: Sequence[Spec], provider: Provider) -> dict[str, Strict]:
    """Return the strict schemas of tools that are sent together, by the tool's name.

    Anthropic bounds them as a whole: tools are taken in the order given, and one that does not fit
    beside those before it is not strict. Its grammar can be too large below these bounds as well, so
    strict is for a few tools.
    """
    chosen: dict[str, Strict] = {}
    budget = Budget()
    for spec in specs:
        one = strict(spec, provider)
        if one.is_strict and provider == "anthropic":
            left = budget.after(one.schema)
            if left.excess:
                one = Strict(inline(spec), is_strict=False, notes=left.excess)
            else:
                budget = left
        chosen[spec.name] = one
    return chosen


def gemini_schema(spec: Spec, *, json_schema: bool = False) -> Schema | None:
    """Return the schema for Gemini's `parameters`, or with `json_schema` for `parametersJsonSchema`.

    `None`: `parameters` cannot say it.
    """
    try:
        return _lowered(spec, GEMINI_JSON if json_schema else GEMINI)
    except NotExpressible:
        return None


def _lowered(spec: Spec, dialect: Dialect) -> Schema:
    schema = inline(spec)
    if not dialect.is_open:
        for name in json_fields(spec):
            schema["properties"][name] = as_text(schema["properties"][name])
    return lowered(schema, dialect)


def _plain(node: Schema) -> Schema:
    """Take null away from every property that may be left out."""
    node = with_parts(node, _plain)
    if "properties" in node:
        required = node.get("required", ())
        node["properties"] = {
            name: part if name in required else _without_null(part)
            for name, part in node["properties"].items()
        }
    return node


def without_nulls(node: Schema) -> Schema:
    """Take null away from every property, for editors that know one type for each."""
    node = with_parts(node, without_nulls)
    if "properties" in node:
        node["properties"] = {name: _without_null(part) for name, part in node["properties"].items()}
    return node


def _without_null(node: Schema) -> Schema:
    if isinstance(node.get("type"), list) and "null" in node["type"]:
        kinds = [name for name in node["type"] if name != "null"]
        node = node | {"type": kinds[0] if len(kinds) == 1 else kinds}
    if None in node.get("enum", ()):
        node = node | {"enum": [value for value in node["enum"] if value is not None]}
    parts = [part for part in node.get("anyOf", ()) if part != NULL]
    rest = {key: value for key, value in node.items() if key != "anyOf"}
    if len(parts) == 1:
        only: Schema = parts[0] | rest
        return only
    return rest | {"anyOf": parts} if parts else node
