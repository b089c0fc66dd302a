"""Rules on how much there is in one schema: OpenAI's limits in strict mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

from ...export.providers.limits import (
    LONG_ENUM,
    MAX_ENUM_VALUES,
    MAX_LONG_ENUM_TEXT,
    MAX_OBJECT_LEVELS,
    MAX_PROPERTIES,
    MAX_TEXT,
    Dialect,
    enum_values,
    long_enum_text,
    text_length,
)
from ...schemas.traversal import Node, is_object, properties_of
from ..listing import Listed
from ..rule import Check, Fault, Group, Rule, every_tool, node_rule

OPENAI_LIMITS = (
    "https://jsonschemaprofiles.unitvectorylabs.com/schemas/openai",
    "https://github.com/pydantic/pydantic-ai",
)


def _total(count: Callable[[Mapping[str, Any]], int], most: int, what: str) -> Check:
    """Make a check that adds up a count over the root, and over each definition apart, as OpenAI does."""

    def check(tool: Listed, group: Group) -> Iterator[Fault]:
        nodes = sorted(tool.walk.nodes, key=lambda node: tuple(map(str, node.unit)))
        for unit, members in groupby(nodes, key=lambda node: node.unit):
            if (total := sum(count(node.schema) for node in members)) > most:
                yield unit, f"{total:,} {what}, over {most:,}"

    return every_tool(check)


ENUM_TOTAL = Rule(
    "ENUM_TOTAL",
    f"OpenAI's strict mode takes {MAX_ENUM_VALUES:,} values in one schema.",
    "name the common values in the description and take any text.",
    OPENAI_LIMITS,
    _total(lambda schema: len(enum_values(schema)), MAX_ENUM_VALUES, "values in all enumerations"),
    errors=("openai-strict",),
)


@node_rule(
    "ENUM_CHARS",
    f"OpenAI's strict mode takes {MAX_LONG_ENUM_TEXT:,} characters in an enumeration of more than "
    f"{LONG_ENUM} values.",
    "name the common values in the description and take any text.",
    OPENAI_LIMITS,
    errors=("openai-strict",),
)
def _enum_characters(node: Node, dialect: Dialect) -> Iterator[Fault]:
    if (length := long_enum_text(node.schema)) > MAX_LONG_ENUM_TEXT:
        values = f"{len(enum_values(node.schema))} values of {length:,} characters"
        yield (*node.path, "enum"), f"{values}, over {MAX_LONG_ENUM_TEXT:,}"


@node_rule(
    "DEPTH",
    "OpenAI's strict mode takes ten levels of objects.",
    "flatten it, or move a part to `$defs`, which are counted alone.",
    OPENAI_LIMITS,
    errors=("openai-strict",),
)
def _depth(node: Node, dialect: Dialect) -> Iterator[Fault]:
    if node.objects == MAX_OBJECT_LEVELS + 1 and is_object(node.schema):
        yield node.path, f"objects are nested in more than {MAX_OBJECT_LEVELS} levels"


PROP_TOTAL = Rule(
    "PROP_TOTAL",
    f"OpenAI's strict mode takes {MAX_PROPERTIES:,} properties in one schema.",
    "make several tools of it.",
    OPENAI_LIMITS,
    _total(lambda schema: len(properties_of(schema)), MAX_PROPERTIES, "properties"),
    errors=("openai-strict",),
)


STRING_TOTAL = Rule(
    "STRING_TOTAL",
    f"OpenAI's strict mode takes {MAX_TEXT:,} characters of names and values in one schema.",
    "make several tools of it, or take text in place of enumerations.",
    OPENAI_LIMITS,
    _total(text_length, MAX_TEXT, "characters of names and values"),
    errors=("openai-strict",),
)
