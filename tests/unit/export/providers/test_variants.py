"""Schemas in every variant: what each promises, kept by the built-in tools and by odd ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from support.calls import calls
from support.laws import for_every
from support.odd_tools import Chain, FindLinks, FindMany, FindOdd, FindTree, nodes
from support.schemas import check_schema
from support.specs import with_input
from support.strict_form import as_strict, sets, strict_routed, survives
from support.tools import built_in, each_kind, tools

from devin_tools import Catalog, Spec, describe
from devin_tools.errors import InvalidArguments
from devin_tools.export.providers.variants import gemini_schema, inline, output, raw, strict
from devin_tools.model_input import call_from_model, for_models

VARIANTS: dict[str, Callable[[Spec], Any]] = {
    "raw": raw,
    "inline": inline,
    "openai": lambda spec: strict(spec, "openai").schema,
    "anthropic": lambda spec: strict(spec, "anthropic").schema,
    "gemini": gemini_schema,
    "gemini json": lambda spec: gemini_schema(spec, json_schema=True),
}


@cache
def odd() -> tuple[Spec, ...]:
    return tuple(describe(tool) for tool in (FindOdd, FindTree, FindLinks, FindMany, Chain))


@cache
def catalog_with_odd() -> Catalog:
    """Return the built-in tools and odd ones."""
    return Catalog(specs={spec.name: spec for spec in [*tools(), *odd()]})


def every_tool() -> list[Spec]:
    return list(catalog_with_odd())


def for_people(spec: Spec) -> bool:
    """Return whether a tool has anything to keep from models: of others no variant can show it."""
    return bool(spec.user_only) or "SessionSecret" in json.dumps(spec.input_schema)


def strict_tools() -> list[Spec]:
    """Return the tools that strict modes can say."""
    return [spec for spec in for_models([*tools(), describe(FindOdd)]) if strict(spec, "openai").is_strict]


def examples(spec: Spec) -> list[dict[str, Any]]:
    """Return the examples of a tool, without what only a person may fill."""
    return [
        {name: value for name, value in item.items() if name not in spec.user_only} for item in spec.examples
    ]


@for_every("spec, variant", lambda: product(filter(for_people, every_tool()), VARIANTS))
def test_no_variant_holds_a_field_that_only_a_person_may_fill(spec: Spec, variant: str) -> None:
    schema = VARIANTS[variant](spec) or {}
    assert schema.get("properties", {}).keys() & spec.user_only == set()
    assert set(schema.get("required", ())) & spec.user_only == set()
    assert "SessionSecret" not in json.dumps(schema)


@for_every("spec, variant", lambda: product([*each_kind(), *odd()], VARIANTS))
def test_every_variant_belongs_to_whoever_asked_for_it(spec: Spec, variant: str) -> None:
    def spoil(node: Any) -> None:
        for part in list(node.values()) if isinstance(node, dict) else node:
            if isinstance(part, dict | list):
                spoil(part)
        node.clear()

    schema = VARIANTS[variant](spec)
    before = json.dumps(schema)
    declared = json.dumps(spec.input_schema)
    spoil({"schema": schema})
    assert json.dumps(VARIANTS[variant](spec)) == before
    assert json.dumps(spec.input_schema) == declared


@for_every("spec", every_tool)
def test_raw_and_inline_are_valid_schemas_that_accept_the_examples(spec: Spec) -> None:
    for schema in (raw(spec), inline(spec)):
        check_schema(schema)
        for example in examples(spec):
            Draft202012Validator(schema).validate(example)


def test_raw_is_the_declared_schema_less_what_only_a_person_may_fill() -> None:
    odd = describe(FindOdd)
    declared = json.loads(json.dumps(odd.input_schema))
    del declared["properties"]["keeper"]
    assert raw(odd) == declared
    plain = catalog_with_odd().spec("devin_get_session")
    assert raw(plain) == plain.input_schema


@for_every("spec", every_tool)
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
    spec = with_input(plain, {"type": "object", "properties": {"word": {"type": kinds}}})
    left = [kind for kind in kinds if kind != "null"]
    assert inline(spec)["properties"]["word"] == {"type": left[0] if len(left) == 1 else left}
    said = strict(spec, "openai").schema["properties"]["word"]["anyOf"]
    assert said == [*({"type": kind} for kind in left), {"type": "null"}]


@for_every("spec", every_tool)
def test_the_output_is_an_object_without_references(spec: Spec) -> None:
    schema = output(spec)
    check_schema(schema)
    assert schema["type"] == "object"
    assert [node for node in nodes(schema) if node.keys() & {"$ref", "$defs"}] == []


@for_every("spec", strict_tools)
def test_what_a_strict_model_must_send_is_the_call_it_meant(spec: Spec) -> None:
    schema = strict(spec, "openai").schema
    for example in examples(spec):
        sent = as_strict(example, schema)
        Draft202012Validator(schema).validate(sent)
        received = call_from_model(catalog_with_odd(), spec.name, sent)
        assert sets(received) == sets(catalog_with_odd().call(spec.name, example))


@settings(max_examples=120)
@given(data=st.data())
def test_any_call_survives_the_strict_form(data: st.DataObject) -> None:
    """Each tool for itself is in tests/process/test_flavours.py."""
    spec = built_in().spec(data.draw(st.sampled_from(sorted(strict_routed()))))
    survives(spec, data.draw(calls(spec.tool)))


def test_keywords_beside_a_reference_as_older_pydantic_writes_them_are_joined() -> None:
    schema = {
        "type": "object",
        "$defs": {"Size": {"type": "integer", "description": "A size."}},
        "properties": {"size": {"allOf": [{"$ref": "#/$defs/Size"}], "description": "How large."}},
        "required": ["size"],
    }
    spec = with_input(describe(FindMany), schema)
    assert inline(spec)["properties"]["size"] == {"type": "integer", "description": "How large."}
    assert "$defs" in raw(spec)


def test_nulls_inside_objects_are_dropped_only_where_a_field_may_be_left_out() -> None:
    pet = {"kind": "cat", "lives": None, "is_asleep": None}
    given = {"pet": pet, "note": None, "friends": [pet], "counts": '{"a": 1}', "pair": [1, "b"]}
    assert sets(call_from_model(catalog_with_odd(), "devin_find_odd", given)) == {
        "pet": {"kind": "cat"},
        "note": None,
        "friends": [{"kind": "cat"}],
        "counts": {"a": 1},
        "pair": (1, "b"),
    }


def test_a_free_form_object_comes_as_it_is_or_as_json_text_and_nothing_else() -> None:
    given: dict[str, Any] = {"pet": {"kind": "dog"}, "note": "x"}
    for counts in ({"a": 1}, '{"a": 1}'):
        assert call_from_model(catalog_with_odd(), "devin_find_odd", given | {"counts": counts}).model_dump()[
            "counts"
        ] == {"a": 1}
    for counts in ("hunter2", '["hunter2"]', "[" * 100_000, "null", "", '{"hunter2": '):
        with pytest.raises(InvalidArguments, match="counts") as caught:
            call_from_model(catalog_with_odd(), "devin_find_odd", given | {"counts": counts})
        assert "hunter2" not in json.dumps(caught.value.as_dict())


def test_nulls_in_lists_that_come_as_json_text_are_dropped_as_in_lists() -> None:
    given = {"pet": '{"kind": "cat", "lives": null}', "note": "x"}
    friends = [{"kind": "cat", "lives": None, "is_asleep": None}]
    for form in (friends, json.dumps(friends)):
        call = call_from_model(catalog_with_odd(), "devin_find_odd", given | {"friends": form})
        assert call.model_dump(exclude_unset=True)["friends"] == [{"kind": "cat"}]
