"""Rules on how much there is: OpenAI's limits of one strict schema, and what a list costs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby

from ..dialects import ALL, Dialect
from ..finding import Place
from ..listing import Listed
from ..rule import Fault, Found, Group, Rule, of_nodes, of_tools
from ..walk import DEFINITIONS, Node, is_object, properties

MOST_LEVELS, MOST_PROPERTIES, MOST_VALUES, MOST_TEXT = 10, 5_000, 1_000, 120_000
MANY_VALUES, MOST_ENUM_TEXT = 250, 15_000
CHARACTERS_PER_TOKEN = 4


def _units(tool: Listed) -> Iterator[tuple[Place, list[Node]]]:
    """Yield the nodes of the root and of each definition apart: references are not followed."""
    nodes = sorted(tool.walk.nodes, key=lambda node: tuple(map(str, node.unit)))
    for unit, group in groupby(nodes, key=lambda node: node.unit):
        yield unit, list(group)


def _values(node: Node) -> list[object]:
    given = node.schema.get("enum")
    return given if isinstance(given, list) else []


def _length(values: list[object]) -> int:
    return sum(len(value) for value in values if isinstance(value, str))


def _enum_total(tool: Listed, group: Group) -> Iterator[Fault]:
    for unit, nodes in _units(tool):
        if (total := sum(len(_values(node)) for node in nodes)) > MOST_VALUES:
            yield unit, f"{total:,} values in all enumerations, over {MOST_VALUES:,}"


def _enum_characters(node: Node, dialect: Dialect) -> Iterator[Fault]:
    values = _values(node)
    if len(values) > MANY_VALUES and (length := _length(values)) > MOST_ENUM_TEXT:
        yield (*node.place, "enum"), f"{len(values)} values of {length:,} characters, over {MOST_ENUM_TEXT:,}"


def _depth(node: Node, dialect: Dialect) -> Iterator[Fault]:
    if node.objects == MOST_LEVELS + 1 and is_object(node.schema):
        yield node.place, f"objects are nested in more than {MOST_LEVELS} levels"


def _property_total(tool: Listed, group: Group) -> Iterator[Fault]:
    for unit, nodes in _units(tool):
        if (total := sum(len(properties(node.schema)) for node in nodes)) > MOST_PROPERTIES:
            yield unit, f"{total:,} properties, over {MOST_PROPERTIES:,}"


def _string_total(tool: Listed, group: Group) -> Iterator[Fault]:
    for unit, nodes in _units(tool):
        if (total := sum(map(_text, nodes))) > MOST_TEXT:
            yield unit, f"{total:,} characters of names and values, over {MOST_TEXT:,}"


def _text(node: Node) -> int:
    definitions = [node.schema.get(name) for name in DEFINITIONS]
    names = [
        *properties(node.schema),
        *(key for given in definitions if isinstance(given, dict) for key in given),
    ]
    return _length([*names, *_values(node), node.schema.get("const")])


def _cost(group: Group) -> Iterator[Found]:
    parts = [
        {"name": tool.name, "description": tool.description, "schema": tool.schema} for tool in group.whole
    ]
    if parts:
        length = sum(len(json.dumps(part, ensure_ascii=False)) for part in parts)
        tokens = round(length / CHARACTERS_PER_TOKEN)
        yield None, (), f"{len(parts)} tools in {length:,} characters, about {tokens:,} tokens by an estimate"


OPENAI_LIMITS = (
    "https://jsonschemaprofiles.unitvectorylabs.com/schemas/openai",
    "https://github.com/pydantic/pydantic-ai",
)

RULES = [
    Rule(
        "ENUM_TOTAL",
        "OpenAI's strict mode takes 1,000 values in one schema.",
        "name the common values in the description and take any text.",
        OPENAI_LIMITS,
        of_tools(_enum_total),
        errors=("openai-strict",),
    ),
    Rule(
        "ENUM_CHARS",
        "OpenAI's strict mode takes 15,000 characters in an enumeration of more than 250 values.",
        "name the common values in the description and take any text.",
        OPENAI_LIMITS,
        of_nodes(_enum_characters),
        errors=("openai-strict",),
    ),
    Rule(
        "DEPTH",
        "OpenAI's strict mode takes ten levels of objects.",
        "flatten it, or move a part to `$defs`, which are counted alone.",
        OPENAI_LIMITS,
        of_nodes(_depth),
        errors=("openai-strict",),
    ),
    Rule(
        "PROP_TOTAL",
        "OpenAI's strict mode takes 5,000 properties in one schema.",
        "make several tools of it.",
        OPENAI_LIMITS,
        of_tools(_property_total),
        errors=("openai-strict",),
    ),
    Rule(
        "STRING_TOTAL",
        "OpenAI's strict mode takes 120,000 characters of names and values in one schema.",
        "make several tools of it, or take text in place of enumerations.",
        OPENAI_LIMITS,
        of_tools(_string_total),
        errors=("openai-strict",),
    ),
    Rule(
        "TOKEN_COST",
        "Every request pays for all its tools; Claude Code warns at 25,000 tokens.",
        "list only the tools a task needs.",
        ("https://github.com/anthropics/claude-code/issues/12241",),
        _cost,
        notes=ALL,
    ),
]
