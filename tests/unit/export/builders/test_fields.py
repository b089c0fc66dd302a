"""The fields of a form say what a tool's input schema says, and leave out nothing a person may fill."""

from __future__ import annotations

from support.laws import for_every
from support.tools import built_in, tools

from devin_tools import Spec
from devin_tools.export.builders.fields import Field, fields_of, label_of


def field(tool: str, name: str) -> Field:
    return next(field for field in fields_of(built_in().spec(tool)) if field.name == name)


@for_every("spec", tools)
def test_every_input_is_a_field(spec: Spec) -> None:
    fields = fields_of(spec)
    assert {field.name for field in fields} == set(spec.input_schema["properties"])
    assert [field.is_required for field in fields] == sorted((f.is_required for f in fields), reverse=True)
    assert {field.name for field in fields if field.is_required} == set(spec.input_schema.get("required", ()))
    assert {field.name for field in fields if field.is_user_only} == spec.user_only
    assert all(field.description for field in fields)
    assert not any("anyOf" in field.schema and {"type": "null"} in field.schema["anyOf"] for field in fields)


def test_each_kind_is_told_by_its_schema() -> None:
    assert field("devin_create_session", "prompt").kind == "text"
    assert field("devin_create_session", "prompt").is_long
    assert field("devin_create_session", "max_acu_limit").kind == "integer"
    assert field("devin_create_session", "max_acu_limit").minimum == 1
    assert field("devin_create_session", "resumable").kind == "flag"
    assert field("devin_create_session", "tags").kind == "texts"
    assert field("devin_create_session", "structured_output_schema").kind == "json"
    assert field("devin_get_session", "detail").kind == "choice"
    assert field("devin_get_session", "detail").options == ("brief", "full")
    assert field("devin_wait_session", "timeout_seconds").kind == "number"
    assert "fusion" in field("devin_create_session", "devin_mode").options


def test_secrets_are_told_wherever_they_are() -> None:
    assert field("devin_create_secret", "value").is_secret
    assert field("devin_create_session", "session_secrets").is_secret
    assert not field("devin_create_session", "prompt").is_secret


def test_what_travels_says_where_and_how() -> None:
    assert field("devin_list_sessions", "limit").wire == "first"
    assert field("devin_list_sessions", "session_ids").prefix == "devin-"
    assert field("devin_get_session", "session_id").prefix == "devin-"
    assert field("devin_get_session", "session_id").where == "path"
    assert field("devin_list_sessions", "max_chars").where == "nowhere"
    assert field("devin_wait_session", "session_id").where is None


def test_labels_are_words() -> None:
    assert label_of("max_acu_limit") == "Max ACU limit"
    assert label_of("session_ids") == "Session IDs"
