"""A schema of somebody else on a value of somebody else: bounded work, and nothing fetched."""

from __future__ import annotations

import json
import re
import sys
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from support.laws import for_every
from support.paths import DOCS
from support.tools import built_in

from devin_tools.api.shared.fields import MAX_SCHEMA_BYTES
from devin_tools.errors import InvalidArguments
from devin_tools.schemas.checks import GIVEN_UP, MAX_DEPTH, MAX_FAULTS, MAX_STEPS, UNREADABLE, check, faults
from devin_tools.schemas.patterns import MAX_PATTERN, searcher
from devin_tools.simulator.schema_sample import sample_value
from devin_tools.tasks.shared.structured_output import checked

BACKTRACKS = "^(a+)+$"
LONG = "a" * 5_000 + "!"


def doubled(keyword: str, times: int = 40) -> dict[str, Any]:
    """Return a schema whose parts each lead twice to the next."""
    parts: dict[str, Any] = {f"a{i}": {keyword: [{"$ref": f"#/d/a{i + 1}"}] * 2} for i in range(times)}
    return {"$ref": "#/d/a0", "d": parts | {f"a{times}": {"type": "integer"}}}


def test_a_pattern_in_any_place_is_matched_in_linear_time() -> None:
    assert checked(LONG, {"pattern": BACKTRACKS})[0] == "invalid"
    assert checked({LONG: 1}, {"patternProperties": {BACKTRACKS: False}})[0] == "valid"
    assert checked({"aaa": 1}, {"patternProperties": {BACKTRACKS: False}})[0] == "invalid"
    assert (
        checked({LONG: 1}, {"patternProperties": {BACKTRACKS: {}}, "additionalProperties": False})[0]
        == "invalid"
    )
    assert checked({LONG: 1}, {"propertyNames": {"pattern": BACKTRACKS}})[0] == "invalid"
    assert checked([LONG], {"items": {"$ref": "#/x"}, "x": {"pattern": BACKTRACKS}})[0] == "invalid"
    assert checked(LONG, {"anyOf": [{"not": {"pattern": BACKTRACKS}}]})[0] == "valid"


def test_what_takes_too_long_is_given_up_and_said() -> None:
    assert faults(1, doubled("allOf")) == [GIVEN_UP]


HEAVY: list[tuple[Any, dict[str, Any]]] = [
    (["a" * 8_000] * 200, {"items": {"pattern": ".*a.{300}$"}}),
    ("x" * 300_000, {"anyOf": [{"type": "integer"}] * 3_000}),
    ("x" * 300_000, {"anyOf": [False] * 3_000}),
    (list(range(300_000)), {"items": {}}),
]


@for_every("value, schema", lambda: HEAVY)
def test_heavy_work_is_given_up(value: Any, schema: dict[str, Any]) -> None:
    assert faults(value, schema) == [GIVEN_UP]


def test_unique_items_are_told_by_one_look_at_each() -> None:
    mixed = [item for number in range(3_000) for item in (number, str(number), [number])]
    assert faults(mixed, {"uniqueItems": True}) == []
    assert faults([number * (2**61 - 1) for number in range(3_000)], {"uniqueItems": True}) == []


@given(st.lists(st.recursive(
    st.none() | st.booleans() | st.sampled_from([0, 1, 1.0, 2.5, "", "1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
), max_size=4))  # fmt: skip
def test_items_are_unique_where_jsonschema_says_so_of_every_two(value: list[Any]) -> None:
    """Of every two: of more it compares neighbours only, in an order in which `true` and 1 are one."""
    schema = {"uniqueItems": True}
    pairs = all(Draft7Validator(schema).is_valid(list(pair)) for pair in combinations(value, 2))
    assert (faults(value, schema) == []) is pairs


def test_nothing_is_fetched_and_no_part_names_another_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(*args: Any, **options: Any) -> Any:
        raise AssertionError("fetched")

    monkeypatch.setattr("urllib.request.urlopen", fetch)
    inner = {"$id": "http://127.0.0.1:9/x", "properties": {"a": {"$ref": "#/definitions/q"}}}
    for schema in (
        {"$ref": "#/x", "x": inner},
        {"$ref": "http://127.0.0.1:9/x"},
        {"$ref": "#anchor"},
        {"allOf": [{"$schema": "http://json-schema.org/draft-04/schema#", "pattern": BACKTRACKS}]},
    ):
        assert faults({"a": LONG}, schema) == [UNREADABLE]
    root = {"$schema": "http://json-schema.org/draft-04/schema#", "pattern": BACKTRACKS, "x": {"$ref": "#"}}
    assert faults(LONG, root) != [UNREADABLE]


REFUSED = [
    ({"properties": {"a": {"pattern": "(?=a)"}}}, "the pattern at /properties/a/pattern is not a regular"),
    ({"patternProperties": {r"(a)\1": {}}}, "the pattern at /patternProperties"),
    ({"x": {"$id": "http://127.0.0.1/"}}, "only the root"),
    ({"required": [item for n in range(5_000) for item in (n, str(n))]}, "not a valid draft 7"),
    ({"type": 7}, "not a valid draft 7 JSON Schema at /type"),
    ({"enum": [{}] * 10, "allOf": [{"properties": {}}] * 30_000}, "too long"),
]  # fmt: skip


@for_every("schema, says", lambda: REFUSED)
def test_a_schema_that_cannot_be_applied_safely_is_refused(schema: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check(schema)


def test_a_large_ordinary_schema_and_value_are_checked() -> None:
    names = [f"field_{number}" for number in range(200)]
    part = {"type": "string", "minLength": 1, "description": "What it is."}
    row = {"type": "object", "properties": dict.fromkeys(names, part), "required": names}
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "array", "items": row}
    check(schema)
    assert faults([dict.fromkeys(names, "v")] * 20, schema) == []


def test_properties_called_id_schema_or_pattern_are_ordinary() -> None:
    schema = {"properties": {"$id": {"type": "string"}, "$schema": {}, "pattern": {"type": "string"}}}
    check(schema)
    assert faults({"$id": "x", "pattern": "("}, schema) == []


def test_what_is_wrong_with_a_property_of_a_pattern_is_told_with_its_place() -> None:
    schema = {"patternProperties": {"^n_": {"type": "integer"}, "_n$": {"minimum": 3}}}
    assert faults({"n_a": 1, "other": "x", "b_n": 3}, schema) == []
    (kind, other) = faults({"n_a": "x", "n_n": 2}, schema)
    assert "n_a" in str(kind) and "n_n" in str(other)


def test_without_the_engine_the_answer_says_that_it_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "re2", None)
    searcher.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"devin-tools\[patterns\]"):
            check({"pattern": BACKTRACKS})
        assert faults(LONG, {"pattern": BACKTRACKS}) == [UNREADABLE]
        assert faults("ab-1", {"pattern": r"^[a-z]+-\d$"}) == []
    finally:
        searcher.cache_clear()


def test_the_simulator_gives_up_what_would_stall_it() -> None:
    text = {"type": "string", "pattern": BACKTRACKS, "default": LONG}
    assert sample_value({"type": "object", "properties": {"a": text}, "required": ["a"]}) is None
    lists: dict[str, Any] = {"type": "array", "minItems": 1_000}
    for _ in range(8):
        lists = {"type": "array", "minItems": 1_000, "contains": lists}
    made = sample_value({"type": "object", "properties": {"a": lists}, "required": ["a"]})
    assert made is None or len(json.dumps(made)) < 1_000_000


def parts_in_parts(times: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(times):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def test_schemas_and_values_that_are_nested_deeply_never_reach_the_end_of_the_stack() -> None:
    """There, what looks for types in Rust panics, with lines of its own and past `except Exception`."""
    tree = {"type": "object", "properties": {"a": {"$ref": "#"}}}
    check(parts_in_parts(45))
    value: Any = {}
    for depth in range(1, 400):
        value = {"a": value}
        if depth % 17 == 0:
            assert faults(value, tree) in ([], [UNREADABLE])
        if depth % 17 == 0 and depth > 50:
            with pytest.raises(ValueError, match="nested too deeply"):
                check(parts_in_parts(depth))
    assert faults(value, tree) == [UNREADABLE]


@for_every("times", lambda: range(120, 200, 3))
def test_a_call_whose_arguments_are_nested_deeply_is_refused_with_the_place(times: int) -> None:
    with pytest.raises(InvalidArguments) as caught:
        built_in().call(
            "devin_create_session", {"prompt": "a", "structured_output_schema": parts_in_parts(times)}
        )
    (detail,) = caught.value.details
    assert detail["path"] == "structured_output_schema" and "nested too deeply" in detail["reason"]


def test_the_documentation_names_the_bounds_that_hold() -> None:
    page = (DOCS / "composed.md").read_text(encoding="utf-8").partition("## Bounds of a schema")[2]
    page = page.partition("\n## ")[0]
    said = [int(text.replace(",", "")) for text in re.findall(r"^\| [^|]+ \| ([\d,]+)", page, re.MULTILINE)]
    assert said == [MAX_STEPS, MAX_DEPTH, MAX_PATTERN, MAX_FAULTS]
    assert f"at most {MAX_SCHEMA_BYTES // 1024} KB" in page
    deepest = int(re.findall(r"about (\d+) objects", page)[0])
    check(parts_in_parts(deepest))
    with pytest.raises(ValueError, match="nested too deeply"):
        check(parts_in_parts(deepest + 2))
    with pytest.raises(ValueError, match="10,000 characters"):
        check({"pattern": "a" * (MAX_PATTERN + 1)})
    wrong = faults({str(number): 1 for number in range(99)}, {"additionalProperties": {"type": "null"}})
    assert len(wrong) == MAX_FAULTS
    assert faults([1] * MAX_STEPS, {"items": {"type": "integer"}}) == [GIVEN_UP]
