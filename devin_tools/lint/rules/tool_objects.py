"""Rules on the tool around its schema: which fields it has, and what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import isfinite
from typing import Any

from ...export.providers.limits import ALL, LOCAL
from ...schemas.traversal import JsonPath
from ...text.encoding import unencodable
from ..listing import FORMS, Listed
from ..rule import Fault, Found, Group, list_rule, tool_rule
from ..shown import shown

Field = tuple[Callable[[Any], bool], str]
TEXT: Field = (lambda value: isinstance(value, str), "text")
FLAG: Field = (lambda value: isinstance(value, bool), "true or false")
OBJECT: Field = (lambda value: isinstance(value, Mapping), "an object")
LIST: Field = (lambda value: isinstance(value, list), "a list")
ANY: Field = (lambda value: True, "")


def _are_icons(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(icon, Mapping) and isinstance(icon.get("src"), str) and _are_texts(icon.get("sizes", []))
        for icon in value
    )


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_execution(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("taskSupport", "optional") in TASK_SUPPORT


TASK_SUPPORT = ("forbidden", "optional", "required")


NAMED = {"name": TEXT, "description": TEXT}
FUNCTION = NAMED | {"parameters": OBJECT, "strict": FLAG}
GEMINI = NAMED | {
    "parameters": OBJECT, "parametersJsonSchema": ANY, "parameters_json_schema": ANY, "response": OBJECT,
    "responseJsonSchema": ANY, "response_json_schema": ANY, "behavior": TEXT,
}  # fmt: skip

FIELDS: dict[str, dict[str, Field]] = {
    "mcp": NAMED
    | {
        "title": TEXT, "inputSchema": OBJECT, "outputSchema": OBJECT, "annotations": OBJECT, "_meta": OBJECT,
        "icons": (_are_icons, "a list of objects, each with a text `src`, and `sizes` as a list of texts"),
        "execution": (_is_execution, "an object whose `taskSupport` is forbidden, optional or required"),
    },
    "openai-chat": FUNCTION,
    "openai-responses": FUNCTION
    | {"type": TEXT, "defer_loading": FLAG, "output_schema": OBJECT, "allowed_callers": LIST},
    "anthropic": NAMED
    | {
        "input_schema": OBJECT, "type": TEXT, "strict": FLAG, "cache_control": OBJECT, "defer_loading": FLAG,
        "allowed_callers": LIST, "input_examples": LIST, "eager_input_streaming": FLAG,
    },
    "gemini": GEMINI,
    "gemini-json": GEMINI,
    "gemini-interactions": NAMED
    | {
        "type": TEXT, "parameters": OBJECT, "defer_loading": FLAG, "short_description": TEXT,
        "execution": TEXT,
    },
    "bedrock": NAMED | {"inputSchema": OBJECT, "strict": FLAG},
}  # fmt: skip
"""What a tool of each form may have."""

WRAPPERS = {"openai-chat": ("type", "function"), "bedrock": ("toolSpec",)}
HINTS = dict.fromkeys(("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"), FLAG)
ANNOTATIONS = HINTS | {"title": TEXT}
NULL_IS_NOTHING = (
    "openai-chat",
    "openai-responses",
    "anthropic",
    "gemini",
    "gemini-json",
    "gemini-interactions",
)
"""Forms in which null stands for a field that is not given."""

SCHEMA_OF_MCP = "https://modelcontextprotocol.io/specification/2025-11-25/schema"


@tool_rule(
    "TOOL_FIELDS",
    "A list is read as a whole: one field of another type, and all its tools are refused.",
    "give the field what its form of list has there; leave out a field that has nothing to say.",
    (
        SCHEMA_OF_MCP,
        "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html",
    ),
    errors=tuple(name for name in ALL if name not in LOCAL),
)
def _fields(tool: Listed, group: Group) -> Iterator[Fault]:
    if not tool.is_for(group.dialect) or tool.form == "manifest":
        return
    yield from _wrong(tool, tool.body, FIELDS[tool.form])
    annotations = tool.body.get("annotations")
    if tool.form == "mcp" and isinstance(annotations, Mapping):
        for place, detail in _wrong(tool, annotations, ANNOTATIONS):
            yield (*tool.place, "annotations", *place[len(tool.place) :]), detail
    if tool.form == "openai-chat":
        yield from _around(tool)
    if "parameters" in tool.body and tool.form == "gemini-json":
        yield (*tool.place, "parameters"), "the tool has both `parameters` and `parametersJsonSchema`"
    carrier = tool.body.get("inputSchema")
    if tool.form == "bedrock" and isinstance(carrier, Mapping) and carrier.keys() != {"json"}:
        yield (*tool.place, "inputSchema"), "`inputSchema` holds other keys than `json`"


def _wrong(tool: Listed, body: Mapping[str, Any], known: Mapping[str, Field]) -> Iterator[Fault]:
    for key, (is_right, what) in known.items():
        value = body.get(key)
        if key not in body or is_right(value) or (value is None and tool.form in NULL_IS_NOTHING):
            continue
        yield (*tool.place, key), f"`{key}` is {'null' if value is None else f'not {what}'}"


def _around(tool: Listed) -> Iterator[Fault]:
    if tool.wrapper is not None:
        if tool.wrapper.get("type") != "function":
            yield (*tool.place[:-1], "type"), '`type` is not "function"'
    elif "tools" in tool.place:
        yield tool.place, "`type` and `function` are missing around the tool"


@tool_rule(
    "TOOL_KEYS",
    "Most providers refuse a request for a field that they do not know; the others pass over it.",
    "take the field out, or move it to where it belongs: into the schema, or for MCP into `_meta`.",
    (
        "https://github.com/mistralai/client-python/issues/91",
        "https://github.com/anthropics/claude-code/issues/31033",
        SCHEMA_OF_MCP,
    ),
    errors=("anthropic", "anthropic-strict", "gemini", "gemini-json", "bedrock", "mistral"),
    warnings=("openai", "openai-strict", "mcp"),
)
def _keys(tool: Listed, group: Group) -> Iterator[Fault]:
    if not tool.is_for(group.dialect) or tool.form == "manifest":
        return
    for key in tool.body:
        if key not in FIELDS[tool.form]:
            yield (*tool.place, key), f"{shown(key)} is not a field of such a tool"
    for key in tool.wrapper or ():
        if key not in WRAPPERS[tool.form]:
            yield (*tool.place[:-1], key), f"{shown(key)} is not a field beside the tool"


@tool_rule(
    "SENDABLE",
    "One number that JSON does not have, or one text that UTF-8 cannot hold, makes a request unreadable.",
    "write whole characters and finite numbers.",
    (
        "https://github.com/anthropics/claude-code/issues/2108",
        "https://github.com/anthropics/claude-code/issues/9586",
        "https://www.rfc-editor.org/rfc/rfc8259",
    ),
    errors=ALL,
)
def _sendable(tool: Listed, group: Group) -> Iterator[Fault]:
    for where in unencodable(tool.body):
        yield (*tool.place, *where), "it holds half of a character (a lone surrogate)"
    left: list[tuple[JsonPath, Any]] = [(tool.place, tool.body)]
    while left:
        place, value = left.pop()
        if isinstance(value, float) and not isfinite(value):
            yield place, "the number is not finite"
        elif isinstance(value, Mapping):
            left += [((*place, key), part) for key, part in value.items()]
        elif isinstance(value, list):
            left += [((*place, index), part) for index, part in enumerate(value)]


@list_rule(
    "ID_UNIQUE",
    "Validators keep schemas by their `$id`, and some refuse a second one of the same.",
    "leave `$id` out; a tool's schema is referred to by nobody.",
    (
        "https://github.com/apache/maka/pull/4235",
        "https://github.com/ajv-validator/ajv/issues/2435",
    ),
    warnings=("mcp",),
)
def _ids(group: Group) -> Iterator[Found]:
    seen: set[str] = set()
    for tool in group.tools:
        for node in (*tool.walk.nodes, *tool.output_walk.nodes):
            given = node.schema.get("$id")
            if isinstance(given, str) and given in seen:
                yield tool, (*node.path, "$id"), "another schema of the list has this `$id`"
            seen |= {given} if isinstance(given, str) else set()


@list_rule(
    "ONE_FORM",
    "A list is read in one form, and a tool of another is refused, or has no schema there.",
    "write all tools of the list alike.",
    (SCHEMA_OF_MCP, "https://github.com/mistralai/client-python/issues/91"),
    errors=ALL,
)
def _one_form(group: Group) -> Iterator[Found]:
    first = _form(group.whole[0]) if group.whole else ""
    for tool in group.tools:
        if _form(tool) != first:
            yield (
                tool,
                tool.place,
                f"the tool has the form of {_form(tool)}, and the first of the list {first}",
            )


def _form(tool: Listed) -> str:
    form = FORMS[tool.form]
    return tool.form if form == "openai" or tool.form == "manifest" else form.removesuffix("-json")
