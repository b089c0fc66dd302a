"""Variants of a tool's schemas: raw, inline, and strict for a provider. Pure.

None of them holds a field that only a person may fill, and each is a deep copy: the caller owns it.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...model_input import json_fields
from ...schemas.traversal import Schema, inlined, without_null_properties, without_properties
from ...spec import Spec
from .dialects import NotExpressible, json_in_text, to_dialect
from .limits import DIALECTS, GEMINI, GEMINI_JSON, Dialect, anthropic_excess, anthropic_usage, openai_excess

Provider = Literal["openai", "anthropic"]


@dataclass(frozen=True)
class Strict:
    """A schema for a provider's strict mode, or the inline one where strict cannot be had."""

    schema: Schema
    is_strict: bool
    notes: tuple[str, ...] = ()
    """Why it is not strict."""


def raw(spec: Spec) -> Schema:
    """Return the schema as declared: JSON Schema 2020-12, with references."""
    return copy.deepcopy(without_properties(spec.input_schema, spec.user_only))


def inline(spec: Spec) -> Schema:
    """Return the schema with no reference, and optional fields of one plain type.

    A field that may be left out need not be null as well: form builders turn such unions into text.
    Patterns and counts are such as the grammars of local servers hold (`schemas/for_grammars.py`).
    """
    schema = spec.source.inline_input()
    return without_properties(schema, spec.user_only) if spec.user_only else schema


def whole(spec: Spec) -> Schema:
    """Return the inline schema as declared, with what only a person may fill, for forms that people fill."""
    return without_null_properties(inlined(spec.input_schema))


def output(spec: Spec) -> Schema:
    """Return the schema of the output with no reference; nulls stay, as the API sends them."""
    return spec.source.inline_output()


def strict(spec: Spec, provider: Provider) -> Strict:
    """Return the schema for a provider's strict mode; the inline one and why, where it has none."""
    try:
        schema = _translated(spec, DIALECTS[f"{provider}-strict"])
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
    used: Counter[str] = Counter()
    for spec in specs:
        one = strict(spec, provider)
        if one.is_strict and provider == "anthropic":
            together = used + anthropic_usage(one.schema)
            if excess := anthropic_excess(together):
                one = Strict(inline(spec), is_strict=False, notes=excess)
            else:
                used = together
        chosen[spec.name] = one
    return chosen


def gemini_schema(spec: Spec, *, json_schema: bool = False) -> Schema | None:
    """Return the schema for Gemini's `parameters`, or with `json_schema` for `parametersJsonSchema`.

    `None`: `parameters` cannot say it.
    """
    try:
        return _translated(spec, GEMINI_JSON if json_schema else GEMINI)
    except NotExpressible:
        return None


def _translated(spec: Spec, dialect: Dialect) -> Schema:
    schema = inline(spec)
    if not dialect.is_open:
        for name in json_fields(spec):
            schema["properties"][name] = json_in_text(schema["properties"][name])
    return to_dialect(schema, dialect)
