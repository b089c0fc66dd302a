"""Rules on what llama-cpp-python 0.3.25 can make a grammar of; newer servers of llama.cpp take more."""

from __future__ import annotations

from collections.abc import Iterator

from ...export.providers.limits import Dialect
from ...schemas.for_grammars import MAX_REPEATS
from ...schemas.traversal import Node, types_of
from ..patterns import is_taken
from ..rule import Fault, node_rule

OF_STRINGS = ("pattern", "format")
STRUCTURE = (
    "type", "$ref", "anyOf", "oneOf", "allOf", "const", "enum", "properties", "items", "prefixItems",
    "additionalProperties", *OF_STRINGS,
)  # fmt: skip
"""Keywords that a grammar is made of; a schema without any has none."""

ROLES = ("properties", "items", "anyOf", "oneOf", "prefixItems", "additionalProperties")
COUNTS = {"string": ("minLength", "maxLength"), "array": ("minItems", "maxItems")}


@node_rule(
    "GRAMMAR_PATTERN",
    "One pattern that the grammar cannot hold makes llama.cpp refuse the whole request.",
    "write it from `^` to `$` with classes such as `[0-9]`: no shorthand as `\\d`, no `(?`, no backslash "
    f"but before brackets and repeats, and none over {MAX_REPEATS:,}.",
    (
        "https://github.com/ggml-org/llama.cpp/issues/25746",
        "https://github.com/ggml-org/llama.cpp/issues/27397",
    ),
    errors=("llama-cpp",),
)
def _patterns(node: Node, dialect: Dialect) -> Iterator[Fault]:
    pattern = node.schema.get("pattern")
    if isinstance(pattern, str) and not is_taken(pattern, "grammar"):
        yield (*node.path, "pattern"), "the grammar cannot hold the pattern"


@node_rule(
    "GRAMMAR_COUNT",
    "The grammar of llama.cpp has each repeat written out, and one too large refuses the whole request.",
    "leave the bound out, say it in the description, and check it when the call arrives.",
    (
        "https://github.com/ggml-org/llama.cpp/issues/17473",
        "https://github.com/firecrawl/firecrawl/issues/4512",
    ),
    errors=("llama-cpp",),
)
def _counts(node: Node, dialect: Dialect) -> Iterator[Fault]:
    for kind, (least, most) in COUNTS.items():
        low, high = node.schema.get(least, 0), node.schema.get(most)
        are_counts = isinstance(low, int) and isinstance(high, int)
        if kind in types_of(node.schema) and are_counts and high - low > MAX_REPEATS:
            yield (*node.path, most), f"`{most}` is over {MAX_REPEATS:,}"


@node_rule(
    "GRAMMAR_TYPED",
    "No grammar is made of a schema that names no type, and the whole request fails.",
    "name a type; send a value of any kind as a JSON string.",
    ("https://github.com/ggml-org/llama.cpp/issues/25923",),
    errors=("llama-cpp",),
)
def _typed(node: Node, dialect: Dialect) -> Iterator[Fault]:
    is_free = not node.schema and node.keyword != "items"
    if node.keyword in ROLES and not is_free and not any(name in node.schema for name in STRUCTURE):
        yield node.path, "the schema names no type"
