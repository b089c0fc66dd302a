"""OpenAPI 3.1: every tool as `POST /tools/{id}`, for builders and hosts that import such documents.

The specification: https://spec.openapis.org/oas/v3.1.1.html
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from ..headers import CONFIRM_HEADER as CONFIRM_HEADER
from ..model_input import for_models
from ..spec import Spec
from ..version import __version__
from .manifest import effect_of
from .providers.variants import inline, output
from .quoting import json_text

DEFAULT_URL = "http://127.0.0.1:8765"
"""Where `devin-tools serve` listens when nothing else is said."""

SCHEME = "server_token"

DESCRIPTION = (
    "Every operation of the Devin API as a tool: its id is the operationId. Errors have one shape, "
    '{"error": {...}}. A call that waits returns early when it takes long, with `resume_with`: the call to '
    "go on with. Null stands for a field that is left out. What the extension x-devin-confirm marks spends "
    "ACUs, destroys, administers accounts or shows a secret; where the server asks for consent, a person "
    "gives it with the header named there."
)

ERRORS: dict[str, tuple[str, str]] = {
    "400": ("BadRequest", "The request is not JSON, or the API found a value it cannot accept."),
    "401": ("Unauthenticated", "The server token is missing or wrong."),
    "403": ("Forbidden", "A rule of the server refused the call, or its Devin key lacks a permission."),
    "404": ("NotFound", "The tool, or what an id stands for, does not exist."),
    "408": ("TooSlow", "The body did not arrive in time."),
    "409": ("Conflict", "The resource is in a state that does not allow this."),
    "413": ("TooLarge", "The body is too large."),
    "415": ("NotJson", "The Content-Type is not application/json."),
    "422": ("InvalidArguments", "The arguments do not fit the tool; nothing was sent."),
    "429": ("RateLimited", "Too many requests, to this server or to the API."),
    "500": ("ServerFault", "This server is at fault, or its settings are."),
    "502": ("ApiFault", "The API could not be reached, failed, or answered in an unknown shape."),
    "503": ("Busy", "Too many calls are running, or the server is stopping."),
    "504": ("TimedOut", "No answer in time. The call may have taken effect."),
}
"""The name and description of the response component of each status."""

RETRYING = ("429", "503")
"""Statuses with a `Retry-After`."""

ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "kind": {"type": "string", "description": "A stable word for programs."},
                "message": {
                    "type": "string",
                    "description": "What happened, without any value that was sent.",
                },
                "retryable": {"type": "boolean", "description": "Whether the same call can succeed later."},
                "retry_after": {"type": ["number", "null"], "description": "Seconds to wait before that."},
                "tries": {"type": "integer", "description": "How many requests were made to the API."},
                "hint": {"type": ["string", "null"], "description": "What to do next."},
                "details": {
                    "type": "array",
                    "items": {"type": "object", "additionalProperties": True},
                    "description": "Each place that is wrong, and why.",
                },
            },
            "required": ["kind", "message", "retryable"],
            "additionalProperties": True,
        }
    },
    "required": ["error"],
    "additionalProperties": False,
}


def openapi_of(specs: Sequence[Spec], *, url: str = DEFAULT_URL, has_token: bool = True) -> dict[str, Any]:
    """Describe the tools as one document; the caller owns every part of it.

    A tool that needs what only a person may fill is left out: hosts show operations to models.
    """
    specs = for_models(specs)
    statuses = [status for status in ERRORS if has_token or status != "401"]
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "Devin tools",
            "version": __version__,
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": url}],
        "tags": [{"name": name} for name in dict.fromkeys(spec.resource for spec in specs)],
        "paths": {path_of(spec): {"post": _operation(spec, statuses)} for spec in specs},
        "components": {
            "schemas": {"Error": copy.deepcopy(ERROR_SCHEMA)},
            "responses": {ERRORS[status][0]: _refusal(status) for status in statuses},
        },
    }
    if has_token:
        document["components"]["securitySchemes"] = {SCHEME: {"type": "http", "scheme": "bearer"}}
        document["security"] = [{SCHEME: []}]
    return document


def path_of(spec: Spec) -> str:
    """Return the path of a tool."""
    return f"/tools/{spec.name}"


def _operation(spec: Spec, statuses: Sequence[str]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": spec.name,
        "summary": spec.summary,  # semantic-kernel shows a model this line and not the description
        "description": spec.description,
        "tags": [spec.resource],
        **_body(spec),
        "responses": {"200": {"description": "The tool's output.", "content": _json_of(output(spec))}}
        | {status: {"$ref": f"#/components/responses/{ERRORS[status][0]}"} for status in statuses},
        "x-openai-isConsequential": not spec.effect.only_reads,
        "x-devin-effect": effect_of(spec.effect),
    }
    if spec.effect.needs_consent:
        operation["x-devin-confirm"] = {"header": CONFIRM_HEADER, "value": "true"}
    return operation


def _json_of(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _body(spec: Spec) -> dict[str, Any]:
    """Describe the arguments; importers make up one where a tool that takes none had a body."""
    schema = inline(spec)
    if not schema.get("properties"):
        return {}
    content = _json_of(schema)
    if spec.examples:
        content["application/json"]["examples"] = {
            f"example_{number}": {"value": _for_models(spec, example)}
            for number, example in enumerate(spec.examples, start=1)
        }
    return {"requestBody": {"required": bool(schema.get("required")), "content": content}}


def _for_models(spec: Spec, example: Mapping[str, Any]) -> dict[str, Any]:
    return {name: copy.deepcopy(value) for name, value in example.items() if name not in spec.user_only}


def _refusal(status: str) -> dict[str, Any]:
    refusal: dict[str, Any] = {
        "description": ERRORS[status][1],
        "content": _json_of({"$ref": "#/components/schemas/Error"}),
    }
    if status in RETRYING:
        seconds = {"type": "integer", "minimum": 0}
        refusal["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": seconds}}
    return refusal


def openapi_files(specs: Sequence[Spec]) -> dict[str, str]:
    """Write the document of a server on this machine, with its token scheme."""
    return {"openapi.json": json_text(openapi_of(specs), indent=2)}
