"""Rules on how tools present themselves: hints, outputs, secrets, and one kind of act per tool."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from ...export.providers.limits import ALL, Dialect
from ...schemas.traversal import Node, properties_of, types_of
from ..listing import Listed
from ..rule import Fault, Found, Group, list_rule, node_rule, tool_rule
from ..shown import looks_secret, shown

HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")

CREDENTIAL = re.compile(
    r"(^|_)(password|passwd|passphrase|secret|secrets|api_?key|access_?key|secret_?key|private_?key"
    r"|access_?token|auth_?token|bearer_?token|refresh_?token|client_?secret|credentials?|authorization)$"
)
MAX_NAME_READ = 200
WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")

READING = frozenset({
    "get", "list", "read", "search", "find", "fetch", "view", "show", "query", "describe", "lookup",
    "count", "check",
})  # fmt: skip
CHANGING = frozenset({
    "create", "update", "delete", "remove", "write", "set", "add", "send", "edit", "modify", "insert",
    "upsert", "replace", "archive", "terminate", "cancel", "move", "rename", "upload", "put", "patch",
    "post", "execute", "merge", "close",
})  # fmt: skip
CHOOSERS = frozenset({
    "action", "operation", "method", "command", "verb",
})  # fmt: skip


BOUND = re.compile(r"(^|_)max_acus?(_|$)")
PARTS = (
    (BOUND, "the limit of ACUs"),
    (re.compile(r"(^|_)(cron|frequency)(_|$)"), "when sessions start by themselves"),
    (re.compile(r"^(is_)?enabled$"), "what stops it"),
)
"""What is named of a tool that spends, by how fields for it are called; all but the first of what stands."""
DIRECTORY = (
    "https://dev.to/flovoice53tech/before-you-submit-your-mcp-server-to-claudes-connectors-directory-a-checklist"
    "-from-anthropics-4ab0"
)
SPENDING = "https://docs.devin.ai/v3-openapi.yaml"


def _words(name: str) -> list[str]:
    return [word.lower() for word in WORDS.findall(name[-MAX_NAME_READ:])]


@tool_rule(
    "ANNOTATIONS_COMPLETE",
    "What is not said counts as the worst: not read-only, destructive, open to the world.",
    "state all four hints and a title.",
    (DIRECTORY, "https://modelcontextprotocol.io/specification/2025-11-25/schema"),
    warnings=("mcp",),
)
def _hints(tool: Listed, group: Group) -> Iterator[Fault]:
    if tool.form != "mcp":
        return
    given = tool.body.get("annotations")
    hints = given if isinstance(given, Mapping) else {}
    missing = [name for name in HINTS if not isinstance(hints.get(name), bool)]
    if not (tool.body.get("title") or hints.get("title")):
        missing.append("title")
    if missing:
        yield (*tool.place, "annotations"), f"not given: {', '.join(missing)}"
    elif hints["readOnlyHint"] and hints["destructiveHint"]:
        yield (*tool.place, "annotations"), "the tool is both read-only and destructive"


@tool_rule(
    "OUTPUT_ROOT_OBJECT",
    "Protocol 2025-11-25 takes only an object as structured content.",
    "wrap the output in an object.",
    ("https://modelcontextprotocol.io/specification/2025-11-25/schema",),
    errors=("mcp",),
)
def _output(tool: Listed, group: Group) -> Iterator[Fault]:
    key = "output" if tool.form == "manifest" else "outputSchema"
    schema = tool.body.get(key)
    if schema is not None and types_of(schema) != ("object",):
        yield (*tool.place, key), "the root of the output schema is not an object"


@node_rule(
    "SECRET_FIELDS_ABSENT",
    "A model, its logs and its provider would see the secret.",
    "read it from the settings, and take the property out of what a model sees.",
    ("https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation",),
    errors=ALL,
)
def _secret_fields(node: Node, dialect: Dialect) -> Iterator[Fault]:
    for key, schema in properties_of(node.schema).items():
        is_marked = isinstance(schema, Mapping) and (
            schema.get("format") == "password" or schema.get("writeOnly") is True
        )
        may_hold_text = not types_of(schema) or {"string", "object", "array"} & {*types_of(schema)}
        if is_marked or (may_hold_text and CREDENTIAL.search("_".join(_words(key)))):
            yield (*node.path, "properties", key), "a model would have to fill in a secret"


@tool_rule(
    "SECRET_VALUES",
    "Whoever reads the list could use the key.",
    "revoke it if it is a real one, and write an example that none could mistake for one.",
    ("https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices",),
    errors=ALL,
)
def _secret_values(tool: Listed, group: Group) -> Iterator[Fault]:
    if looks_secret(tool.description):
        yield (*tool.place, "description"), "the text holds something made like a key"
    for node in tool.walk.nodes:
        for name in ("default", "const", "example", "examples", "enum", "description"):
            given = node.schema.get(name)
            values = given if isinstance(given, list) else [given]
            if any(isinstance(value, str) and looks_secret(value) for value in values):
                yield (*node.path, name), "a value is made like a key"


@tool_rule(
    "MIXED_VERBS",
    "A person can allow reading alone only when it is a tool of its own.",
    "make one tool that reads and another that changes.",
    (DIRECTORY,),
    warnings=("mcp",),
)
def _verbs(tool: Listed, group: Group) -> Iterator[Fault]:
    if _mixes(_acts(tool.name)):
        yield (*tool.place, tool.name_key), "the name says both reading and changing"
    for key, schema in properties_of(tool.schema).items():
        values = schema.get("enum") if isinstance(schema, Mapping) else None
        if key.lower() in CHOOSERS and isinstance(values, list):
            acts = {word for value in values if isinstance(value, str) for word in _words(value)[:1]}
            if _mixes(acts):
                yield (*tool.schema_place, "properties", key), "it chooses between reading and changing"


def _acts(name: str) -> set[str]:
    """Return the first verb of a name, and those that `and` or `or` add to it."""
    words = _words(name)
    first = [word for word in words if word in READING | CHANGING][:1]
    added = [word for before, word in pairwise(words) if before in ("and", "or")]
    return {*first, *added}


def _mixes(acts: set[str]) -> bool:
    return bool(acts & READING and acts & CHANGING)


def _effect(tool: Listed) -> Mapping[str, Any]:
    """Return the effect of a tool in a manifest, the one form of list that has it."""
    effect = tool.body.get("effect") if tool.form == "manifest" else None
    return effect if isinstance(effect, Mapping) else {}


def _spends(tool: Listed) -> bool:
    return _effect(tool).get("billable") is True


def _request(tool: Listed) -> object:
    http = tool.body.get("http")
    return (http.get("method"), http.get("path")) if isinstance(http, Mapping) else None


@list_rule(
    "SPENDING_DECLARED",
    "Ceilings, consent, previews and what models are offered go by what a tool says that it spends.",
    "give the tool an effect such as `WRITE.billable(Spending(...))`.",
    (SPENDING,),
    warnings=("mcp",),
)
def _undeclared(group: Group) -> Iterator[Found]:
    paid = {_request(tool): tool.name for tool in group.whole if _spends(tool)}
    for tool in group.tools:
        effect, place = _effect(tool), (*tool.place, "effect")
        if _spends(tool) and not isinstance(effect.get("spending"), Mapping):
            yield tool, place, "it spends ACUs, and does not say how"
        elif effect and not _spends(tool):
            if _request(tool) is not None and (other := paid.get(_request(tool))):
                yield tool, place, f"it sends what {shown(other)} sends, which spends ACUs"
            if any(BOUND.search(name) for name in _names(tool)):
                yield tool, place, "it takes a limit of ACUs, and says that it spends none"


@tool_rule(
    "SPENDING_COMPLETE",
    "A ceiling refuses what it cannot bound or stop, and nobody is told what it costs.",
    "name the field in the tool's `Spending`.",
    (SPENDING,),
    warnings=("mcp",),
)
def _incomplete(tool: Listed, group: Group) -> Iterator[Fault]:
    spending = _effect(tool).get("spending")
    if not isinstance(spending, Mapping) or spending.get("starts") == "nothing":
        return
    parts = PARTS if spending.get("starts") == "standing" else PARTS[:1]
    said = {str(spending.get(key)).partition(".")[0] for key in ("limit", "total", "cron", "stops")}
    for name, what in parts:
        for key in properties_of(tool.schema):
            if name.search("_".join(_words(key))) and key not in said:
                yield (
                    (*tool.place, "effect", "spending"),
                    f"{what} is not named, which {shown(key)} seems to hold",
                )


def _names(tool: Listed) -> list[str]:
    return ["_".join(_words(name)) for name in properties_of(tool.schema)]
