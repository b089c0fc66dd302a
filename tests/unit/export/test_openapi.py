"""The OpenAPI document is valid, complete, and holds nothing that a model must not see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from support.laws import for_every
from support.odd_tools import StoreKey
from support.schemas import check_schema
from support.tools import built_in, each_kind, tools

from devin_tools import Spec, describe
from devin_tools.export.manifest import manifest_of
from devin_tools.export.openapi import CONFIRM_HEADER, DEFAULT_URL, openapi_files, openapi_of
from devin_tools.model_input import for_models


@cache
def document() -> dict[str, Any]:
    return openapi_of([*tools(), describe(StoreKey)])


@cache
def specs() -> tuple[Spec, ...]:
    """Return the tools that the document should have."""
    return tuple(for_models([*tools(), describe(StoreKey)]))


def operation(spec: Spec) -> dict[str, Any]:
    found: dict[str, Any] = document()["paths"][f"/tools/{spec.name}"]["post"]
    return found


def body(spec: Spec) -> dict[str, Any]:
    """Return the schema and the examples of a body; of none where a tool takes no arguments."""
    none = {"content": {"application/json": {"schema": {"properties": {}}, "examples": {}}}}
    found: dict[str, Any] = operation(spec).get("requestBody", none)["content"]["application/json"]
    return found


def output(spec: Spec) -> dict[str, Any]:
    found: dict[str, Any] = operation(spec)["responses"]["200"]["content"]["application/json"]["schema"]
    return found


def keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from node
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from keys(item)


@pytest.mark.parametrize("has_token", [True, False])
def test_a_document_of_some_tools_is_valid(has_token):
    """Of all tools it is in tests/process/test_openapi.py."""
    some = [built_in().spec(name) for name in ("devin_create_session", "devin_get_self")]
    made = openapi_of([*some, describe(StoreKey)], url="https://tools.example.com", has_token=has_token)
    validate(made, cls=OpenAPIV31SpecValidator)


def test_the_document_of_no_tools_is_valid():
    validate(openapi_of([]), cls=OpenAPIV31SpecValidator)


def test_every_tool_is_one_operation_named_by_its_id():
    operations = [item for path in document()["paths"].values() for item in path.values()]
    assert [item["operationId"] for item in operations] == [spec.name for spec in specs()]
    assert all(list(path) == ["post"] for path in document()["paths"].values())


@for_every("spec", specs)
def test_an_operation_says_what_the_tool_is(spec):
    said = operation(spec)
    assert (said["summary"], said["description"]) == (spec.summary, spec.description)
    assert said["tags"] == [spec.resource]
    assert {"name": spec.resource} in document()["tags"]


@for_every("spec", specs)
def test_bodies_and_outputs_hold_no_references(spec):
    assert {"$ref", "$defs"}.isdisjoint([*keys(body(spec)), *keys(output(spec))])
    check_schema(body(spec)["schema"])
    check_schema(output(spec))


@for_every("spec", specs)
def test_fields_that_only_a_person_may_fill_are_absent(spec):
    everything = set(spec.input_schema["properties"])
    assert set(body(spec)["schema"]["properties"]) == everything - spec.user_only


def test_some_tool_has_fields_that_only_a_person_may_fill():
    assert {name for spec in specs() for name in spec.user_only} >= {"session_secrets", "bypass_approval"}


@for_every("spec", specs)
def test_every_example_fits_its_schema(spec):
    examples = [item["value"] for item in body(spec)["examples"].values()]
    assert len(examples) == (len(spec.examples) if spec.input_schema["properties"] else 0)
    for example in examples:
        Draft202012Validator(body(spec)["schema"]).validate(example)


@for_every("spec", specs)
def test_an_operation_states_the_effect(spec):
    said = operation(spec)
    assert said["x-devin-effect"] == manifest_of(spec)["effect"]
    assert said["x-openai-isConsequential"] is not spec.effect.only_reads
    needs_consent = spec.effect.is_billable or spec.effect.kind == "destroy"
    assert ("x-devin-confirm" in said) is needs_consent


def test_an_example_loses_what_only_a_person_may_fill():
    spec = next(spec for spec in specs() if "session_secrets" in spec.user_only)
    spec = replace(spec, examples=({"prompt": "Look.", "session_secrets": []},))
    path = openapi_of([spec])["paths"][f"/tools/{spec.name}"]["post"]
    examples = path["requestBody"]["content"]["application/json"]["examples"]
    assert examples == {"example_1": {"value": {"prompt": "Look."}}}


def test_no_model_can_give_consent():
    assert all("parameters" not in operation(spec) for spec in specs())
    billable = next(spec for spec in specs() if spec.effect.is_billable)
    assert operation(billable)["x-devin-confirm"] == {"header": CONFIRM_HEADER, "value": "true"}


@for_every("spec", specs)
def test_every_refusal_has_the_one_shape(spec):
    for status, response in operation(spec)["responses"].items():
        if status != "200":
            named = response["$ref"].removeprefix("#/components/responses/")
            content = document()["components"]["responses"][named]["content"]
            assert content == {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}


def test_callers_need_a_token_unless_there_is_none():
    assert document()["security"] == [{"server_token": []}]
    assert document()["components"]["securitySchemes"]["server_token"] == {"type": "http", "scheme": "bearer"}
    open_document = openapi_of(specs(), has_token=False)
    assert "security" not in open_document
    assert "securitySchemes" not in open_document["components"]
    assert all("401" not in path["post"]["responses"] for path in open_document["paths"].values())


def test_the_document_names_its_server():
    assert document()["servers"] == [{"url": DEFAULT_URL}]
    assert openapi_of(specs(), url="https://x.example")["servers"] == [{"url": "https://x.example"}]


def test_the_caller_owns_the_document():
    def spoil(node: Any) -> None:
        for item in list(node.values()) if isinstance(node, dict) else node:
            if isinstance(item, dict | list):
                spoil(item)
        node.clear()

    before = json.dumps(openapi_of(each_kind()))
    spoil(openapi_of(each_kind()))
    assert json.dumps(openapi_of(each_kind())) == before


def test_the_format_writes_one_file():
    files = built_in().exporters["openapi"].files(specs()[:9])
    assert files == openapi_files(specs()[:9])
    assert json.loads(files["openapi.json"]) == openapi_of(specs()[:9])
