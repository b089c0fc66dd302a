"""Rules on values that are valid one by one, and not together: patterns, bounds, enumerations, drafts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...export.providers.limits import ALL, Dialect, enum_values
from ...schemas.traversal import Node, types_of
from ..patterns import is_taken
from ..rule import Fault, node_rule

ENGINES = {
    "python": "Python, whose engine OpenAI checks patterns with, does not take the pattern",
    "ecmascript": "ECMAScript does not take the pattern with the flag `u`, as clients read it",
    "any": "no engine takes the pattern",
}
VALIDATION = "https://json-schema.org/draft/2020-12/json-schema-validation"
THIS_DRAFT = "https://json-schema.org/draft/2020-12/schema"
OF_OTHER_DRAFTS = ("additionalItems", "dependencies", "$recursiveRef", "$recursiveAnchor")


@node_rule(
    "PATTERN_SYNTAX",
    "What reads the pattern cannot, and refuses the whole list.",
    "write it with what Python and ECMAScript share: no `\\p{...}`, flag, named group or needless backslash.",
    (
        "https://github.com/BerriAI/litellm/pull/40485",
        "https://github.com/anomalyco/opencode/pull/35662",
        "https://json-schema.org/draft/2020-12/json-schema-core#section-6.4",
    ),
    errors=tuple(name for name in ALL if name != "llama-cpp"),
    outputs=True,
)
def _patterns(node: Node, dialect: Dialect) -> Iterator[Fault]:
    given, by_name = node.schema.get("pattern"), node.schema.get("patternProperties")
    if isinstance(given, str) and not is_taken(given, dialect.patterns):
        yield (*node.path, "pattern"), ENGINES[dialect.patterns]
    for pattern in by_name if isinstance(by_name, Mapping) else ():
        if not is_taken(pattern, dialect.patterns):
            yield (*node.path, "patternProperties"), ENGINES[dialect.patterns]


BOUNDS = (
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minProperties", "maxProperties"),
    ("minContains", "maxContains"),
    ("minimum", "maximum"),
)


@node_rule(
    "BOUNDS_ORDER",
    "No value fits, so no call of a model can be right.",
    "put the smaller bound first.",
    (VALIDATION,),
    warnings=ALL,
)
def _bounds(node: Node, dialect: Dialect) -> Iterator[Fault]:
    for first, second in BOUNDS:
        low, high = _number(node.schema.get(first)), _number(node.schema.get(second))
        if low is not None and high is not None and low > high:
            yield (*node.path, first), f"`{first}` is over `{second}`"
    above, below = (_number(node.schema.get(name)) for name in ("exclusiveMinimum", "exclusiveMaximum"))
    least, most = _number(node.schema.get("minimum")), _number(node.schema.get("maximum"))
    for low, high in ((above, below), (above, most), (least, below)):
        if low is not None and high is not None and low >= high:
            yield node.path, "no number lies between the bounds"
            break


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


@node_rule(
    "VALUE_TYPES",
    "OpenAI's strict mode refuses a value of another type; elsewhere no call can be right.",
    "give the values the type that stands beside them, or name both types.",
    (VALIDATION, "https://jsonschemaprofiles.unitvectorylabs.com/schemas/openai"),
    errors=("openai-strict",),
    warnings=tuple(name for name in ALL if name != "openai-strict"),
)
def _value_types(node: Node, dialect: Dialect) -> Iterator[Fault]:
    types = {*types_of(node.schema), *(("null",) if node.schema.get("nullable") is True else ())}
    if not types:
        return
    others = sum(not _fits(value, types) for value in enum_values(node.schema))
    if others:
        yield (*node.path, "enum"), f"{others} of the values are of another type"
    known, default = enum_values(node.schema), node.schema.get("default")
    if known and default not in [None, *known] and _fits(default, types):
        yield (*node.path, "default"), "`default` is none of the values"
    for name in ("const", "default"):
        value = node.schema.get(name)
        if name in node.schema and not _fits(value, types) and (name == "const" or value is not None):
            yield (*node.path, name), f"`{name}` is of another type"


def _fits(value: Any, types: set[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in types
    if isinstance(value, int | float):
        is_whole = isinstance(value, int) or value.is_integer()
        return "number" in types or ("integer" in types and is_whole)
    kinds = ((str, "string"), (list, "array"), (dict, "object"))
    return any(isinstance(value, kind) and name in types for kind, name in kinds) or (
        value is None and "null" in types
    )


@node_rule(
    "ENUM_UNIQUE",
    "JSON Schema asks for each value once, and checks such as Copilot's say so to the user.",
    "list each value once.",
    (VALIDATION, "https://github.com/ProfSynapse/nexus/issues/5"),
    warnings=ALL,
)
def _unique(node: Node, dialect: Dialect) -> Iterator[Fault]:
    values = enum_values(node.schema)
    twice = len(values) - len({json.dumps(value, sort_keys=True) for value in values})
    if twice:
        yield (*node.path, "enum"), f"{twice} of the values stand there before"


@node_rule(
    "SCHEMA_DRAFT",
    "Clients of MCP read 2020-12: some refuse a schema of another draft, others pass over its keywords, and "
    "older releases of VS Code leave out each tool that names 2020-12.",
    "write the schema in 2020-12, and leave `$schema` out.",
    (
        "https://github.com/marianfoo/sap-mcp-servers/issues/52",
        "https://github.com/leancoderkavy/premiere-pro-mcp/issues/234",
        "https://github.com/firecrawl/firecrawl-mcp-server/issues/112",
    ),
    warnings=("mcp",),
    outputs=True,
)
def _draft(node: Node, dialect: Dialect) -> Iterator[Fault]:
    given = node.schema.get("$schema")
    if isinstance(given, str):
        is_this = given.rstrip("#") == THIS_DRAFT
        yield (*node.path, "$schema"), f"it names {'2020-12' if is_this else 'another draft than 2020-12'}"
    for name in OF_OTHER_DRAFTS:
        if name in node.schema:
            yield (*node.path, name), f"`{name}` is of another draft than 2020-12"
