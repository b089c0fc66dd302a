"""The Langflow extension has every tool and every field, and a filled form is the call it should be."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from typing import Any

import pytest
from support.builder_forms import every_example, typed, with_odd
from support.laws import for_every
from support.odd_tools import FindOdd
from support.packs import pack_with_odd
from support.tools import built_in, tools

from devin_tools import Catalog, Spec, describe
from devin_tools.adapters.form_values import filled
from devin_tools.errors import InvalidArguments
from devin_tools.export.builders.fields import fields_of
from devin_tools.export.builders.langflow import CATEGORY, class_of
from devin_tools.export.builders.langflow.form import NOT_SENT, Input, connection_inputs, ids_of, tool_inputs


def files() -> Mapping[str, str]:
    return pack_with_odd("langflow")


def inputs_by_field(spec: Spec) -> dict[str, Input]:
    return {one.field.name: one for one in tool_inputs(spec) if one.field}


@for_every("spec", with_odd)
def test_every_tool_is_a_component_of_its_own(spec: Spec) -> None:
    tree = ast.parse(files()[f"{CATEGORY}/{spec.name}.py"])
    [made] = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert ast.unparse(made) == f"tool_component('{spec.name}')"
    [component] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    assert component.name == class_of(spec)
    assert ast.get_docstring(component) == spec.summary
    assert [base.id.endswith("Component") for base in component.bases if isinstance(base, ast.Name)] == [True]


def test_nothing_else_is_in_the_folder() -> None:
    others = {"extension.json", "README.md", f"{CATEGORY}/__init__.py"}
    assert files().keys() - others == {f"{CATEGORY}/{spec.name}.py" for spec in with_odd()}
    assert len({class_of(spec) for spec in tools()}) == len(tools())
    [bundle] = json.loads(files()["extension.json"])["bundles"]
    assert bundle["path"] == CATEGORY
    assert all("cog_" not in text for text in files().values())


@for_every("spec", with_odd)
def test_every_field_is_an_input(spec: Spec) -> None:
    inputs = inputs_by_field(spec)
    assert inputs.keys() == spec.tool.model_fields.keys()
    for field in fields_of(spec):
        options = inputs[field.name].options
        assert options["required"] is field.is_required
        assert options["advanced"] is not field.is_required
        assert field.description in options["info"]
        is_for_models = not field.is_user_only and not spec.missing_from_models
        assert options.get("tool_mode", False) is (is_for_models and not field.is_secret)
        assert ("Secret" in inputs[field.name].kind) is field.is_secret
    names = [one.name for one in [*connection_inputs(spec), *tool_inputs(spec)]]
    names += ["output_json", "output_text", *(port.name for port in ids_of(spec))]
    assert len(set(names)) == len(names)


def test_inputs_are_of_the_kind_that_can_be_left_alone() -> None:
    create = inputs_by_field(describe(built_in().spec("devin_create_session").tool))
    assert create["prompt"].kind == "MultilineInput"
    assert create["max_acu_limit"].kind == "IntInput"
    assert create["max_acu_limit"].options["value"] == 0
    assert create["resumable"].options["options"] == [NOT_SENT, "true", "false"]
    assert create["devin_mode"].options["combobox"] is True
    assert create["session_secrets"].kind == "MultilineSecretInput"
    listed = inputs_by_field(built_in().spec("devin_list_sessions"))
    assert listed["created_after"].kind == "MessageTextInput"  # 0 is a time: it cannot stand for nothing
    assert listed["limit"].kind == "IntInput"


def test_a_name_that_components_have_for_themselves_gives_way() -> None:
    note = built_in().spec("devin_create_knowledge_note")
    names = {one.field.name: one.name for one in tool_inputs(note, {"name"}) if one.field}
    assert (names["name"], names["body"]) == ("name_", "body")


def test_ids_are_outputs_of_their_own() -> None:
    ids = {spec.name: [port.property for port in ids_of(spec)] for spec in tools()}
    assert ids["devin_create_session"] == ["session_id"]
    assert ids["devin_create_knowledge_note"] == ["note_id"]
    assert ids["devin_list_sessions"] == []


@for_every("spec, example", every_example)
def test_a_filled_form_is_the_call(spec: Spec, example: Mapping[str, Any]) -> None:
    form = [(field, typed(field, example[field.name])) for field in fields_of(spec) if field.name in example]
    empty = [(field, nothing) for nothing in (None, "", "  ", [""]) for field in fields_of(spec)]
    assert built_in().call(spec.name, filled(form)) == built_in().call(spec.name, example)
    assert filled(empty) == {}


def test_odd_values_are_read_by_their_kind() -> None:
    spec = describe(FindOdd)
    form = {
        "pet": '{"kind": "cat", "lives": 9}',
        "note": '"x"',
        "size": "2",
        "pair": '[1, "b"]',
        "mood": "good",
    }
    arguments = filled((field, form.get(field.name)) for field in fields_of(spec))
    call = Catalog({spec.name: spec}).call(spec.name, arguments)
    assert isinstance(call, FindOdd)
    assert (call.size, call.pair, call.mood) == (2, (1, "b"), "good")


def test_an_empty_list_is_told_from_none_at_all() -> None:
    fields = {field.name: field for field in fields_of(built_in().spec("devin_create_session"))}
    for given, read in ((["[]"], []), ("[]", []), ([], []), (["a", ""], ["a"]), ('["a"]', ["a"])):
        assert filled([(fields["knowledge_ids"], given)]) == {"knowledge_ids": read}
    text_with_breaks = '{"type": "object",\n "description": "one\ntwo"}'
    assert filled([(fields["structured_output_schema"], text_with_breaks)])["structured_output_schema"]


def test_what_is_wrong_is_named_and_not_repeated() -> None:
    fields = {field.name: field for field in fields_of(built_in().spec("devin_create_session"))}
    for name, value, words in (
        ("max_acu_limit", "a canary", "max_acu_limit must be a number"),
        ("structured_output_schema", "{canary", "structured_output_schema must be JSON"),
        ("tags", ["[canary"], "tags must be JSON"),
        ("tags", ["canary", None], "tags must be a list without gaps"),
        ("tags", "[canary, b]", "tags must be JSON"),
        ("tags", '{"canary": ', "tags must be JSON"),
        ("structured_output_schema", "null", "must be a JSON list or object"),
        ("session_secrets", '"canary"', "must be a JSON list or object"),
        ("session_secrets", "canary", "must be JSON"),
    ):
        with pytest.raises(InvalidArguments, match=words) as caught:
            filled([(fields[name], value)])
        assert "canary" not in str(caught.value)
        assert [detail["path"] for detail in caught.value.details] == [name]
