"""Random values that fit a schema of the document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

__all__ = ["fitting", "many"]

BY_FORMAT = {
    "date-time": st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='seconds')}Z"),
    "uri": st.text("abc/", max_size=9).map("https://example.com/{}".format),
}
ANYTHING = st.sampled_from([None, True, 0, "x", [], {"a": [1]}])


def many(strategy: SearchStrategy[Any], count: int) -> list[Any]:
    """Return so many values of a strategy, the same ones in each run."""
    made: list[Any] = []

    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def note(value: Any) -> None:
        made.append(value)

    note()
    return made


def fitting(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    """Return the values that fit a schema: the words of an enum, each alternative, keys there or not."""
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if options := schema.get("anyOf", schema.get("oneOf")):
        return st.one_of([fitting(option) for option in options])
    if parts := schema.get("allOf"):
        return st.tuples(*map(fitting, parts)).map(
            lambda values: {k: v for d in values for k, v in d.items()}
        )
    kind = schema.get("type", "object" if "properties" in schema else None)
    return BY_TYPE[kind](schema) if kind in BY_TYPE else ANYTHING


def _objects(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    required = set(schema.get("required", ()))
    parts = {name: fitting(part) for name, part in schema.get("properties", {}).items()}
    if not parts and isinstance(others := schema.get("additionalProperties"), Mapping):
        return st.dictionaries(st.text(max_size=4), fitting(others), max_size=2)
    if not parts:
        return st.dictionaries(st.text(max_size=4), ANYTHING, max_size=2)
    return st.fixed_dictionaries(
        {name: part for name, part in parts.items() if name in required},
        optional={name: part for name, part in parts.items() if name not in required},
    )


def _arrays(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    least = schema.get("minItems", 0)
    unique = schema.get("uniqueItems", False)
    return st.lists(fitting(schema.get("items", {})), min_size=least, max_size=max(least, 3), unique=unique)


def _texts(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    if (known := BY_FORMAT.get(schema.get("format", ""))) is not None:
        return known
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    return st.text(min_size=schema.get("minLength", 0), max_size=max(schema.get("minLength", 0), 12))


def _integers(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    return st.integers(int(schema.get("minimum", -5)), int(schema.get("maximum", 2_000_000_000)))


def _numbers(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    return st.floats(schema.get("minimum", -10.0), schema.get("maximum", 1e6), allow_nan=False)


BY_TYPE = {
    "object": _objects,
    "array": _arrays,
    "string": _texts,
    "integer": _integers,
    "number": _numbers,
    "boolean": lambda schema: st.booleans(),
    "null": lambda schema: st.none(),
}
