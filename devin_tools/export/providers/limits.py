"""What providers take and refuse of tools and of JSON Schema: data for the exporters and for lint."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ...schemas.traversal import DEFINITIONS, properties_of, required_of, types_of, walk
from ...spec import MAX_DESCRIPTION as MAX_DESCRIPTION

NUMBERS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
VALUE_KEYWORDS = NUMBERS | {"minLength", "maxLength", "minItems", "maxItems", "enum", "pattern"}
"""Keywords that bound a value, beside those that say its structure."""

WORD = r"[a-zA-Z0-9_-]+"
ANTHROPIC_KEYS = r"[a-zA-Z0-9_.-]{1,64}"
GEMINI_KEYS = r"[A-Za-z_][A-Za-z0-9_]{0,63}"

STRING_FORMATS = frozenset({
    "date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid",
})  # fmt: skip
NUMBER_FORMATS = frozenset({"int32", "int64", "float", "double"})

OPENAI_STRICT_REFUSES = frozenset({
    "default", "oneOf", "allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas",
    "minLength", "maxLength", "patternProperties", "unevaluatedProperties", "propertyNames",
    "minProperties", "maxProperties", "unevaluatedItems", "contains", "minContains", "maxContains",
    "uniqueItems",
})  # fmt: skip
ANTHROPIC_STRICT_TAKES = frozenset({
    "type", "enum", "const", "anyOf", "allOf", "$ref", "$defs", "definitions", "title", "description",
    "required", "properties", "items", "additionalProperties", "format", "minItems",
})  # fmt: skip
GEMINI_TAKES = frozenset({
    "type", "format", "title", "description", "nullable", "enum", "items", "minItems", "maxItems",
    "properties", "required", "propertyOrdering", "minProperties", "maxProperties", "minimum",
    "maximum", "minLength", "maxLength", "pattern", "example", "anyOf", "default",
})  # fmt: skip
GEMINI_JSON_TAKES = frozenset({
    "type", "title", "description", "enum", "format", "minimum", "maximum", "minItems", "maxItems",
    "items", "prefixItems", "properties", "required", "propertyOrdering", "additionalProperties",
    "anyOf", "$ref", "$defs",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dialect:
    """The form of JSON Schema and of names that one kind of request takes."""

    name: str
    tool_names: str = WORD
    """A regular expression for the whole name."""
    first_letter: str = ""
    """One for its first character, where that is stricter."""
    property_names: str = ""
    may_omit_schema: bool = False
    upper_case_types: bool = False

    allowed: frozenset[str] | None = None
    """The only keywords it takes; `None`: every keyword that is not refused."""
    refused: frozenset[str] = frozenset()
    formats: frozenset[str] | None = None
    """The values of `format` it takes; `None`: any."""
    max_min_items: int | None = None
    """The highest `minItems` it takes."""
    patterns: str = "any"
    """What reads its patterns: `python`, `ecmascript` or `grammar`; `any` where nobody has said."""
    max_tools: int | None = None
    """How many tools a request may have."""

    requires_all: bool = False
    """Every property is required; one that may be left out may be null instead."""
    closes: bool = False
    """Every object takes its properties and no more."""
    flags_null: bool = False
    """`nullable: true` stands for a union with null, and enums are of text."""
    is_open: bool = False
    """Objects of any shape and values of any type can be expressed."""
    orders: bool = False
    """Objects carry `propertyOrdering`."""

    def takes(self, keyword: str) -> bool:
        """Return whether a schema may have a keyword."""
        return keyword not in self.refused and (self.allowed is None or keyword in self.allowed)


OPENAI_MAX_TOOLS, GEMINI_MAX_TOOLS = 128, 512

OPENAI_STRICT = Dialect(
    "openai-strict",
    patterns="python",
    max_tools=OPENAI_MAX_TOOLS,
    may_omit_schema=True,
    refused=OPENAI_STRICT_REFUSES,
    formats=STRING_FORMATS,
    requires_all=True,
    closes=True,
)
"""Strict functions (openai-agents strict_schema.py; pydantic-ai profiles/openai.py)."""

ANTHROPIC_STRICT = Dialect(
    "anthropic-strict",
    property_names=ANTHROPIC_KEYS,
    allowed=ANTHROPIC_STRICT_TAKES,
    formats=STRING_FORMATS | {"uri"},
    max_min_items=1,
    closes=True,
)
"""Strict tools (anthropic/lib/_parse/_transform.py)."""

GEMINI = Dialect(
    "gemini",
    tool_names=r"[a-zA-Z0-9_.-]+",
    first_letter=r"[A-Za-z_]",
    property_names=GEMINI_KEYS,
    may_omit_schema=True,
    upper_case_types=True,
    allowed=GEMINI_TAKES,
    formats=NUMBER_FORMATS | {"enum", "date-time"},
    max_tools=GEMINI_MAX_TOOLS,
    flags_null=True,
    orders=True,
)
"""The `parameters` of a function, a subset of OpenAPI 3.0 (google-genai types.py, Schema)."""

GEMINI_JSON = Dialect(
    "gemini-json",
    tool_names=r"[a-zA-Z0-9_.-]+",
    first_letter=r"[A-Za-z_]",
    property_names=GEMINI_KEYS,
    may_omit_schema=True,
    allowed=GEMINI_JSON_TAKES,
    formats=NUMBER_FORMATS | {"date-time", "date", "time"},
    max_tools=GEMINI_MAX_TOOLS,
    is_open=True,
    orders=True,
)
"""Its `parametersJsonSchema`, a subset of JSON Schema (google-genai types.py, FunctionDeclaration)."""

DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        Dialect("openai", may_omit_schema=True, patterns="python", max_tools=OPENAI_MAX_TOOLS),
        OPENAI_STRICT,
        Dialect("anthropic", property_names=ANTHROPIC_KEYS),
        ANTHROPIC_STRICT,
        GEMINI,
        GEMINI_JSON,
        Dialect("bedrock", first_letter=r"[A-Za-z]", property_names=ANTHROPIC_KEYS),
        Dialect("mcp", property_names=ANTHROPIC_KEYS, patterns="ecmascript"),
        Dialect("mistral"),
        Dialect("ollama", may_omit_schema=True),
        Dialect("llama-cpp", patterns="grammar"),
    )
}
"""`-strict` is what `strict: true` asks for; `gemini-json` is Gemini's `parametersJsonSchema`.

`llama-cpp` is what llama-cpp-python 0.3.25 makes a grammar of.
"""

ALL = tuple(DIALECTS)
LOCAL = ("ollama", "llama-cpp")
BASES = ("openai", "anthropic", "gemini", "bedrock", "mcp", "mistral", *LOCAL)
"""A dialect for each provider: what it takes when nothing else is asked for."""

# OpenAI's limits of one strict schema (pydantic-ai profiles/openai.py).
MAX_OBJECT_LEVELS, MAX_PROPERTIES, MAX_ENUM_VALUES, MAX_TEXT = 10, 5_000, 1_000, 120_000
LONG_ENUM, MAX_LONG_ENUM_TEXT = 250, 15_000
"""With more values than the first, an enumeration may have as many characters as the second."""

ANTHROPIC_MAX = {"tools": 20, "optional": 24, "unions": 16}
"""Anthropic's limits over all strict tools of one request (pydantic-ai _anthropic_schema_limits.py)."""

LOOK_AROUND = re.compile(r"\(\?<?[=!]")
ESCAPED = re.compile(r"\\.", re.DOTALL)


def has_look_around(pattern: str) -> bool:
    """Return whether a regular expression looks ahead or behind, which OpenAI and Gemini refuse."""
    return LOOK_AROUND.search(ESCAPED.sub("", pattern)) is not None


def enum_values(schema: Mapping[str, Any]) -> list[Any]:
    """Return the values of an enumeration; none for a schema without one."""
    given = schema.get("enum")
    return given if isinstance(given, list) else []


def long_enum_text(schema: Mapping[str, Any]) -> int:
    """Return how many characters the values of a long enumeration have; 0 for one that is not long."""
    values = enum_values(schema)
    return _length(values) if len(values) > LONG_ENUM else 0


def text_length(schema: Mapping[str, Any]) -> int:
    """Return how many characters OpenAI counts of one schema object: names, and values of enumerations."""
    definitions = [schema.get(keyword) for keyword in DEFINITIONS]
    names = [name for given in definitions if isinstance(given, dict) for name in given]
    return _length([*properties_of(schema), *names, *enum_values(schema), schema.get("const")])


def _length(values: Iterable[Any]) -> int:
    return sum(len(value) for value in values if isinstance(value, str))


def openai_excess(schema: Mapping[str, Any]) -> list[str]:
    """Return which of OpenAI's limits a strict schema breaks."""
    nodes = walk(schema).nodes
    parts = [node.schema for node in nodes]
    counted = [
        (max(node.objects for node in nodes), MAX_OBJECT_LEVELS, "objects in more than {} levels"),
        (sum(len(properties_of(part)) for part in parts), MAX_PROPERTIES, "more than {} properties"),
        (sum(len(enum_values(part)) for part in parts), MAX_ENUM_VALUES, "more than {} enum values"),
        (sum(map(text_length, parts)), MAX_TEXT, "names and enum values of more than {} characters"),
        (max(map(long_enum_text, parts)), MAX_LONG_ENUM_TEXT, "an enum of more than {} characters"),
    ]
    return [text.format(most) for count, most, text in counted if count > most]


def anthropic_usage(schema: Any) -> Counter[str]:
    """Return what a strict tool with a schema takes of each limit in `ANTHROPIC_MAX`."""
    parts = [node.schema for node in walk(schema).nodes]
    return Counter(
        tools=1,
        optional=sum(len(properties_of(part).keys() - set(required_of(part))) for part in parts),
        unions=sum("anyOf" in part or len(types_of(part)) > 1 for part in parts),
    )


def anthropic_excess(used: Counter[str]) -> tuple[str, ...]:
    """Return which of Anthropic's limits strict tools break together, by their usage added up."""
    words = {
        "tools": "strict tools",
        "optional": "optional fields in all strict tools",
        "unions": "unions in all strict tools",
    }
    return tuple(f"more than {most} {words[key]}" for key, most in ANTHROPIC_MAX.items() if used[key] > most)
