"""Rules on references, recursion and schemas too large to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...export.providers.limits import ALL, LOCAL, Dialect
from ...schemas.traversal import DEFINITIONS, MAX_LEVELS, MAX_NODES, JsonPath, Node, Walk, locate, pointer
from ..listing import Listed
from ..rule import Fault, Group, node_rule, tool_rule

REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef", *DEFINITIONS)


@node_rule(
    "NO_REF",
    "Gemini's `parameters` know no references and refuse or lose them.",
    "write what is referred to in its place.",
    ("https://github.com/DEEIX-AI/DEEIX-Chat/issues/546",),
    errors=("gemini",),
)
def _no_references(node: Node, dialect: Dialect) -> Iterator[Fault]:
    for name in REFERENCES:
        if name in node.schema:
            yield (*node.path, name), f"`{name}` is given"


@node_rule(
    "REF_SIBLINGS",
    "OpenAI's strict mode takes `$ref` alone.",
    'write `"anyOf": [{"$ref": ...}]`, or what is referred to in its place.',
    ("https://github.com/openai/openai-agents-python",),
    errors=("openai-strict",),
)
def _alone(node: Node, dialect: Dialect) -> Iterator[Fault]:
    beside = node.schema.keys() - {"$ref", *DEFINITIONS}
    if "$ref" in node.schema and beside:
        yield (*node.path, "$ref"), f"{len(beside)} keywords stand beside `$ref`"


@tool_rule(
    "REF_TARGET",
    "A reference must lead to a definition inside the same schema.",
    "put the definition under `$defs`.",
    (
        "https://github.com/pydantic/pydantic-ai",
        "https://github.com/modelcontextprotocol/typescript-sdk/issues/1175",
    ),
    errors=tuple(name for name in ALL if name != "gemini"),
)
def _targets(tool: Listed, group: Group) -> Iterator[Fault]:
    yield from _lost(tool.schema, tool.walk, group.dialect)
    if tool.is_for(group.dialect):
        yield from _lost(tool.body.get(tool.output_key), tool.output_walk, group.dialect)


def _lost(schema: Any, walked: Walk, dialect: Dialect) -> Iterator[Fault]:
    for node in walked.nodes:
        given = node.schema.get("$ref")
        if not isinstance(given, str):
            continue
        steps = pointer(given)
        if steps is None:
            yield (*node.path, "$ref"), "the reference leads out of the schema"
        elif locate(schema, steps) is None:
            yield (*node.path, "$ref"), "the reference leads nowhere"
        elif dialect.name == "openai-strict" and not _is_definition(steps):
            yield (*node.path, "$ref"), "the reference is not to `#`, `#/$defs/...` or `#/definitions/...`"
        elif dialect.name == "llama-cpp" and not steps:
            yield (*node.path, "$ref"), "the reference is to the whole schema"


def _is_definition(steps: JsonPath) -> bool:
    return not steps or (len(steps) == 2 and steps[0] in DEFINITIONS)


@tool_rule(
    "NO_RECURSION",
    "Anthropic's strict mode refuses recursive schemas; clients that write references out never end.",
    "unroll it to a fixed depth, or send the value as a JSON string.",
    (
        "https://github.com/anthropics/anthropic-sdk-python",
        "https://github.com/DEEIX-AI/DEEIX-Chat/issues/546",
        "https://github.com/google-labs-code/stitch-sdk/issues/367",
    ),
    errors=("anthropic-strict", "gemini"),
    warnings=("openai", "anthropic", "gemini-json", "bedrock", "mcp", "mistral", *LOCAL),
)
def _recursion(tool: Listed, group: Group) -> Iterator[Fault]:
    yield from _circles(tool.schema, tool.walk, tool.schema_place)
    if tool.is_for(group.dialect):
        key = tool.output_key
        yield from _circles(tool.body.get(key), tool.output_walk, (*tool.place, key))


def _circles(schema: Any, walked: Walk, place: JsonPath) -> Iterator[Fault]:
    """Find references that close a circle: to a place around them, or around one they lead to."""
    arrows = _arrows(schema, walked, place)
    targets = dict.fromkeys(arrows.values())  # in order: what is reported is the same each time
    leads: dict[JsonPath, dict[JsonPath, JsonPath]] = {target: {} for target in targets}
    for source, target in arrows.items():
        for length in range(len(source) + 1):
            if source[:length] in targets:
                leads[source[:length]].setdefault(target, source)
    for source in _closing(leads):
        yield (*place, *source, "$ref"), "the reference leads back to where it stands"


def _arrows(schema: Any, walked: Walk, place: JsonPath) -> dict[JsonPath, JsonPath]:
    """Return the place of every local reference and the place it leads to, both from the root."""
    found = {}
    for node in walked.nodes:
        given = node.schema.get("$ref")
        steps = pointer(given) if isinstance(given, str) else None
        target = None if steps is None else locate(schema, steps)
        if target is not None:
            found[node.path[len(place) :]] = target
    return found


def _closing(leads: Mapping[JsonPath, Mapping[JsonPath, JsonPath]]) -> Iterator[JsonPath]:
    """Walk the graph depth first, without recursion; yield the reference of every step back."""
    done: set[JsonPath] = set()
    for start in leads:
        open_places, stack = {start}, [(start, iter(leads[start].items()))]
        while stack and start not in done:
            here, ways = stack[-1]
            target, source = next(ways, (None, ()))
            if target is None:
                stack.pop()
                open_places.discard(here)
                done.add(here)
            elif target in open_places:
                yield source
            elif target not in done:
                open_places.add(target)
                stack.append((target, iter(leads[target].items())))


@tool_rule(
    "SIZE_CAP",
    "Clients refuse schemas beyond these bounds, and so does this check.",
    "flatten it, or send the value as a JSON string.",
    ("https://github.com/openai/openai-agents-python",),
    errors=ALL,
)
def _size(tool: Listed, group: Group) -> Iterator[Fault]:
    walks = (tool.walk, tool.output_walk) if tool.is_for(group.dialect) else (tool.walk,)
    for cut in (walked.cut for walked in walks if walked.cut is not None):
        limits = f"{MAX_LEVELS} levels or {MAX_NODES:,} parts"
        yield cut, f"the schema has more than {limits}, and what follows was not read"
