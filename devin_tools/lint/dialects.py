"""What each provider takes, as values: the rules read these and know no provider themselves."""

from __future__ import annotations

from dataclasses import dataclass

MAX_NAME = 64
WORD = r"[a-zA-Z0-9_-]+"

STRING_FORMATS = frozenset({
    "date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid",
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
    max_description: int = 1024
    allowed: frozenset[str] | None = None
    """The only keywords it takes; none given: every keyword that is not refused."""
    refused: frozenset[str] = frozenset()
    formats: frozenset[str] | None = None
    may_omit_schema: bool = False
    upper_case_types: bool = False


GEMINI_FORMATS = frozenset({"enum", "date-time", "int32", "int64", "float", "double"})

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

ANTHROPIC_KEYS = r"[a-zA-Z0-9_.-]{1,64}"
GEMINI_KEYS = r"[A-Za-z_][A-Za-z0-9_]{0,63}"

_KNOWN = [
    Dialect("openai", may_omit_schema=True),
    Dialect("openai-strict", may_omit_schema=True, refused=OPENAI_STRICT_REFUSES, formats=STRING_FORMATS),
    Dialect("anthropic", property_names=ANTHROPIC_KEYS),
    Dialect(
        "anthropic-strict",
        property_names=ANTHROPIC_KEYS,
        allowed=ANTHROPIC_STRICT_TAKES,
        formats=STRING_FORMATS | {"uri"},
    ),
    Dialect(
        "gemini",
        tool_names=r"[a-zA-Z0-9_.-]+",
        first_letter=r"[A-Za-z_]",
        property_names=GEMINI_KEYS,
        allowed=GEMINI_TAKES,
        formats=GEMINI_FORMATS,
        may_omit_schema=True,
        upper_case_types=True,
    ),
    Dialect(
        "gemini-json",
        tool_names=r"[a-zA-Z0-9_.-]+",
        first_letter=r"[A-Za-z_]",
        property_names=GEMINI_KEYS,
        allowed=GEMINI_JSON_TAKES,
        may_omit_schema=True,
    ),
    Dialect("bedrock", first_letter=r"[A-Za-z]", property_names=ANTHROPIC_KEYS),
    Dialect("mcp", property_names=ANTHROPIC_KEYS),
]
DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in _KNOWN}
"""`-strict` is what `strict: true` asks for; `gemini-json` is Gemini's `parametersJsonSchema`."""

ALL = tuple(DIALECTS)
BASES = ("openai", "anthropic", "gemini", "bedrock", "mcp")
PROVIDERS = (*ALL, "all")
"""What a person may name; `all` stands for each of `BASES`."""
