"""A tool's output as Sim's: every key always there, in camelCase, with null or an empty default. Pure."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from ....schemas.traversal import Schema, not_null
from ....spec import Spec
from ....tool import Output
from ...providers.variants import output as output_schema
from ..responses import ABRIDGED
from .declarations import RAW, declaration_of
from .params import param_of

PartType = Literal["string", "number", "boolean", "json", "array", "object"]

SCALARS: dict[str, PartType] = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One key of an output, or of an object in it."""

    name: str
    """The field it comes from."""
    key: str
    """What Sim calls it."""
    type: PartType
    description: str
    is_optional: bool
    """Whether it may be null."""
    default: Any
    """What stands there when the field does not."""
    parts: tuple[Part, ...] = ()
    """The keys of an object, or of each object of an array."""


def output_for_sim(spec: Spec, output: Output) -> dict[str, Any]:
    """Return an output with Sim's keys."""
    return _sim_values(parts_of(spec), output.model_dump(mode="json", exclude_unset=True))


@cache
def parts_of(spec: Spec) -> tuple[Part, ...]:
    """List the keys of a tool's output."""
    chosen = _chosen(_parts(output_schema(spec)), declaration_of(spec).output)
    return tuple(replace(part, parts=_chosen(part.parts, declaration_of(spec).items)) for part in chosen)


def _chosen(parts: Sequence[Part], names: str) -> tuple[Part, ...]:
    """Keep the named parts, in that order, optional as it is said there; all, when none is named."""
    if not names or not parts:
        return tuple(parts)
    by_name = {part.name: part for part in parts}
    return tuple(
        replace(by_name[name.removesuffix("?")], is_optional=name.endswith("?")) for name in names.split()
    )


def _parts(schema: Mapping[str, Any]) -> tuple[Part, ...]:
    properties: Mapping[str, Any] = schema.get("properties", {})
    return tuple(_part(name, given) for name, given in properties.items() if name != ABRIDGED)


def _part(name: str, given: Schema) -> Part:
    union = given.get("anyOf", [given])
    forms = not_null(union)
    schema = forms[0] if len(forms) == 1 else {}
    is_optional = len(forms) < len(union)
    kind = "json" if name in RAW else _type(schema)
    inner = schema.get("items", schema) if kind in ("array", "object") else {}
    default = given.get("default")
    if default is None and schema.get("type") == "array" and not is_optional:
        default = []
    about = " ".join(given.get("description", "").split())
    return Part(name, param_of(name), kind, about, is_optional, default, _parts(inner))


def _type(schema: Mapping[str, Any]) -> PartType:
    kind = schema.get("type")
    if kind == "array":
        return "array" if "properties" in schema.get("items", {}) else "json"
    if kind == "object":
        return "object" if "properties" in schema else "json"
    return SCALARS.get(kind, "json") if isinstance(kind, str) else "json"


def _sim_values(parts: Sequence[Part], values: Mapping[str, Any]) -> dict[str, Any]:
    return {part.key: _value(part, values.get(part.name)) for part in parts}


def _value(part: Part, value: Any) -> Any:
    if value is None:
        return copy.deepcopy(part.default)
    if part.type == "array":
        return [_sim_values(part.parts, item) for item in value]
    return _sim_values(part.parts, value) if part.type == "object" else _plain(value)


def _plain(value: Any) -> Any:
    """Write whole numbers without a fraction, as JavaScript does."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value
