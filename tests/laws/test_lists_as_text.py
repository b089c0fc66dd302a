"""Lists and objects that come as JSON text: read as what they are, or refused by name, in every field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from support.laws import for_every
from support.odd_tools import FindLinks, FindOdd, FindTree
from support.tools import tools

from devin_tools.declarations import describe
from devin_tools.schemas.traversal import alternatives
from devin_tools.spec import Spec
from devin_tools.tool import Tool, with_text_read

LISTS: list[list[Any]] = [
    [], ["a, b"], ["a", "b"], ["[x] y"], [""], [1], [None], [["a"]], [{}], [{"key": "a, b", "value": "[c"}],
]  # fmt: skip
OBJECTS: list[dict[str, Any]] = [
    {}, {"type": "object"}, {"kind": "cat", "lives": 9}, {"a": [1, "b, c"], "d": {"e": None}},
    {"branches": []},
]  # fmt: skip
AROUND = ("{}", " {} ", "\ufeff{}", "\r\n\t{}\n", " \ufeff {}")
UNREADABLE = (
    '["CANARY"', '["CANARY",]', "[CANARY, b]", "['CANARY']", '["CANARY"] b', "[CANARY", '{"CANARY": ',
    "{CANARY}", "{'CANARY': 1}", '"[\\"CANARY\\"]"', '"{\\"CANARY\\": 1}"', "null", " null ", "",
    "[object Object]", '[NaN, "CANARY"]', "[" * 2000 + "]" * 2000, "[" * 200 + '"CANARY"' + "]" * 200,
)  # fmt: skip
"""Texts that no list and no object is read from."""
ONLY_TEXT = ("CANARY", "5", "true", "CANARY, b")
"""Texts for fields that are not told apart at commas."""
IN_LISTS: tuple[list[Any], ...] = (
    ['["CANARY"]'], [' ["CANARY", "b"]'], ["a", "[]"], ['["CANARY"', '"b"]'], ["[CANARY", "b", "c]"],
)  # fmt: skip
"""What is left of a list that was written as text once too often, or split at its commas."""


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """Build the models before the laws begin: that is not counted as a law's own time."""
    for spec, name, _ in fields():
        faults(spec, name, "")


def fields() -> Iterator[tuple[Spec, str, frozenset[str]]]:
    """Yield every field of every tool that holds a list or an object, with the kinds it holds."""
    for spec in [*tools(), *map(describe, (FindOdd, FindLinks, FindTree))]:
        for name, schema in spec.input_schema["properties"].items():
            kinds = {form.get("type") for form in alternatives(schema, spec.input_schema)}
            if found := frozenset(kinds & {"array", "object"}):
                yield spec, name, found


@cache
def adapter(tool: type[Tool[Any]]) -> TypeAdapter[Any]:
    """Return what raises the error of pydantic itself, which has the kinds of faults."""
    return TypeAdapter(tool)


def faults(spec: Spec, name: str, value: Any) -> list[tuple[Any, str, str]]:
    """Return what is wrong with the value of a field, whatever the other fields are."""
    try:
        adapter(spec.tool).validate_python({name: value})
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return [(one["loc"], one["type"], one["msg"]) for one in found if one["loc"][:1] == (name,)]
    return []


@for_every("spec, name, kinds", fields)
def test_json_text_of_the_right_kind_is_that_value(spec: Spec, name: str, kinds: frozenset[str]) -> None:
    right: list[Any] = [*(LISTS if "array" in kinds else []), *(OBJECTS if "object" in kinds else [])]
    for value in right:
        meant = with_text_read(spec.tool, {name: value})[0]
        for number, around in enumerate(AROUND):
            text = around.replace("{}", json.dumps(value, indent=number or None))
            assert with_text_read(spec.tool, {name: text})[0] == meant
        assert faults(spec, name, text) == faults(spec, name, value), value


@for_every("spec, name, kinds", fields)
def test_text_that_only_looks_like_it_is_refused_and_not_repeated(
    spec: Spec, name: str, kinds: frozenset[str]
) -> None:
    wrong = [*UNREADABLE, *(() if name in spec.comma_lists else ONLY_TEXT)]
    wrong += ['["CANARY"]', "[]"] if kinds == {"object"} else []
    wrong += ['{"CANARY": 1}', "{}"] if kinds == {"array"} else []
    for text in wrong:
        found = faults(spec, name, text)
        assert found, text[:40]
        assert "CANARY" not in str(found)


@for_every("spec, name, kinds", fields)
def test_a_list_of_texts_holds_no_list_as_text(spec: Spec, name: str, kinds: frozenset[str]) -> None:
    for value in IN_LISTS if "array" in kinds else []:
        assert faults(spec, name, value), value
        assert faults(spec, name, json.dumps(value)), value


@for_every("spec, name", lambda: [(spec, name) for spec, name, _ in fields() if name in spec.comma_lists])
def test_names_with_commas_are_told_apart(spec: Spec, name: str) -> None:
    assert not faults(spec, name, "a, b:c ,d 'e' f,5")
    for text in ("undefined", "a, null", "None", '"a", "b"', "'a'", "a, [b]", "a\nb", "a,\n{b", " ,, "):
        assert faults(spec, name, text), text
