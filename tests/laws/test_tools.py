"""Laws that every tool obeys, each over every tool of the catalog, so that a new one is held to them."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Hashable, Iterator
from functools import cache
from itertools import product
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from resources import ADDED_BY_FLOWS, LARGEST, SMALLEST, UNTRUSTED
from support.driving import Driver
from support.laws import for_every
from support.tools import composed, routed, tools

from devin_tools import Catalog, Spec, Tool
from devin_tools.codec import decode
from devin_tools.declarations import RESERVED_NAMES
from devin_tools.paging.brief import Abridged, Detailed
from devin_tools.spec import SCOPE_NAMES
from devin_tools.tool import Output
from devin_tools.wire import Response

pytestmark = pytest.mark.usefixtures("catalog")  # it is built before a test begins

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
FIELD_NAME = re.compile(r"[a-z_][a-z0-9_]{0,63}")

every_tool = for_every("spec", tools)
every_routed_tool = for_every("spec", routed)
every_composed_tool = for_every("spec", composed)
every_schema = for_every("spec, side", lambda: product(tools(), ("input_schema", "output_schema")))


def objects(schema: Any) -> Iterator[Any]:
    """Return the schema of every object in a schema: its root and all that it refers to."""
    yield schema
    yield from schema.get("$defs", {}).values()


def properties(schema: Any) -> Iterator[tuple[str, Any]]:
    for node in objects(schema):
        yield from node.get("properties", {}).items()


def holds_secret(node: Any, schema: Any) -> bool:
    """Return whether a part of a schema holds a secret, or the place where one is kept."""
    if isinstance(node, list):
        return any(holds_secret(item, schema) for item in node)
    if not isinstance(node, dict):
        return False
    if "$ref" in node:
        return holds_secret(schema["$defs"][node["$ref"].rpartition("/")[2]], schema)
    if node.get("format") == "password" or "x-secret-file" in node:
        return True
    return any(holds_secret(item, schema) for item in node.values())


def grown(value: Any) -> Any:
    """Return an answer of a later release: every object has a field more."""
    if isinstance(value, list):
        return [grown(item) for item in value]
    if isinstance(value, dict):
        return {key: grown(item) for key, item in value.items()} | {"field_of_tomorrow": {"x": [1, None]}}
    return value


def reworded(value: Any, names: set[str]) -> Any:
    """Return an answer of a later release: its enums have words more."""
    if isinstance(value, list):
        return [reworded(item, names) for item in value]
    if isinstance(value, dict):
        return {k: "a_word_of_tomorrow" if k in names else reworded(v, names) for k, v in value.items()}
    return value


def as_output(spec: Spec, wire: Any) -> Any:
    """Return what the output should hold of an answer: lists go by the name this package gives them."""
    if (name := getattr(spec.output, "items_field", None)) is None:
        return wire
    wire = wire if isinstance(wire, dict) else {"items": wire}
    key_of_items = spec.answer_names.get(name, "items")
    return {name if key == key_of_items else key: value for key, value in wire.items()}


def read(spec: Spec, wire: Any) -> Any:
    return decode(spec.output, Response(200, json.dumps(wire).encode()), {})


def test_the_built_in_pack_has_its_session_tools() -> None:
    assert {spec.name for spec in tools()} >= {
        "devin_append_session_tags", "devin_archive_session", "devin_create_session", "devin_get_self",
        "devin_get_session", "devin_get_session_tags", "devin_list_session_attachments",
        "devin_list_session_messages", "devin_list_sessions", "devin_replace_session_tags",
        "devin_run_task", "devin_send_message", "devin_terminate_session", "devin_unarchive_session",
        "devin_wait_session", "devin_wait_sessions",
    }  # fmt: skip


def test_names_are_unique_and_so_are_titles() -> None:
    assert len({spec.name for spec in tools()}) == len({spec.title for spec in tools()}) == len(tools())


@every_tool
def test_every_name_is_legal(spec: Spec) -> None:
    assert NAME.fullmatch(spec.name) and spec.name.startswith("devin_")


@every_tool
def test_the_summary_is_one_short_sentence_that_opens_the_description(spec: Spec) -> None:
    assert len(spec.summary) < 80 and spec.summary.endswith(".")
    assert "\n" not in spec.description and spec.description.startswith(spec.summary)


@every_schema
def test_every_field_has_a_description(spec: Spec, side: str) -> None:
    schema = getattr(spec, side)
    silent = [name for name, field in properties(schema) if not field.get("description", "").strip()]
    silent += [name for name, node in schema.get("$defs", {}).items() if not node.get("description")]
    assert silent == []


@every_schema
def test_every_field_name_is_legal_everywhere(spec: Spec, side: str) -> None:
    names = {name for name, _ in properties(getattr(spec, side))}
    assert [name for name in names if not FIELD_NAME.fullmatch(name) or keyword.iskeyword(name)] == []


@every_tool
def test_no_framework_swallows_an_argument(spec: Spec) -> None:
    assert RESERVED_NAMES.isdisjoint(name for name, _ in properties(spec.input_schema))


@every_routed_tool
def test_every_placeholder_is_a_required_field_or_a_scope_name(spec: Spec) -> None:
    assert spec.route is not None
    assert set(spec.route.placeholders) <= set(spec.input_schema.get("required", [])) | SCOPE_NAMES
    assert set(spec.scope_names) == set(spec.route.placeholders) - {place.field for place in spec.places}


@every_routed_tool
def test_the_effect_agrees_with_the_verb(spec: Spec) -> None:
    assert spec.route is not None
    saves = "path" in spec.output_schema["properties"]  # a download reads there, and writes here
    assert (spec.effect.kind == "read") == (spec.route.method == "GET" and not saves)
    destroys = spec.effect.kind == "destroy"
    replaces_all = spec.route.method == "PUT" and destroys  # what a list leaves out is gone
    assert destroys == (spec.route.method == "DELETE" or replaces_all)


@every_composed_tool
def test_a_tool_made_of_others_says_its_effect_and_its_resource_itself(spec: Spec) -> None:
    assert spec.tool.effect is not None
    assert spec.resource in {other.resource for other in routed()}
    assert spec.places == ()


@every_composed_tool
def test_a_tool_made_of_others_has_a_way_of_its_own(spec: Spec, catalog: Catalog) -> None:
    assert spec.tool.flow is not Tool.flow and spec.name not in catalog.handlers


@every_tool
def test_a_read_is_free_and_repeatable_and_a_destroying_call_has_no_way_back(spec: Spec) -> None:
    if spec.effect.kind == "read":
        assert spec.effect.is_idempotent and not spec.effect.is_billable
    if spec.effect.kind == "destroy":
        assert not spec.effect.is_reversible


@every_schema
def test_schemas_are_valid_and_describe_an_object(spec: Spec, side: str) -> None:
    schema = getattr(spec, side)
    for node in flat_nodes(schema):
        check_node(json.dumps(node, sort_keys=True))
    assert schema["type"] == "object"
    assert json.loads(json.dumps(schema)) == schema


def flat_nodes(schema: Any) -> Iterator[Any]:
    """Return each schema in a schema by itself: valid, all of them, just if the whole is.

    The schemas in it are replaced by `True`, and what may be anything of its kind by one such thing, so
    that most are the same.
    """
    flat = {}
    for key, value in schema.items():
        if key in ("properties", "$defs", "patternProperties", "dependentSchemas") and isinstance(
            value, dict
        ):
            for part in value.values():
                if isinstance(part, dict):
                    yield from flat_nodes(part)
            flat[key] = {name: part for name, part in value.items() if not isinstance(part, dict)}
        elif key in ("anyOf", "allOf", "oneOf", "prefixItems") and isinstance(value, list):
            for part in value:
                if isinstance(part, dict):
                    yield from flat_nodes(part)
            flat[key] = [isinstance(part, dict) or part for part in value]
        elif key in ("items", "additionalProperties", "not", "contains") and isinstance(value, dict):
            yield from flat_nodes(value)
            flat[key] = True
        elif key in ("description", "title", "$ref") and isinstance(value, str):
            flat[key] = ""
        elif key in ("enum", "examples") and isinstance(value, list):
            flat[key] = []
        elif key not in ("const", "default"):
            flat[key] = value
    yield flat


@cache
def check_node(text: str) -> None:
    Draft202012Validator.check_schema(json.loads(text))


def test_a_schema_that_is_not_valid_is_seen_wherever_it_is() -> None:
    for bad in (
        {"type": "strin"}, {"properties": {"a": {"description": 1}}}, {"$defs": {"A": {"required": "x"}}},
        {"items": {"anyOf": [{"minimum": "1"}, {}]}}, {"anyOf": []}, {"items": 3}, {"properties": {"a": "x"}},
        {"anyOf": [{}, 1, {}]}, {"examples": {}}, {"enum": "x"}, {"pattern": "("}, {"title": ["x"]},
    ):  # fmt: skip
        with pytest.raises(SchemaError):
            Draft202012Validator.check_schema(bad)
        with pytest.raises(SchemaError):
            for node in flat_nodes(bad):
                check_node(json.dumps(node, sort_keys=True))


@every_tool
def test_examples_fit_the_model_and_the_schema(spec: Spec, catalog: Catalog) -> None:
    assert spec.examples, "give one example at least"
    for example in spec.examples:
        Draft202012Validator(spec.input_schema).validate(example)
        call = catalog.call(spec.name, example)
        assert call.model_dump(exclude_unset=True).keys() == example.keys()


@every_tool
def test_no_model_may_see_a_secret(spec: Spec) -> None:
    fields = spec.input_schema["properties"]
    secrets = {name for name, field in fields.items() if holds_secret(field, spec.input_schema)}
    assert secrets <= spec.user_only


@every_tool
def test_nothing_but_a_secret_keeps_a_tool_from_models(spec: Spec) -> None:
    schema = spec.input_schema
    secrets = {name for name, field in schema["properties"].items() if holds_secret(field, schema)}
    assert set(spec.missing_from_models) <= secrets


@every_tool
def test_a_paged_tool_names_its_items_their_id_and_its_cursor(spec: Spec) -> None:
    if spec.paging is None:
        assert "after" not in spec.input_schema["properties"]
        return
    fields = spec.output_schema["properties"]
    item = spec.output_schema["$defs"][fields[spec.paging.items]["items"]["$ref"].rpartition("/")[2]]
    assert {spec.paging.items, spec.paging.cursor, spec.paging.more} <= fields.keys()
    assert not spec.paging.item_id or spec.paging.item_id in item["required"]
    assert {spec.paging.cursor_field, spec.paging.size_field} <= spec.input_schema["properties"].keys()


def can_be_long(schema: Any) -> bool:
    """Whether an output holds lists of objects, or objects of any shape."""
    fields = [json.dumps(field) for _, field in properties(schema)]
    return any(
        ('"$ref"' in field and '"array"' in field) or '"additionalProperties": true' in field
        for field in fields
    )


@every_routed_tool
def test_a_read_whose_output_can_be_long_can_be_brief(spec: Spec) -> None:
    """A new tool that fails here derives from `Detailed` too, and its output from `Abridged`."""
    if spec.effect.kind == "read" and can_be_long(spec.output_schema):
        assert issubclass(spec.tool, Detailed)
    if issubclass(spec.tool, Detailed):
        assert issubclass(spec.output, Abridged)
        assert {place.where for place in spec.places if place.field == "detail"} == {"nowhere"}


@every_routed_tool
def test_a_paged_tool_keeps_to_a_size(spec: Spec) -> None:
    places = {place.field: place.where for place in spec.places}
    assert ("max_chars" in places) == (spec.paging is not None)
    assert places.get("max_chars", "nowhere") == "nowhere"


def set_fields(output: Any) -> set[str]:
    """Return the names of every field that an output and the outputs in it have, as `left_out` does."""
    named = set()
    for name, value in output:
        if name not in output.model_fields_set and name not in (output.model_extra or {}):
            continue
        if value not in (None, "", [], {}):
            named.add(name)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Output):
                inner = f"{name}[]." if isinstance(value, list) else f"{name}."
                named |= {inner + other for other in set_fields(part)}
    return named


@every_routed_tool
def test_a_brief_output_lacks_exactly_what_it_says_is_left_out(spec: Spec) -> None:
    if not issubclass(spec.tool, Detailed):
        return
    response = Response(200, json.dumps(grown(LARGEST[spec.output.__name__])).encode())
    full, brief = (
        Driver([response]).run(spec.tool.model_validate(dict(spec.examples[0]) | {"detail": detail}).flow())
        for detail in ("full", "brief")
    )
    parents = {f"{name}." for name in brief.left_out} | {f"{name}[]." for name in brief.left_out}
    lost = {name for name in set_fields(full) - set_fields(brief) if not name.startswith(tuple(parents))}
    assert (full.left_out, lost) == ([], set(brief.left_out))
    assert set_fields(brief) <= set_fields(full) | {"left_out"}
    outside_main_fields(brief)
    Draft202012Validator(spec.output_schema).validate(brief.model_dump(mode="json"))


def outside_main_fields(output: Any) -> None:
    """Check that a brief output, and each in it, has its main fields only."""
    required = {name for name, field in type(output).model_fields.items() if field.is_required()}
    if output.brief is not None:
        assert output.model_fields_set <= output.brief | required | {"left_out"}
        assert output.brief <= type(output).model_fields.keys()
    for _, value in output:
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Output):
                outside_main_fields(part)


@for_every("spec", lambda: [spec for spec in tools() if spec.paging])
def test_rows_of_a_page_are_read_without_python(spec: Spec) -> None:
    assert spec.paging
    (row,) = get_args(spec.output.model_fields[spec.paging.items].annotation)
    row.model_rebuild()  # it may be built when it is first used
    assert not list(work_per_row(row.__pydantic_core_schema__))


def work_per_row(schema: Any) -> Iterator[Any]:
    """Find validators in Python, and defaults that pydantic copies deeply, for each row of a page."""
    if isinstance(schema, list | tuple):
        for part in schema:
            yield from work_per_row(part)
    if not isinstance(schema, dict):
        return
    if str(schema.get("type")).startswith("function-"):
        yield schema["function"]
    if schema.get("type") == "default" and not isinstance(schema.get("default"), Hashable):
        yield schema["default"]
    yield from work_per_row(
        [part for key, part in schema.items() if key not in ("metadata", "serialization")]
    )


@every_routed_tool
def test_the_simulator_has_a_handler(spec: Spec, catalog: Catalog) -> None:
    assert spec.name in catalog.handlers


@every_routed_tool
def test_the_output_accepts_the_smallest_documented_answer(spec: Spec) -> None:
    wire = SMALLEST[spec.output.__name__]
    assert read(spec, wire).model_dump(exclude_unset=True) == as_output(spec, wire)


@every_routed_tool
def test_the_output_keeps_the_largest_documented_answer_whole(spec: Spec) -> None:
    wire = LARGEST[spec.output.__name__]
    output = read(spec, wire)
    assert output.model_dump(exclude_unset=True) == as_output(spec, wire)
    Draft202012Validator(spec.output_schema).validate(output.model_dump(mode="json"))


@every_routed_tool
def test_the_largest_documented_answer_fills_every_declared_field(spec: Spec) -> None:
    wire = as_output(spec, LARGEST[spec.output.__name__])
    added = ADDED_BY_FLOWS.get(spec.output.__name__, set()) | Abridged.model_fields.keys()
    declared = {name for model in spec.output.__mro__ for name in vars(model).get("from_flow", ())}
    assert declared == added & spec.output.model_fields.keys()
    envelope = {"end_cursor", "has_next_page", "total"} - wire.keys() if "end_cursor" not in wire else set()
    assert spec.output.model_fields.keys() - added - envelope == wire.keys()


@every_routed_tool
def test_the_output_keeps_fields_that_nobody_documented_yet(spec: Spec) -> None:
    wire = grown(LARGEST[spec.output.__name__])
    output = read(spec, wire)
    expected = as_output(spec, wire)
    assert output.model_dump(exclude_unset=True) == expected
    Draft202012Validator(spec.output_schema).validate(output.model_dump(mode="json"))


@every_routed_tool
def test_the_output_keeps_words_that_nobody_documented_yet(spec: Spec) -> None:
    vocabularies = {
        name for name, field in properties(spec.output_schema) if '"examples"' in json.dumps(field)
    }
    wire = reworded(LARGEST[spec.output.__name__], vocabularies)
    assert read(spec, wire).model_dump(exclude_unset=True) == as_output(spec, wire)


def test_text_that_others_can_write_is_marked_in_every_output() -> None:
    marked: dict[str, set[str]] = {}
    for spec in tools():
        for name, node in [(spec.output.__name__, spec.output_schema), *_parts(spec.output_schema)]:
            fields = node.get("properties", {})
            found = {field for field, schema in fields.items() if "x-untrusted" in json.dumps(schema)}
            marked |= {name: found} if found else {}
    assert marked == UNTRUSTED


def _parts(schema: Any) -> list[tuple[str, Any]]:
    return list(schema.get("$defs", {}).items())


@every_tool
def test_nothing_but_output_text_is_marked_as_written_by_others(spec: Spec) -> None:
    assert "x-untrusted" not in json.dumps(spec.input_schema)


@for_every("spec", routed)
def test_a_field_is_taken_under_the_name_that_the_api_gives_it(spec: Spec, catalog: Catalog) -> None:
    fields = {
        place.field: place.wire
        for place in spec.places
        if place.wire != place.field and place.where != "file"
    }
    for field, wire in fields.items():
        value = spec.examples[0].get(field, {"limit": 5, "after": "7"}.get(field, "devin"))
        given = {name: part for name, part in spec.examples[0].items() if name != field}
        assert getattr(catalog.call(spec.name, given | {wire: value}), field) == value


@for_every("spec", routed)
def test_a_session_in_a_path_is_taken_under_the_vendors_name_too(spec: Spec, catalog: Catalog) -> None:
    assert spec.route is not None
    if "sessions/{session_id}" in spec.route.path and "consumption" not in spec.route.path:
        given = {name: part for name, part in spec.examples[0].items() if name != "session_id"}
        assert vars(catalog.call(spec.name, given | {"devin_id": "ab"}))["session_id"] == "devin-ab"
