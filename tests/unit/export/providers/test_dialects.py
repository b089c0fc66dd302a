"""Schemas in the dialect of each provider: its keywords, its limits, and what it cannot say."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support.laws import for_every
from support.odd_tools import Chain, FindLinks, FindMany, FindOdd, FindTree, many_fields, nodes
from support.schemas import check_schema
from support.specs import with_input
from support.tools import built_in, tools

from devin_tools import Spec, describe
from devin_tools.api import GetSession
from devin_tools.export.providers.limits import openai_excess
from devin_tools.export.providers.variants import gemini_schema, inline, strict, strict_set
from devin_tools.model_input import for_models, json_fields

ODD = describe(FindOdd)

STRICT_KEYWORDS = "type properties required additionalProperties items anyOf enum description format minItems"
KEYWORDS = {
    "openai": STRICT_KEYWORDS
    + " pattern maxItems minimum maximum exclusiveMinimum exclusiveMaximum multipleOf",
    "anthropic": STRICT_KEYWORDS,
    "gemini": "type format description nullable enum items minItems maxItems properties required "
    "propertyOrdering minimum maximum minLength maxLength pattern anyOf",
    "gemini json": "type format description enum items minItems maxItems properties required "
    "propertyOrdering minimum maximum anyOf additionalProperties",
}

OPEN = {"devin_fan_out"}
"""Tools with a list of objects of any shape: strict modes cannot say it, and the export says so."""


def sayable() -> list[Spec]:
    """Return the tools that strict modes can say."""
    return [*(spec for spec in for_models(tools()) if spec.name not in OPEN), ODD]


@for_every("name", lambda: OPEN)
def test_a_tool_that_strict_cannot_say_is_offered_as_it_is_and_says_why(name: str) -> None:
    spec = built_in().spec(name)
    for provider in ("openai", "anthropic"):
        said = strict(spec, provider)
        assert (said.is_strict, said.schema) == (False, inline(spec))
        assert any("any shape" in note for note in said.notes)
    assert gemini_schema(spec) is None and gemini_schema(spec, json_schema=True) is not None


@for_every("spec", sayable)
def test_every_built_in_tool_can_be_strict_for_openai(spec: Spec) -> None:
    said = strict(spec, "openai")
    assert (said.is_strict, said.notes) == (True, ())
    check_schema(said.schema)
    for node in nodes(said.schema):
        assert node.keys() <= set(KEYWORDS["openai"].split())
        assert node.keys() & {"type", "anyOf", "enum"}
        assert "(?" not in node.get("pattern", "")
        assert node.get("format", "date") in {"date", "time", "date-time", "uuid"}
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])
        if node.get("type") == "array":
            assert node["items"]


def test_what_a_dialect_cannot_say_is_in_the_description() -> None:
    said = strict(ODD, "openai").schema["properties"]
    assert said["homepage"]["description"] == (
        "Where it lives. Default: https://example.org. Constraints: format `uri`. Null: left out."
    )
    assert "Constraints: pattern `^(?=x)`." in said["ahead"]["description"]
    assert said["counts"]["description"] == "How many of each. Sent as JSON in a string. Null: left out."
    session_id = strict(describe(GetSession), "openai").schema["properties"]["session_id"]
    assert session_id["description"].endswith(
        "Examples: devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c. Constraints: minLength 1."
    )


@pytest.mark.parametrize(
    ("tool", "note"),
    [
        (FindTree, "tree.branches[] may be an object of any shape"),
        (FindLinks, "links[] may be an object of any shape"),
        (Chain, "anything may be of any type"),
    ],
)
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_tool_that_cannot_be_strict_is_not_and_says_why(tool: Any, note: str, provider: Any) -> None:
    said = strict(describe(tool), provider)
    assert (said.is_strict, said.notes) == (False, (note,))
    assert said.schema == inline(describe(tool))


def test_a_tool_beyond_the_limits_of_openai_is_not_strict() -> None:
    assert strict(describe(FindMany), "openai").notes == ("more than 1000 enum values",)
    assert strict(describe(FindMany), "anthropic").is_strict


def nested(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"type": "object", "properties": {}}
    return inner if levels == 1 else inner | {"properties": {"x": nested(levels - 1)}}


@pytest.mark.parametrize(
    ("largest", "too_large", "excess"),
    [
        (nested(10), nested(11), "objects in more than 10 levels"),
        (
            {"properties": {f"p{n}": {} for n in range(5000)}},
            {"properties": {f"p{n}": {} for n in range(5001)}},
            "more than 5000 properties",
        ),
        (
            {"enum": ["x" * 500] * 240},
            {"enum": ["x" * 500] * 241},
            "names and enum values of more than 120000 characters",
        ),
        ({"enum": ["x" * 60] * 250}, {"enum": ["x" * 60] * 251}, "an enum of more than 15000 characters"),
    ],
)
def test_the_limits_of_openai_are_exact(
    largest: dict[str, Any], too_large: dict[str, Any], excess: str
) -> None:
    assert openai_excess(largest) == []
    assert openai_excess(too_large) == [excess]


@for_every("spec", sayable)
def test_strict_for_anthropic_keeps_to_its_keywords(spec: Spec) -> None:
    said = strict(spec, "anthropic")
    assert said.is_strict
    for node in nodes(said.schema):
        assert node.keys() <= set(KEYWORDS["anthropic"].split())
        assert node.keys() & {"type", "anyOf", "enum"}
        assert node.get("minItems", 0) <= 1
        assert node.get("additionalProperties", False) is False
    assert set(said.schema.get("required", ())) == set(inline(spec).get("required", ()))


def strict_names(specs: list[Spec]) -> list[str]:
    return [name for name, said in strict_set(specs, "anthropic").items() if said.is_strict]


def test_anthropic_takes_twenty_strict_tools_and_no_more() -> None:
    specs = [describe(many_fields(number, 0)) for number in range(21)]
    assert strict_names(specs) == [spec.name for spec in specs[:20]]
    assert strict_set(specs, "anthropic")[specs[20].name].notes == ("more than 20 strict tools",)
    assert strict_set(specs, "openai")[specs[20].name].is_strict


def test_anthropic_takes_24_optional_fields_in_the_order_given() -> None:
    big, small, none = (describe(many_fields(100 + size, size)) for size in (20, 5, 0))
    assert strict_names([big, small, none]) == [big.name, none.name]
    assert strict_names([small, big, none]) == [small.name, none.name]
    four = describe(many_fields(104, 4))
    assert strict_names([big, four]) == [big.name, four.name]
    assert strict_set([big, small], "anthropic")[small.name].notes == (
        "more than 24 optional fields in all strict tools",
    )


def test_anthropic_takes_16_unions() -> None:
    def unions(name: str, number: int) -> Spec:
        either = {"anyOf": [{"type": "string"}, {"type": "integer"}]}
        properties = {f"field_{place}": either for place in range(number)}
        schema = {"type": "object", "properties": properties, "required": list(properties)}
        return with_input(describe(FindMany), schema, name=name)

    specs = [unions("first", 10), unions("second", 7), unions("third", 6)]
    assert strict_names(specs) == ["first", "third"]
    assert strict_set(specs, "anthropic")["second"].notes == ("more than 16 unions in all strict tools",)


@for_every("spec", sayable)
def test_gemini_parameters_keep_to_its_schema(spec: Spec) -> None:
    schema = gemini_schema(spec)
    assert schema is not None
    for node in nodes(schema):
        assert node.keys() <= set(KEYWORDS["gemini"].split())
        assert isinstance(node.get("type", ""), str)
        assert node.keys() & {"type", "anyOf"}
        assert all(isinstance(value, str) for value in node.get("enum", ()))
        assert node.get("format", "date-time") == "date-time"
        if node.get("properties"):
            assert node["propertyOrdering"] == list(node["properties"])
            assert set(node.get("required", ())) <= node["properties"].keys()
        if node.get("type") == "object" and node is not schema:
            assert node["properties"]
    for name in json_fields(spec):
        assert schema["properties"][name]["type"] == "string"


def test_gemini_parameters_say_null_enums_and_tuples_in_their_own_way() -> None:
    schema = gemini_schema(ODD)
    assert schema is not None
    properties = schema["properties"]
    assert (properties["note"]["type"], properties["note"]["nullable"]) == ("string", True)
    assert properties["mood"] == {
        "description": "How it feels.",
        "type": "string",
        "enum": ["good", "bad"],
    }
    assert properties["size"]["description"] == "How large it is. Default: 1. Constraints: enum [1, 2, 3]."
    assert "enum" not in properties["size"]
    assert properties["pair"]["items"] == {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    assert (properties["pair"]["minItems"], properties["pair"]["maxItems"]) == (2, 2)
    assert properties["pet"]["anyOf"][1]["properties"]["kind"]["enum"] == ["dog"]


def test_gemini_parameters_say_that_a_needed_enum_may_be_null() -> None:
    mood = {"enum": ["good", None]}
    spec = with_input(ODD, {"type": "object", "properties": {"mood": mood}, "required": ["mood"]})
    schema = gemini_schema(spec)
    assert schema is not None
    assert schema["properties"]["mood"] == {"type": "string", "enum": ["good"], "nullable": True}


@pytest.mark.parametrize("tool", [FindTree, FindLinks, Chain])
def test_what_gemini_parameters_cannot_say_is_left_to_its_json_schema(tool: Any) -> None:
    assert gemini_schema(describe(tool)) is None
    assert gemini_schema(describe(tool), json_schema=True) is not None


@for_every("spec", sayable)
def test_gemini_json_schema_keeps_to_its_keywords_and_accepts_the_examples(spec: Spec) -> None:
    schema = gemini_schema(spec, json_schema=True)
    assert schema is not None
    assert {key for node in nodes(schema) for key in node} <= set(KEYWORDS["gemini json"].split())
    for example in spec.examples:
        Draft202012Validator(schema).validate(example)


def test_a_list_of_lists_of_two_kinds_is_beyond_gemini_parameters() -> None:
    lists = [{"type": "array", "items": {"type": kind}} for kind in ("string", "integer")]
    schema = {"type": "object", "properties": {"rows": {"type": "array", "items": {"anyOf": lists}}}}
    assert gemini_schema(with_input(describe(FindMany), schema)) is None
    assert gemini_schema(with_input(describe(FindMany), schema), json_schema=True) is not None
