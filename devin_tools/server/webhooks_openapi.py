"""What the OpenAPI document says of the paths for events, on a server that takes them."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

SCHEME = "eventSecret"

REFUSALS: dict[str, str] = {
    "400": "The event is not JSON, or of no known form; `details` names what was missing.",
    "401": "The secret or the signature is missing or wrong, or the event is too old.",
    "403": "A rule of this server refused the session, or its Devin key lacks a permission.",
    "404": "What the rules name is not there.",
    "408": "The body did not arrive in time.",
    "413": "The body is too large.",
    "415": "The event is not called JSON; `error` says where senders set that.",
    "429": "Too many events, or the API asks to slow down.",
    "500": "This server is at fault, or its settings are.",
    "502": "The API could not be reached, failed, or refused the session.",
    "503": "Too many events are being taken, or the server is stopping.",
}
"""What each status says."""

TEXT = {"type": ["string", "null"]}

EVENT: dict[str, Any] = {
    "type": "object",
    "description": "The standard form, or the body of one of the vendors that the server can read.",
    "properties": {
        "alertName": {"type": "string", "description": "Its name; what the standard form cannot do without."},
        "severity": {"description": "0 (worst) to 4, or a word."},
        "description": {"type": "string"},
        "affectedResource": {"type": "string"},
    },
}

SESSION = {"sessionId": TEXT, "sessionUrl": TEXT}
RESULT = {name: {"type": "string"} for name in ("alert", "done", "reason")} | SESSION

DONE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "success": {"const": True},
        **SESSION,
        "message": {"type": "string", "description": "What was done, and why."},
        "results": {
            "type": "array",
            "description": "What was done about each alert of the event.",
            "items": {"type": "object", "properties": RESULT, "required": list(RESULT)},
        },
        "notes": {
            "type": "array",
            "description": "What the server did not know of the event, or its sender left out.",
            "items": {"type": "string"},
        },
    },
    "required": ["success", "sessionId", "sessionUrl", "message"],
}

REFUSED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "success": {"const": False},
        "error": {"type": "string"},
        "details": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["success", "error", "details"],
    "additionalProperties": False,
}


def add_events(document: dict[str, Any], paths: Sequence[str], *, has_secret: bool) -> None:
    """Add the paths for events to the document. Each has a secret of its own, not the server's token."""
    document["components"]["schemas"] |= copy.deepcopy({"Event": EVENT, "Done": DONE, "Refused": REFUSED})
    document["tags"].append({"name": "events"})
    if has_secret:
        schemes = document["components"].setdefault("securitySchemes", {})
        schemes[SCHEME] = {
            "type": "http",
            "scheme": "bearer",
            "description": "The secret of who sends events; or the signature of a vendor, in its own header.",
        }
    for path in paths:
        document["paths"][path] = {"post": _operation(path, has_secret)}


def _operation(path: str, has_secret: bool) -> dict[str, Any]:
    refusals = {status: text for status, text in REFUSALS.items() if has_secret or status != "401"}
    return {
        "operationId": "take_event" + path.replace("/", "_").replace("-", "_"),
        "summary": "Take an event, and act by the rules of this server.",
        "tags": ["events"],
        "security": [{SCHEME: []}] if has_secret else [],
        "requestBody": {"required": True, "content": _json("Event")},
        "responses": {
            "200": {"description": "It was acted on, or nothing was to be done.", "content": _json("Done")},
            "202": {"description": "It is taken in; what it starts goes on.", "content": _json("Done")},
        }
        | {status: {"description": text, "content": _json("Refused")} for status, text in refusals.items()},
    }


def _json(schema: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
