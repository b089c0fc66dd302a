"""Rules on how tools present themselves: hints, outputs, secrets, and one kind of act per tool."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from .dialects import ALL, Dialect
from .listing import Listed
from .rule import Fault, Group, Rule, of_nodes, of_tools
from .shown import looks_secret
from .walk import Node, kinds, properties

__all__ = ["RULES"]

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


def _words(name: str) -> list[str]:
    return [word.lower() for word in WORDS.findall(name[-MAX_NAME_READ:])]


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


def _output(tool: Listed, group: Group) -> Iterator[Fault]:
    key = "output" if tool.form == "manifest" else "outputSchema"
    schema = tool.body.get(key)
    if schema is not None and kinds(schema) != ("object",):
        yield (*tool.place, key), "the root of the output schema is no object"


def _secret_fields(node: Node, dialect: Dialect) -> Iterator[Fault]:
    for key, schema in properties(node.schema).items():
        if _is_marked(schema) or (_may_hold_text(schema) and CREDENTIAL.search("_".join(_words(key)))):
            yield (*node.place, "properties", key), "a model would have to fill in a secret"


def _is_marked(schema: Any) -> bool:
    return isinstance(schema, Mapping) and (
        schema.get("format") == "password" or schema.get("writeOnly") is True
    )


def _may_hold_text(schema: Any) -> bool:
    return not kinds(schema) or any(kind in ("string", "object", "array") for kind in kinds(schema))


def _secret_values(tool: Listed, group: Group) -> Iterator[Fault]:
    if looks_secret(tool.description):
        yield (*tool.place, "description"), "the text holds something made like a key"
    for node in tool.walk.nodes:
        for name in ("default", "const", "example", "examples", "enum", "description"):
            given = node.schema.get(name)
            values = given if isinstance(given, list) else [given]
            if any(isinstance(value, str) and looks_secret(value) for value in values):
                yield (*node.place, name), "a value is made like a key"


def _verbs(tool: Listed, group: Group) -> Iterator[Fault]:
    if _mixes(_acts(tool.name)):
        yield (*tool.place, tool.name_key), "the name says both reading and changing"
    for key, schema in properties(tool.schema).items():
        values = schema.get("enum") if isinstance(schema, Mapping) else None
        if key.lower() in CHOOSERS and isinstance(values, list):
            acts = {word for value in values if isinstance(value, str) for word in _words(value)[:1]}
            if _mixes(acts):
                yield (*tool.schema_place, "properties", key), "it chooses between reading and changing"


def _acts(name: str) -> set[str]:
    """Give the first verb of a name, and those that `and` or `or` add to it."""
    words = _words(name)
    first = [word for word in words if word in READING | CHANGING][:1]
    added = [word for before, word in pairwise(words) if before in ("and", "or")]
    return {*first, *added}


def _mixes(acts: set[str]) -> bool:
    return bool(acts & READING and acts & CHANGING)


DIRECTORY = (
    "https://dev.to/flovoice53tech/before-you-submit-your-mcp-server-to-claudes-connectors-directory-a-checklist"
    "-from-anthropics-4ab0"
)

RULES = [
    Rule(
        "ANNOTATIONS_COMPLETE",
        "What is not said counts as the worst: not read-only, destructive, open to the world.",
        "state all four hints and a title.",
        (DIRECTORY, "https://modelcontextprotocol.io/specification/2025-11-25/schema"),
        of_tools(_hints),
        warnings=("mcp",),
    ),
    Rule(
        "OUTPUT_ROOT_OBJECT",
        "Protocol 2025-11-25 takes only an object as structured content.",
        "wrap the output in an object.",
        ("https://modelcontextprotocol.io/specification/2025-11-25/schema",),
        of_tools(_output),
        errors=("mcp",),
    ),
    Rule(
        "SECRET_FIELDS_ABSENT",
        "A model, its logs and its provider would see the secret.",
        "read it from the settings, and take the property out of what a model sees.",
        ("https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation",),
        of_nodes(_secret_fields),
        errors=ALL,
    ),
    Rule(
        "SECRET_VALUES",
        "Whoever reads the list could use the key.",
        "revoke it if it is a real one, and write an example that none could mistake for one.",
        ("https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices",),
        of_tools(_secret_values),
        errors=ALL,
    ),
    Rule(
        "MIXED_VERBS",
        "A person can allow reading alone only when it is a tool of its own.",
        "make one tool that reads and another that changes.",
        (DIRECTORY,),
        of_tools(_verbs),
        warnings=("mcp",),
    ),
]
