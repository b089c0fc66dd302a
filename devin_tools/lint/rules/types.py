"""Rules on types, lists and enumerations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...export.providers.limits import LOCAL, Dialect
from ...schemas.traversal import SCHEMA_LISTS, Node, properties_of, types_of
from ..rule import Fault, node_rule

BARE = "the schema is a bare true or false"
TYPE_BEARING = ("type", "anyOf", "oneOf", "allOf", "enum", "const", "$ref")
TYPED_ROLES = ("properties", "anyOf", "oneOf", "allOf", "prefixItems", "$defs", "definitions")
MUST_TYPE_ITEMS = ("openai-strict", "gemini", "gemini-json")
GEMINI = ("gemini", "gemini-json")


@node_rule(
    "ITEMS_TYPED",
    "OpenAI, Gemini and Copilot in VS Code refuse an array that does not say what is in it.",
    "give `items` a type.",
    (
        "https://github.com/DEEIX-AI/DEEIX-Chat/issues/546",
        "https://github.com/sbroenne/mcp-server-excel/issues/672",
        "https://github.com/spacelift-io/spacectl/issues/402",
        "https://github.com/microsoft/vscode/issues/246119",
    ),
    errors=("openai", "openai-strict", "mcp", *GEMINI),
    warnings=("anthropic", "anthropic-strict", "bedrock", "mistral", *LOCAL),
)
def _items(node: Node, dialect: Dialect) -> Iterator[Fault]:
    if "array" not in types_of(node.schema):
        return
    items = node.schema.get("items")
    if items is None:
        if "prefixItems" not in node.schema or dialect.name in MUST_TYPE_ITEMS:
            yield node.path, "the array has no `items`"
    elif dialect.name in MUST_TYPE_ITEMS and not isinstance(items, list) and not _says_type(items):
        yield (*node.path, "items"), "`items` name no type"
    elif dialect.name == "gemini" and isinstance(items, Mapping) and _is_bare_union_of_arrays(items):
        yield (*node.path, "items"), "`items` are a bare `anyOf` with arrays in it"


def _says_type(schema: Any) -> bool:
    return isinstance(schema, Mapping) and any(name in schema for name in TYPE_BEARING)


def _is_bare_union_of_arrays(items: Mapping[str, Any]) -> bool:
    variants = items.get("anyOf")
    return (
        "type" not in items
        and isinstance(variants, list)
        and any("array" in types_of(variant) for variant in variants)
    )


@node_rule(
    "TYPED",
    "Strict modes want a type everywhere, and Gemini in every variant of `anyOf`.",
    "name a type; send a value of any kind as a JSON string.",
    (
        "https://github.com/zereight/gitlab-mcp/issues/166",
        "https://github.com/anthropics/anthropic-sdk-python",
    ),
    errors=("openai-strict", "anthropic-strict", "gemini"),
)
def _typed(node: Node, dialect: Dialect) -> Iterator[Fault]:
    roles = ("anyOf",) if dialect.name == "gemini" else TYPED_ROLES
    bearing = ("type", "$ref") if dialect.name == "gemini" else TYPE_BEARING
    if node.keyword in roles and not any(name in node.schema for name in bearing):
        yield node.path, "the schema names no type"
    for key, value in properties_of(node.schema).items():
        if isinstance(value, bool):
            yield (*node.path, "properties", key), BARE


@node_rule(
    "BOOLEAN_SCHEMA",
    "Common MCP clients leave out all tools of a server for one such property; local servers fail on it.",
    "write `{}` for any value, or name a type; leave out a property that may have none.",
    (
        "https://github.com/anthropics/claude-code/issues/92900",
        "https://github.com/anomalyco/opencode/issues/49464",
        "https://github.com/Azure/Azure-Resource-Manager-MCP/issues/21",
        "https://modelcontextprotocol.io/specification/2025-11-25/schema",
    ),
    errors=("mcp", *LOCAL),
    warnings=("openai", "anthropic", "gemini-json", "bedrock", "mistral"),
    outputs=True,
)
def _no_boolean(node: Node, dialect: Dialect) -> Iterator[Fault]:
    for key, value in properties_of(node.schema).items():
        if isinstance(value, bool):
            yield (*node.path, "properties", key), BARE
    if dialect.name == "llama-cpp":
        for keyword in ("items", *SCHEMA_LISTS):
            given = node.schema.get(keyword)
            if any(isinstance(part, bool) for part in (given if isinstance(given, list) else [given])):
                yield (*node.path, keyword), BARE


@node_rule(
    "NO_TYPE_LIST",
    "Gemini's `parameters` take one type, `parametersJsonSchema` one beside null; Cursor refuses each call "
    "of a tool with a list of types.",
    "keep one type; for Gemini add `nullable: true`, for MCP write `anyOf`.",
    (
        "https://github.com/zed-industries/zed/issues/44875",
        "https://github.com/cursor/cursor/issues/3778",
        "https://github.com/labring/FastGPT/issues/6451",
    ),
    errors=("gemini",),
    warnings=("gemini-json", "mcp"),
)
def _one_type(node: Node, dialect: Dialect) -> Iterator[Fault]:
    given = node.schema.get("type")
    if isinstance(given, list) and (
        dialect.name in ("gemini", "mcp") or len(set(types_of(node.schema)) - {"null"}) > 1
    ):
        yield (*node.path, "type"), f"the type is a list of {len(given)}"


@node_rule(
    "UNION_ALONE",
    "Vertex AI refuses a request for anything beside `anyOf`, and Moonshot for a `type` there.",
    "write the type into each variant; describe the choice in the description of the tool.",
    (
        "https://github.com/anomalyco/opencode/issues/15795",
        "https://github.com/akitaonrails/ai-memory/pull/450",
        "https://github.com/MoonshotAI/kimi-code/issues/2661",
        "https://github.com/yilewang/llm-for-zotero/issues/416",
    ),
    warnings=("openai", "gemini", "mcp"),
)
def _union(node: Node, dialect: Dialect) -> Iterator[Fault]:
    if not isinstance(node.schema.get("anyOf"), list):
        return
    if "type" in node.schema:
        yield (*node.path, "type"), "`type` stands beside `anyOf`"
    elif dialect.name == "gemini" and node.schema.keys() != {"anyOf"}:
        yield node.path, "other keywords stand beside `anyOf`"


@node_rule(
    "ENUM_STRINGS",
    "Gemini's enumerations hold text that is not empty, and their type is string.",
    "list numbers in the description; take the empty text out.",
    (
        "https://github.com/nanbingxyz/5ire/issues/218",
        "https://github.com/microsoft/azure-devops-mcp/issues/139",
        "https://github.com/Bobsilvio/ha-claude/pull/32",
    ),
    errors=("gemini",),
)
def _enum_of_text(node: Node, dialect: Dialect) -> Iterator[Fault]:
    values = node.schema.get("enum")
    if not isinstance(values, list):
        return
    others = sum(not isinstance(value, str) for value in values)
    if others:
        yield (*node.path, "enum"), f"{others} of the values are not text"
    if "" in values:
        yield (*node.path, "enum", values.index("")), "a value is empty"
    if set(types_of(node.schema)) - {"null"} != {"string"}:
        yield (*node.path, "enum"), "the type beside the enumeration is not string"
