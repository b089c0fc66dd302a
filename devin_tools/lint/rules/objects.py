"""Rules on the root of an input schema, and on objects and their properties."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping, Sequence

from ...export.providers.limits import ALL, LOCAL, Dialect
from ...schemas.traversal import Node, is_object, properties_of, required_of, types_of
from ..listing import Listed
from ..rule import Fault, Group, node_rule, tool_rule
from ..shown import shown

STRICT = ("openai-strict", "anthropic-strict")
UNIONS = ("anyOf", "oneOf", "allOf", "not", "enum", "const")
MAX_NAMED = 5


OPENAI_STRICT_SOURCES = (
    "https://jsonschemaprofiles.unitvectorylabs.com/schemas/openai",
    "https://github.com/openai/openai-agents-python",
)


@tool_rule(
    "ROOT_OBJECT",
    "Arguments are an object, so every provider wants an object schema at the root.",
    'give the root `"type": "object"` and wrap other values in a property.',
    (
        "https://github.com/ComposioHQ/composio/issues/1829",
        "https://github.com/ComposioHQ/composio/issues/4518",
        "https://github.com/n8n-io/n8n/issues/29353",
    ),
    errors=ALL,
)
def _root_is_object(tool: Listed, group: Group) -> Iterator[Fault]:
    if tool.schema is None:
        if not group.dialect.may_omit_schema:
            yield tool.place, "the input schema is missing"
    elif not isinstance(tool.schema, Mapping):
        yield tool.schema_place, "the input schema is not a JSON object"
    elif types_of(tool.schema) != ("object",) or isinstance(tool.schema["type"], list):
        given = "is not given" if "type" not in tool.schema else "is another one"
        yield (*tool.schema_place, "type"), f"the type of the root {given}"


@tool_rule(
    "ROOT_GIVEN",
    "OpenAI takes a function without parameters; Azure, xAI and others that speak its form refuse it.",
    'give `{"type": "object", "properties": {}}` to a tool that takes nothing.',
    (
        "https://github.com/Azure/azure-sdk-for-js/issues/28312",
        "https://github.com/dirac-run/dirac/issues/58",
    ),
    warnings=("openai", "openai-strict"),
)
def _root_is_given(tool: Listed, group: Group) -> Iterator[Fault]:
    if tool.schema is None:
        yield tool.schema_place, "the parameters are missing"


@tool_rule(
    "ROOT_PROPERTIES",
    "OpenAI refuses an object root without the key, even when the tool takes nothing.",
    'add `"properties": {}`.',
    ("https://github.com/enechange/collmbo/pull/384",),
    errors=("openai", "openai-strict"),
    warnings=("mcp",),
)
def _root_has_properties(tool: Listed, group: Group) -> Iterator[Fault]:
    schema = tool.schema
    if isinstance(schema, Mapping) and "object" in types_of(schema) and "properties" not in schema:
        yield tool.schema_place, "the root has no `properties`"


@tool_rule(
    "ROOT_NO_UNION",
    "OpenAI and Anthropic refuse a choice between schemas at the root.",
    "make one object of the variants, and say in the descriptions which fields go together.",
    (
        "https://github.com/langchain-ai/langchainjs/issues/9804",
        "https://github.com/nspady/google-calendar-mcp/issues/39",
        "https://github.com/anthropics/claude-code/issues/27337",
    ),
    errors=("openai", "openai-strict", "anthropic", "anthropic-strict"),
    warnings=("gemini", "gemini-json", "bedrock", "mcp", "mistral", *LOCAL),
)
def _root_has_no_union(tool: Listed, group: Group) -> Iterator[Fault]:
    for name in UNIONS:
        if isinstance(tool.schema, Mapping) and name in tool.schema:
            yield (*tool.schema_place, name), f"the root has `{name}`"


@node_rule(
    "PROP_KEYS",
    "One property name with other characters makes Anthropic or Gemini refuse the whole list.",
    "use letters, digits and _, at most 64, and translate to the wire's name inside the tool.",
    (
        "https://github.com/anthropics/claude-code/issues/79418",
        "https://github.com/beautyfree/appstore-connect-mcp/issues/2",
        "https://github.com/ComposioHQ/composio/issues/3500",
    ),
    errors=("anthropic", "anthropic-strict", "gemini", "gemini-json", "mcp"),
    warnings=("bedrock",),
)
def _keys(node: Node, dialect: Dialect) -> Iterator[Fault]:
    for key in properties_of(node.schema):
        if dialect.property_names and not re.fullmatch(dialect.property_names, key):
            place = (*node.path, "properties", key)
            yield place, f"the property's name does not match {dialect.property_names}"


@node_rule(
    "PROP_PYTHON",
    "Agent frameworks in Python make arguments of property names.",
    "rename it, such as `from` to `sender`.",
    ("https://github.com/ComposioHQ/composio",),
    warnings=ALL,
)
def _python_keys(node: Node, dialect: Dialect) -> Iterator[Fault]:
    for key in properties_of(node.schema):
        if keyword.iskeyword(key) or key[:1].isdigit():
            yield (*node.path, "properties", key), "the property's name is not a Python identifier"


@node_rule(
    "REQUIRED_SUBSET",
    "Gemini and strict modes refuse a required name that is not a property.",
    "describe the property, or take its name out of `required`.",
    ("https://github.com/vercel/ai/issues/4412",),
    errors=("gemini", "gemini-json", *STRICT),
    warnings=("openai", "anthropic", "bedrock", "mcp", "mistral", *LOCAL),
)
def _required_exists(node: Node, dialect: Dialect) -> Iterator[Fault]:
    known = properties_of(node.schema)
    for index, name in enumerate(required_of(node.schema)):
        if is_object(node.schema) and name not in known:
            yield (*node.path, "required", index), f"{shown(name)} is required, but no property"


@node_rule(
    "REQUIRED_ALL",
    "OpenAI's strict mode wants every property required.",
    "require it and let it be null; drop the nulls before the call.",
    OPENAI_STRICT_SOURCES,
    errors=("openai-strict",),
)
def _all_required(node: Node, dialect: Dialect) -> Iterator[Fault]:
    given = set(required_of(node.schema))
    missing = [name for name in properties_of(node.schema) if name not in given]
    if missing:
        yield (*node.path, "required"), f"not required: {_named(missing)}"


@node_rule(
    "CLOSED_OBJECTS",
    "Strict modes refuse an object that may hold more than its properties.",
    "add `additionalProperties: false`; send a free-form object as a JSON string.",
    (*OPENAI_STRICT_SOURCES, "https://github.com/anthropics/anthropic-sdk-python"),
    errors=STRICT,
)
def _closed(node: Node, dialect: Dialect) -> Iterator[Fault]:
    if is_object(node.schema) and node.schema.get("additionalProperties") is not False:
        yield node.path, "the object has no `additionalProperties: false`"


@node_rule(
    "NO_ADDITIONAL",
    "Gemini's `parameters` know no such field and refuse the request.",
    "leave it out, or send the schema as `parametersJsonSchema`.",
    (
        "https://github.com/promptfoo/promptfoo/issues/6902",
        "https://github.com/nanbingxyz/5ire/issues/42",
    ),
    errors=("gemini",),
)
def _no_additional(node: Node, dialect: Dialect) -> Iterator[Fault]:
    if "additionalProperties" in node.schema:
        yield (*node.path, "additionalProperties"), "`additionalProperties` is given"


@node_rule(
    "NO_EMPTY_OBJECT",
    "Gemini refuses an object without properties; strict modes let a model send only `{}` for it.",
    "leave out the parameters of a tool that takes nothing; send a free-form object as a JSON string.",
    ("https://github.com/n8n-io/n8n/issues/13285",),
    errors=("gemini",),
    warnings=STRICT,
)
def _no_empty(node: Node, dialect: Dialect) -> Iterator[Fault]:
    is_free = is_object(node.schema) and not properties_of(node.schema)
    if is_free and (node.keyword or dialect.name not in STRICT):
        yield node.path, "the object has no properties"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(shown(name) for name in names[:MAX_NAMED]) + more
