"""A small value that fits a JSON Schema: what a simulated session delivers as structured output."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from ..schemas.checks import validator
from ..schemas.traversal import resolve

MAX_DEPTH = 12
OPTIONAL_DEPTH = 3
"""Below this only what is required is made, so that a schema of trees gives a small one."""
MAX_SIZE = 1_000
"""The longest text or list to make; a schema that wants more gets nothing."""
MAX_PARTS = 100_000
"""The most parts of a value: lists of lists that repeat have them without having cost anything."""
MAX_VALUES = 5_000
"""How many parts to try before giving up: unions inside unions multiply."""

BY_FORMAT = {
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "time": "00:00:00Z",
    "duration": "PT1M",
    "email": "devin@example.com",
    "idn-email": "devin@example.com",
    "uri": "https://example.com/",
    "iri": "https://example.com/",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "json-pointer": "/done",
    "relative-json-pointer": "0",
}


def sample_value(schema: dict[str, Any]) -> dict[str, Any] | None:
    """Make an object that fits the draft 7 schema, or return `None` when this simple maker cannot.

    It knows types, enums, bounds, formats, local references and unions; a pattern it cannot
    follow ends in `None`, as a real session that fails to deliver does.
    """
    from jsonschema import Draft7Validator

    try:
        checker = validator(schema, Draft7Validator.FORMAT_CHECKER)
        made = _SampleBuilder(checker).value(checker.schema, 0)
        json.dumps(made, allow_nan=False)
        return made if isinstance(made, dict) and checker.is_valid(made) else None
    except Exception:  # a schema may be legal and still recurse, take too long, or overflow a number
        return None


class _SampleBuilder:
    """Makes values for the parts of one schema: of several candidates, the first that fits."""

    def __init__(self, validator: Any):
        self._validator = validator
        self._left = MAX_VALUES

    def value(self, schema: Any, depth: int) -> Any:
        """Return a value for a part of the schema; `None` when nothing fits."""
        self._left -= 1
        schema = self._resolved(schema)
        if not isinstance(schema, dict) or depth > MAX_DEPTH or self._left < 0:
            return None
        fits = self._validator.evolve(schema=schema).is_valid
        return next((one for one in self._candidates(schema, depth) if _is_small(one) and fits(one)), None)

    def _candidates(self, schema: dict[str, Any], depth: int) -> Iterator[Any]:
        yield from (schema[name] for name in ("const", "default") if name in schema)
        yield from chain(schema.get("examples", ()), schema.get("enum", ()))
        for union in ("anyOf", "oneOf"):
            for branch in schema.get(union, ()):
                yield self.value(self._merged(schema, union, [branch]), depth + 1)
        if "allOf" in schema:
            yield self.value(self._merged(schema, "allOf", schema["allOf"]), depth + 1)
        kinds = schema.get("type", "object" if "properties" in schema else "string")
        for kind in [kinds] if isinstance(kinds, str) else kinds:
            yield from self._of_type(kind, schema, depth)

    def _of_type(self, kind: str, schema: dict[str, Any], depth: int) -> Iterable[Any]:
        if kind == "object":
            return [self._object(schema, depth)]
        if kind == "array":
            return [self._array(schema, depth)]
        if kind in ("integer", "number"):
            return (int(n) if kind == "integer" else float(n) for n in _numbers(schema))
        if kind == "string":
            return [_string(schema)]
        return [True, False] if kind == "boolean" else [None]

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        parts, required = schema.get("properties", {}), schema.get("required", [])
        others = schema.get("additionalProperties", True)
        wanted = [*(parts if depth < OPTIONAL_DEPTH else ()), *required]
        few = schema.get("minProperties", 0) - len(set(wanted))
        wanted += [f"part_{number}" for number in range(min(int(few), MAX_SIZE))]
        made = {}
        for name in dict.fromkeys(wanted):
            part = parts.get(name, {} if others is True else others)
            value = self.value(part, depth + 1)
            if name in required or self._validator.evolve(schema=part).is_valid(value):
                made[name] = value
        return made

    def _array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        items = schema.get("items", {})
        most = int(min(schema.get("maxItems", MAX_SIZE), MAX_SIZE))
        least = int(schema.get("minItems", 1 if depth < OPTIONAL_DEPTH else 0))
        if isinstance(items, list):
            return [self.value(part, depth + 1) for part in items[:most]]
        one = schema.get("contains", items) if "contains" in schema else items
        return [self.value(one, depth + 1)] * min(max(least, int("contains" in schema)), most)

    def _merged(self, schema: dict[str, Any], union: str, branches: Iterable[Any]) -> dict[str, Any]:
        """Lay branches of a union over what the schema says beside it."""
        merged = {key: value for key, value in schema.items() if key != union}
        for branch in filter(lambda part: isinstance(part, dict), map(self._resolved, branches)):
            both = {
                "properties": merged.get("properties", {}) | branch.get("properties", {}),
                "required": [*merged.get("required", []), *branch.get("required", [])],
            }
            merged |= branch | {key: value for key, value in both.items() if value}
        return merged

    def _resolved(self, schema: Any) -> Any:
        """Follow a reference, and one that it leads to."""
        for _ in range(MAX_DEPTH):
            if not isinstance(schema, dict) or "$ref" not in schema:
                return schema
            schema = resolve(self._validator.schema, str(schema["$ref"]))
        return None


def _is_small(value: Any) -> bool:
    """Return whether a value has at most `MAX_PARTS` parts, a repeated one counted each time."""
    waiting, parts = [value], 0
    while waiting and parts <= MAX_PARTS:
        one = waiting.pop()
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        parts += 1 + len(inner)
        waiting += [part for part in inner if isinstance(part, dict | list)]
    return parts <= MAX_PARTS


def _numbers(schema: dict[str, Any]) -> Iterator[float]:
    """Yield numbers at and between the bounds, in steps of `multipleOf`."""
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    step = schema.get("multipleOf", 1)
    start = low if low is not None else 0 if high is None else min(0, high)
    yield from (-(-start // step) * step, -(-start // step) * step + step)
    yield start
    if high is not None:
        yield from (high // step * step, high // step * step - step, high, (start + high) / 2)


def _string(schema: dict[str, Any]) -> str:
    text = BY_FORMAT.get(schema.get("format", ""), "done")
    text = text.ljust(int(min(schema.get("minLength", 0), MAX_SIZE)), ".")
    return text[: int(schema.get("maxLength", len(text)))]
