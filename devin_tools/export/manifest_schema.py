"""The JSON Schema (2020-12) of the manifest format."""

from __future__ import annotations

from typing import Any

INDEX_FILE = "index.json"
SCHEMA_FILE = "manifest.schema.json"

TEXT = {"type": "string", "minLength": 1}
FLAG = {"type": "boolean"}
TOOL_ID = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"}
HASH = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
ANY_SCHEMA = {"$ref": "https://json-schema.org/draft/2020-12/schema"}
OBJECT_SCHEMA = {"allOf": [ANY_SCHEMA, {"properties": {"type": {"const": "object"}}, "required": ["type"]}]}


def _closed(description: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "description": description,
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        **more,
    }


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


SPENDING = _closed(
    "How a call spends ACUs. The names are those of input fields; dots lead into a nested one.",
    {
        "starts": {
            "enum": ["one", "standing", "parts", "nothing"],
            "description": "one: a session, or other work that is paid for. standing: what starts sessions "
            "by itself from then on, for ever unless it says otherwise. parts: nothing but by the calls that "
            "it is made of. nothing: a session goes on, within the limit that it was started with.",
        },
        "limit": _nullable(TEXT)
        | {"description": "The most ACUs that each session may spend. Null: none can be given."},
        "total": _nullable(TEXT) | {"description": "The most ACUs that all sessions of the call may spend."},
        "cron": _nullable(TEXT) | {"description": "When sessions start by themselves: a cron expression."},
        "once": _nullable(
            _closed(
                "With this value of this field, and no `cron`, one session starts.",
                {"field": TEXT, "value": TEXT},
            )
        ),
        "stops": _nullable(TEXT)
        | {"description": "The field that is false in a call after which nothing starts by itself."},
    },
)

EFFECT = _closed(
    "What a call does to the world.",
    {
        "kind": {"enum": ["read", "write", "destroy"]},
        "idempotent": FLAG | {"description": "Repeating the call changes nothing more."},
        "billable": FLAG | {"description": "The call can spend ACUs."},
        "spending": _nullable({"$ref": "#/$defs/spending"})
        | {"description": "How it spends. Null when it does not."},
        "reversible": FLAG | {"description": "Another tool undoes the call."},
        "administrative": FLAG | {"description": "The call administers accounts, security or money."},
        "reveals_secret": FLAG | {"description": "The output can hold a secret that is shown once."},
        "private": FLAG | {"description": "The output is personal, or of use to an attacker."},
    },
)

FIELD = _closed(
    "Where one field of the input travels.",
    {
        "field": TEXT,
        "in": {
            "enum": ["path", "query", "body", "file", None],
            "description": "file: the path of a file, which travels as a multipart part. Null: not sent; "
            "it steers what this package does around the request.",
        },
        "name": TEXT | {"description": "The field's name on the wire."},
        "list": {"enum": ["repeat", None], "description": "repeat: one name=value per item."},
        "slashes": {
            "enum": ["encode", "keep", None],
            "description": "In a path: whether a slash of the value is percent-encoded, or parts segments.",
        },
        "prefix": _nullable(TEXT)
        | {
            "description": "What an id, or each id of a list, has before it on the wire. People paste ids "
            "without it, and as the last segment of a URL: take that segment, and put the prefix before it."
        },
    },
)

HTTP = _closed(
    "The one request the tool sends. Send only the fields that were set.",
    {
        "method": {"enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]},
        "path": {"type": "string", "pattern": "^/"},
        "scope": {"type": "array", "items": TEXT, "description": "Path names the settings fill."},
        "body": {"enum": ["json", "multipart", None]},
        "fields": {"type": "array", "items": {"$ref": "#/$defs/field"}},
    },
)

PAGING = _closed(
    "How to walk a list: ask for the next page while there is more.",
    {
        "items": TEXT | {"description": "The output field with the items."},
        "item_id": {
            "type": "string",
            "description": "The field that tells an item from others; empty where none does.",
        },
        "wire_items": TEXT | {"description": "The same field in the API's own answer."},
        "cursor": TEXT,
        "more": TEXT,
        "cursor_field": TEXT | {"description": "The input field for the cursor."},
        "size_field": TEXT | {"description": "The input field for the page size."},
        "style": {
            "enum": ["cursor", "offset"],
            "description": "cursor: the API's answer holds `cursor` and `more`. offset: it may not; send as "
            "`cursor_field` how many items came before, until `total` is reached or a page holds fewer "
            "items than were asked for, so always send `size_field`.",
        },
    },
)

KEYWORDS = {
    "description": "What people say who want it, in words that its texts do not have; for searches.",
    "type": "array",
    "items": TEXT,
}

TOOL = _closed(
    "One tool.",
    {
        "$schema": TEXT,
        "format": {"const": "devin-tools/manifest/1"},
        "id": TOOL_ID,
        "name": TEXT,
        "version": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
        "resource": TEXT,
        "summary": TEXT | {"maxLength": 80},
        "description": TEXT,
        "keywords": KEYWORDS,
        "beta": FLAG,
        "effect": {"$ref": "#/$defs/effect"},
        "scope": TEXT
        | {
            "description": "What the key must be one of: an organization, an enterprise, or the workers of "
            "outposts."
        },
        "permission": _nullable(TEXT),
        "auth": _closed(
            "How to authenticate.",
            {"type": {"const": "http"}, "scheme": {"const": "bearer"}, "variable": TEXT},
        ),
        "input": OBJECT_SCHEMA,
        "visibility": {
            "description": "Who may fill each field: user means never a model.",
            "type": "object",
            "additionalProperties": {"enum": ["llm", "user"]},
        },
        "output": OBJECT_SCHEMA,
        "http": _nullable({"$ref": "#/$defs/http"}) | {"description": "Null for a tool made of other tools."},
        "one_request": FLAG
        | {
            "description": "Whether the request in `http` alone does what the tool promises. Of others, some "
            "read before they write, some move files, some are made of many calls: `devin-tools serve` runs "
            "them."
        },
        "paging": _nullable({"$ref": "#/$defs/paging"}),
        "errors": {"type": "array", "items": TEXT, "uniqueItems": True},
        "examples": {"type": "array", "items": {"type": "object"}},
        "hash": HASH | {"description": "SHA-256 of the rest as JSON with sorted keys and no spaces."},
    },
)

INDEX = _closed(
    "All tools of a pack.",
    {
        "$schema": TEXT,
        "format": {"const": "devin-tools/manifest/1"},
        "name": TEXT,
        "version": TEXT,
        "base_url": {"type": "string", "pattern": "^https://"},
        "scope": {"type": "object"},
        "tools": {
            "type": "array",
            "items": _closed(
                "One tool, shortly.",
                {
                    "id": TOOL_ID,
                    "name": TEXT,
                    "resource": TEXT,
                    "summary": TEXT,
                    "keywords": KEYWORDS,
                    "effect": {"$ref": "#/$defs/effect"},
                    "hash": HASH,
                    "file": {"type": "string", "pattern": r"^[a-z0-9_]+\.json$"},
                },
            ),
        },
    },
)

MANIFEST_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:devin-tools:manifest:1",
    "title": "devin-tools manifest",
    "description": "A tool of the Devin API, or the index of a pack of them.",
    "oneOf": [{"$ref": "#/$defs/tool"}, {"$ref": "#/$defs/index"}],
    "$defs": {
        "effect": EFFECT,
        "spending": SPENDING,
        "field": FIELD,
        "http": HTTP,
        "paging": PAGING,
        "tool": TOOL,
        "index": INDEX,
    },
}
