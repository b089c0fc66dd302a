"""Schemas in every flavour: what each promises, kept by the built-in tools and by odd ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from support.calls import calls
from support.odd_tools import Chain, FindLinks, FindMany, FindOdd, FindTree, nodes

from devin_tools import Catalog, Spec, Tool, describe, load_catalog
from devin_tools.errors import InvalidArguments
from devin_tools.export.flavours import gemini_schema, inline, output, raw, strict
from devin_tools.model_input import call_from_model, for_models

BUILT_IN = list(load_catalog(plugins=()))
ODD = [describe(tool) for tool in (FindOdd, FindTree, FindLinks, FindMany, Chain)]
ALL = BUILT_IN + ODD
CATALOG = Catalog(specs={spec.name: spec for spec in ALL})

FLAVOURS: dict[str, Callable[[Spec], Any]] = {
    "raw": raw,
    "inline": inline,
    "openai": lambda spec: strict(spec, "openai").schema,
    "anthropic": lambda spec: strict(spec, "anthropic").schema,
    "gemini": gemini_schema,
    "gemini json": lambda spec: gemini_schema(spec, json_schema=True),
}

every_tool = pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.name)
every_flavour = pytest.mark.parametrize("flavour", FLAVOURS.values(), ids=FLAVOURS)


def examples(spec: Spec) -> list[dict[str, Any]]:
    """Give the examples of a tool, without what only a person may fill."""
    return [
        {name: value for name, value in item.items() if name not in spec.user_only} for item in spec.examples
    ]


def sets(call: Tool[Any]) -> dict[str, Any]:
    """Give what a call sets, and so sends: what is left out is not there."""
    return call.model_dump(exclude_unset=True)


def as_strict(value: Any, schema: Mapping[str, Any]) -> Any:
    """Say arguments as a strict model must: every field there, null for those left out."""
    if isinstance(value, list) and "items" in schema:
        return [as_strict(item, schema["items"]) for item in value]
    if not isinstance(value, dict):
        return value
    for kind in schema.get("anyOf", [schema]):
        if kind.get("type") == "string":
            return json.dumps(value)
        named = kind.get("properties", {}).get("kind", {}).get("enum", [value.get("kind")])
        if kind.get("type") == "object" and value.get("kind") in named:
            return {name: as_strict(value.get(name), part) for name, part in kind["properties"].items()}
    return value


@every_flavour
@every_tool
def test_no_flavour_holds_a_field_that_only_a_person_may_fill(spec: Spec, flavour: Any) -> None:
    schema = flavour(spec) or {}
    assert schema.get("properties", {}).keys() & spec.user_only == set()
    assert set(schema.get("required", ())) & spec.user_only == set()
    assert "SessionSecret" not in json.dumps(schema)


@every_flavour
@every_tool
def test_every_flavour_belongs_to_whoever_asked_for_it(spec: Spec, flavour: Any) -> None:
    def spoil(node: Any) -> None:
        for part in list(node.values()) if isinstance(node, dict) else node:
            if isinstance(part, dict | list):
                spoil(part)
        node.clear()

    schema = flavour(spec)
    before = json.dumps(schema)
    declared = json.dumps(spec.input_schema)
    spoil({"schema": schema})
    assert json.dumps(flavour(spec)) == before
    assert json.dumps(spec.input_schema) == declared


@every_tool
def test_raw_and_inline_are_valid_schemas_that_accept_the_examples(spec: Spec) -> None:
    for schema in (raw(spec), inline(spec)):
        Draft202012Validator.check_schema(schema)
        for example in examples(spec):
            Draft202012Validator(schema).validate(example)


def test_raw_is_the_declared_schema_less_what_only_a_person_may_fill() -> None:
    odd = describe(FindOdd)
    declared = json.loads(json.dumps(odd.input_schema))
    del declared["properties"]["keeper"]
    assert raw(odd) == declared
    plain = CATALOG.spec("devin_get_session")
    assert raw(plain) == plain.input_schema


@every_tool
def test_inline_has_no_reference_and_no_null_for_a_field_that_may_be_left_out(spec: Spec) -> None:
    schema = inline(spec)
    assert [node for node in nodes(schema) if node.keys() & {"$ref", "$defs", "allOf", "discriminator"}] == []
    for node in nodes(schema):
        for name, part in node.get("properties", {}).items():
            if name not in node.get("required", ()):
                assert {"type": "null"} not in part.get("anyOf", ())
                assert None not in part.get("enum", ())


def test_inline_keeps_null_where_it_says_something() -> None:
    note = inline(describe(FindOdd))["properties"]["note"]
    assert note["anyOf"] == [{"type": "string"}, {"type": "null"}]


def test_inline_keeps_the_description_of_the_field_over_that_of_its_type() -> None:
    properties = inline(describe(FindTree))["properties"]
    assert properties["tree"]["description"] == "The tree."
    assert properties["tree"]["properties"]["branches"]["items"] == {
        "type": "object",
        "description": "A tree.",
    }


@pytest.mark.parametrize("kinds", [["string", "null"], ["null", "string", "integer"]])
def test_inline_reads_null_in_a_list_of_types(kinds: list[str]) -> None:
    plain = describe(FindMany)
    spec = replace(plain, input_schema={"type": "object", "properties": {"word": {"type": kinds}}})
    left = [kind for kind in kinds if kind != "null"]
    assert inline(spec)["properties"]["word"] == {"type": left[0] if len(left) == 1 else left}
    said = strict(spec, "openai").schema["properties"]["word"]["anyOf"]
    assert said == [*({"type": kind} for kind in left), {"type": "null"}]


@every_tool
def test_the_output_is_an_object_without_references(spec: Spec) -> None:
    schema = output(spec)
    Draft202012Validator.check_schema(schema)
    assert schema["type"] == "object"
    assert [node for node in nodes(schema) if node.keys() & {"$ref", "$defs"}] == []


STRICT = [spec for spec in for_models([*BUILT_IN, describe(FindOdd)]) if strict(spec, "openai").is_strict]


@pytest.mark.parametrize("spec", STRICT, ids=lambda spec: spec.name)
def test_what_a_strict_model_must_send_is_the_call_it_meant(spec: Spec) -> None:
    schema = strict(spec, "openai").schema
    for example in examples(spec):
        sent = as_strict(example, schema)
        Draft202012Validator(schema).validate(sent)
        assert sets(call_from_model(CATALOG, spec.name, sent)) == sets(CATALOG.call(spec.name, example))


@pytest.mark.parametrize("spec", for_models(s for s in BUILT_IN if s.route), ids=lambda spec: spec.name)
@given(data=st.data())
def test_any_call_survives_the_strict_form(spec: Spec, data: st.DataObject) -> None:
    dumped = data.draw(calls(spec.tool)).model_dump(mode="json", exclude_unset=True, exclude=spec.user_only)
    arguments = {name: value for name, value in dumped.items() if value is not None}
    schema = strict(spec, "openai").schema
    sent = as_strict(arguments, schema)
    Draft202012Validator(schema).validate(sent)
    received = call_from_model(CATALOG, spec.name, json.dumps(sent))
    assert sets(received) == sets(CATALOG.call(spec.name, arguments))


def test_keywords_beside_a_reference_as_older_pydantic_writes_them_are_joined() -> None:
    schema = {
        "type": "object",
        "$defs": {"Size": {"type": "integer", "description": "A size."}},
        "properties": {"size": {"allOf": [{"$ref": "#/$defs/Size"}], "description": "How large."}},
        "required": ["size"],
    }
    spec = replace(describe(FindMany), input_schema=schema)
    assert inline(spec)["properties"]["size"] == {"type": "integer", "description": "How large."}
    assert "$defs" in raw(spec)


def test_nulls_inside_objects_are_dropped_only_where_a_field_may_be_left_out() -> None:
    pet = {"kind": "cat", "lives": None, "is_asleep": None}
    given = {"pet": pet, "note": None, "friends": [pet], "counts": '{"a": 1}', "pair": [1, "b"]}
    assert sets(call_from_model(CATALOG, "devin_find_odd", given)) == {
        "pet": {"kind": "cat"},
        "note": None,
        "friends": [{"kind": "cat"}],
        "counts": {"a": 1},
        "pair": (1, "b"),
    }


def test_a_free_form_object_comes_as_it_is_or_as_json_text_and_nothing_else() -> None:
    given: dict[str, Any] = {"pet": {"kind": "dog"}, "note": "x"}
    for counts in ({"a": 1}, '{"a": 1}'):
        assert call_from_model(CATALOG, "devin_find_odd", given | {"counts": counts}).model_dump()[
            "counts"
        ] == {"a": 1}
    for counts in ("hunter2", '["hunter2"]', "[" * 100_000):
        with pytest.raises(InvalidArguments, match="counts") as caught:
            call_from_model(CATALOG, "devin_find_odd", given | {"counts": counts})
        assert "hunter2" not in json.dumps(caught.value.as_dict())
