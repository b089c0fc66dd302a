"""The rule on what each keyword holds, by the grammar of JSON Schema 2020-12."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...export.providers.limits import ALL, NUMBERS, Dialect
from ...schemas.traversal import SCHEMA_LISTS, SCHEMA_MAPS, SINGLE_SCHEMAS, TYPES, Node
from ..rule import Fault, node_rule


def _is_schema(value: Any) -> bool:
    return isinstance(value, Mapping | bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_unique(values: list[Any]) -> bool:
    return len({json.dumps(value, sort_keys=True) for value in values}) == len(values)


def _is_above_zero(value: Any) -> bool:
    return _is_number(value) and value > 0


def _is_count(value: Any) -> bool:
    return _is_number(value) and value >= 0 and (isinstance(value, int) or value.is_integer())


Test = tuple[Callable[[Any], bool], str]
SCHEMA: Test = (_is_schema, "a schema")
COUNT: Test = (_is_count, "a whole number from 0 up")
NUMBER: Test = (_is_number, "a number")
TEXT: Test = (lambda value: isinstance(value, str), "text")
LIST: Test = (lambda value: isinstance(value, list), "a list")
FLAG: Test = (lambda value: isinstance(value, bool), "true or false")


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value) and _is_unique(value)


NAMES: Test = (_are_names, "a list of names, each once")
SCHEMAS_BY_NAME: Test = (
    lambda value: isinstance(value, Mapping) and all(map(_is_schema, value.values())),
    "an object of schemas",
)
SCHEMAS: Test = (
    lambda value: isinstance(value, list) and bool(value) and all(map(_is_schema, value)),
    "a list of schemas",
)

EXPECTED: dict[str, Test] = {
    **dict.fromkeys(SCHEMA_MAPS, SCHEMAS_BY_NAME),
    **dict.fromkeys(SCHEMA_LISTS, SCHEMAS),
    **dict.fromkeys(SINGLE_SCHEMAS, SCHEMA),
    **dict.fromkeys(("required", "propertyOrdering"), NAMES),
    **dict.fromkeys(
        (
            "title",
            "description",
            "format",
            "pattern",
            "$ref",
            "$id",
            "$schema",
            "$anchor",
            "$comment",
            "$dynamicRef",
            "$dynamicAnchor",
            "$recursiveRef",
            "contentEncoding",
            "contentMediaType",
        ),
        TEXT,
    ),
    **dict.fromkeys(
        ("uniqueItems", "deprecated", "readOnly", "writeOnly", "nullable", "$recursiveAnchor"), FLAG
    ),
    **dict.fromkeys(NUMBERS, NUMBER),
    **dict.fromkeys(
        (
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
            "minContains",
            "maxContains",
        ),
        COUNT,
    ),
    "multipleOf": (_is_above_zero, "a number above 0"),
    "contentSchema": SCHEMA,
    "dependentRequired": (
        lambda value: isinstance(value, Mapping) and all(map(_are_names, value.values())),
        "an object of lists of names",
    ),
    "dependencies": (
        lambda value: (
            isinstance(value, Mapping)
            and all(_is_schema(part) or _are_names(part) for part in value.values())
        ),
        "an object of schemas or lists of names",
    ),
    "enum": (lambda value: isinstance(value, list) and bool(value), "a list of values"),
    "examples": LIST,
}


@node_rule(
    "KEYWORD_VALUES",
    "The schema is not valid JSON Schema, and providers refuse it.",
    "write the keyword as JSON Schema 2020-12 has it; `{}` is an object, `[]` is not.",
    (
        "https://json-schema.org/draft/2020-12/json-schema-validation",
        "https://github.com/FoundationAgents/OpenManus/issues/1162",
    ),
    errors=ALL,
    outputs=True,
)
def _values(node: Node, dialect: Dialect) -> Iterator[Fault]:
    for keyword, value in node.schema.items():
        if keyword == "type":
            names = value if isinstance(value, list) and value else [value]
            if dialect.upper_case_types:
                names = [name.lower() if isinstance(name, str) else name for name in names]
            if isinstance(value, list) and not _is_unique(value):
                yield (*node.path, keyword), "`type` names one type twice"
            if not all(isinstance(name, str) and name in TYPES for name in names):
                yield (*node.path, keyword), "`type` is none of the seven types of JSON Schema"
        elif keyword in EXPECTED and not _holds(*EXPECTED[keyword], value, dialect):
            old = " as draft 4 has it," if keyword in NUMBERS and isinstance(value, bool) else ""
            yield (*node.path, keyword), f"`{keyword}` is{old} not {EXPECTED[keyword][1]}"


def _holds(test: Callable[[Any], bool], what: str, value: Any, dialect: Dialect) -> bool:
    # Protocol buffers write 64-bit numbers as text, so Google's own lists hold them so.
    is_googles = dialect.name.startswith("gemini") and isinstance(value, str) and value.isdecimal()
    return test(value) or (is_googles and what == COUNT[1])
