"""Structured output that the simulator makes fits the schema it was asked for, or is null."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from pydantic import BaseModel, Field
from support.laws import for_every
from support.simulated_api import simulated

from devin_tools import Client, CreateSession, GetSession
from devin_tools.simulator import schema_sample as shape
from devin_tools.simulator.schema_sample import sample_value


def obj(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object that must have all of these."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    return bool(Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER).is_valid(value))


class Finding(BaseModel):
    """What a person would write down as a pydantic model."""

    file: str
    line: int = Field(ge=1)
    severity: str | None = None
    causes: list[Finding] = []


NODE = {
    "definitions": {
        "node": obj(
            value={"type": "integer"}, children={"type": "array", "items": {"$ref": "#/definitions/node"}}
        )
    },
    "$ref": "#/definitions/node",
}
FORMATS = ("date", "time", "email", "ipv4", "ipv6", "uuid")
BASE = {"base": obj(id={"type": "string", "format": "uuid"})}

MADE = {
    "an enum": obj(verdict={"enum": ["fixed", "not_reproducible"]}),
    "an enum of numbers": obj(n={"type": "integer", "enum": [7, 9]}),
    "a constant": obj(version={"const": 2}),
    "a default": obj(n={"type": "integer", "default": 5}),
    "a default that breaks its own rule": obj(n={"type": "integer", "default": "x"}),
    "inclusive bounds": obj(n={"type": "integer", "minimum": 3, "maximum": 4}),
    "exclusive bounds": obj(n={"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}),
    "only an upper bound": obj(n={"type": "integer", "maximum": -3}),
    "fractions": obj(n={"type": "number", "minimum": 0.25, "multipleOf": 0.5}),
    "large steps": obj(n={"type": "integer", "minimum": 1, "multipleOf": 60}),
    "text lengths": obj(s={"type": "string", "minLength": 9, "maxLength": 9}),
    "short text": obj(s={"type": "string", "maxLength": 2}),
    "lengths with a decimal point": obj(
        s={"type": "string", "minLength": 6.0}, a={"type": "array", "minItems": 2.0, "maxItems": 3.0}
    ),
    "formats": obj(**{name: {"type": "string", "format": name} for name in FORMATS}),
    "nested arrays": obj(
        grid={"type": "array", "minItems": 2, "items": {"type": "array", "items": {"type": "number"}}}
    ),
    "an empty array": obj(none={"type": "array", "maxItems": 0}),
    "a tuple": obj(pair={"type": "array", "items": [{"type": "string"}, {"type": "boolean"}]}),
    "an array that contains": obj(a={"type": "array", "contains": {"const": "x"}}),
    "nullable by union": obj(s={"anyOf": [{"type": "string"}, {"type": "null"}]}),
    "nullable by list": obj(s={"type": ["string", "null"]}),
    "a union whose first branch cannot be": obj(s={"oneOf": [{"not": {}}, {"type": "integer"}]}),
    "a union beside properties": obj(a={"type": "string"}, b={"type": "integer"})
    | {"required": [], "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
    "inheritance": {
        "definitions": BASE,
        "allOf": [{"$ref": "#/definitions/base"}, obj(name={"type": "string"})],
    },
    "a reference": {"definitions": BASE, **obj(one={"$ref": "#/definitions/base"})},
    "a reference to an escaped name": {
        "definitions": {"a/b c": {"type": "integer"}},
        **obj(n={"$ref": "#/definitions/a~1b%20c"}),
    },
    "a tree": NODE,
    "optional branches of itself": {
        "type": "object",
        "properties": {name: {"$ref": "#"} for name in "abcd"},
    },
    "an impossible optional part": {"type": "object", "properties": {"a": False, "b": True}},
    "required but undescribed": {
        "type": "object",
        "required": ["a"],
        "additionalProperties": {"type": "integer"},
    },
    "a number of parts": {"type": "object", "minProperties": 3},
    "a newer dialect": {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": BASE,
        **obj(one={"$ref": "#/$defs/base"}),
    },
    "a pydantic model": Finding.model_json_schema(),
    "nothing at all": {"type": "object"},
}


@for_every("name, schema", MADE.items)
def test_what_is_made_fits_the_schema(name, schema):
    made = sample_value(schema)
    assert isinstance(made, dict)
    assert fits(made, schema)
    assert json.loads(json.dumps(made, allow_nan=False)) == made


REFUSED = {
    "no object": {"type": "array", "items": {"type": "string"}},
    "a pattern": obj(s={"type": "string", "pattern": "^[A-Z]{7}$"}),
    "a contradiction": obj(n={"type": "integer", "minimum": 4, "maximum": 3}),
    "nothing allowed": obj(n=False),
    "a reference to nowhere": obj(n={"$ref": "#/definitions/gone"}),
    "a reference to itself": {"$ref": "#"},
    "references in a ring": {
        "definitions": {"a": {"$ref": "#/definitions/a"}},
        **obj(n={"$ref": "#/definitions/a"}),
    },
    "an endless object": obj(next={"$ref": "#"}),
    "endless text": obj(s={"type": "string", "minLength": 10**12}),
    "an endless array": obj(a={"type": "array", "minItems": 10**12}),
    "an infinite number": obj(n={"type": "number", "minimum": float("inf")}),
}


@for_every("name, schema", REFUSED.items)
def test_what_cannot_be_made_is_null(name, schema):
    assert sample_value(schema) is None


MULTIPLYING = {
    "definitions": {"u": {"anyOf": [obj(**{name: {"$ref": "#/definitions/u"}}) for name in "abcdefghij"]}},
    **obj(u={"$ref": "#/definitions/u"}),
}


def test_unions_that_multiply_are_given_up(monkeypatch):
    monkeypatch.setattr(shape, "MAX_VALUES", 500)  # tests/process/ has them with the real bound
    assert sample_value(MULTIPLYING) is None


def test_a_schema_of_trees_gives_a_small_value():
    schema = {"type": "object", "properties": {name: {"$ref": "#"} for name in "abcd"}}
    assert len(json.dumps(sample_value(schema))) < 2_000


def test_a_schema_of_the_largest_size_is_served():
    schema = obj(**{f"field_{n}": {"type": "string"} for n in range(1_200)})
    assert len(json.dumps(schema)) < 64 * 1024
    assert len(sample_value(schema) or {}) == 1_200


BOUNDS = st.integers(-5, 5) | st.floats(-5, 5, allow_nan=False)
LEAVES = st.one_of(
    st.sampled_from(["string", "integer", "number", "boolean", "null"]).map(lambda kind: {"type": kind}),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number"])},
        optional={
            "minimum": BOUNDS,
            "maximum": BOUNDS,
            "exclusiveMinimum": BOUNDS,
            "exclusiveMaximum": BOUNDS,
            "multipleOf": st.sampled_from([1, 3, 0.5, 0.1]),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("string")},
        optional={
            "minLength": st.integers(0, 12),
            "maxLength": st.integers(0, 12),
            "format": st.sampled_from(["date", "email", "uuid", "made-up"]),
            "pattern": st.sampled_from(["^done$", "^x+$"]),
        },
    ),
    st.lists(st.none() | st.booleans() | st.integers() | st.text(max_size=3), min_size=1, max_size=3).map(
        lambda listed: {"enum": listed}
    ),
    st.sampled_from([{}, True, False, {"$ref": "#/definitions/leaf"}, {"$ref": "#"}, {"not": {}}]),
)
NAMES = st.text("ab/~ é", max_size=2)


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    branches = st.lists(inner, min_size=1, max_size=3)
    objects = st.fixed_dictionaries(
        {"type": st.just("object"), "properties": st.dictionaries(NAMES, inner, max_size=3)},
        optional={
            "required": st.lists(NAMES, max_size=2, unique=True),
            "additionalProperties": inner,
            "minProperties": st.integers(0, 3),
            "anyOf": branches,
        },
    )
    arrays = st.fixed_dictionaries(
        {"type": st.just("array"), "items": inner | branches},
        optional={"minItems": st.integers(0, 3), "maxItems": st.integers(0, 3), "uniqueItems": st.booleans()},
    )
    unions = st.sampled_from(["anyOf", "oneOf", "allOf"]).flatmap(
        lambda name: branches.map(lambda listed: {name: listed})
    )
    return objects | arrays | unions


SCHEMAS = st.dictionaries(NAMES, st.recursive(LEAVES, containers, max_leaves=8), max_size=3).map(
    lambda properties: obj(**properties) | {"definitions": {"leaf": {"type": "integer", "minimum": 1}}}
)


@settings(max_examples=30, deadline=None)
@given(SCHEMAS)
def test_any_schema_gives_what_fits_it_or_null(schema):
    Draft7Validator.check_schema(schema)
    made = sample_value(schema)
    assert made is None or fits(made, schema)
    json.dumps(made, allow_nan=False)


SIMPLE = st.recursive(
    st.sampled_from(["string", "integer", "number", "boolean", "null"]).map(lambda kind: {"type": kind}),
    lambda inner: (
        st.dictionaries(NAMES, inner, max_size=3).map(lambda parts: obj(**parts))
        | inner.map(lambda items: {"type": "array", "items": items})
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(NAMES, SIMPLE, max_size=3).map(lambda parts: obj(**parts)))
def test_a_schema_of_plain_types_is_always_served(schema):
    made = sample_value(schema)
    assert isinstance(made, dict)
    assert fits(made, schema)


@pytest.mark.parametrize("name", ["a tree", "a pattern"])
def test_a_session_delivers_what_fits_its_schema_or_null(name):
    schema = (MADE | REFUSED)[name]
    simulator = simulated()
    with Client(**simulator.connection()) as client:
        started = client.run(CreateSession(prompt="Look.", structured_output_schema=schema))
        simulator.clock.step(300)
        session = client.run(GetSession(session_id=started.session_id))
    assert session.status_detail == "finished"
    assert session.structured_output == sample_value(schema)


def test_a_session_without_a_schema_delivers_no_structured_output(simulator, client):
    started = client.run(CreateSession(prompt="Look."))
    simulator.clock.step(300)
    assert client.run(GetSession(session_id=started.session_id)).structured_output is None
