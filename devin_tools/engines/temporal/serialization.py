"""Calls, requests, responses and errors as plain values for payloads, and back. No key, no secret's value.

Imports nothing of Temporal's.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from pydantic import SecretStr
from pydantic_core import to_jsonable_python

from ...errors import (
    ApiError,
    DevinToolsError,
    InvalidArguments,
    NetworkError,
    UnexpectedResponse,
    UsageError,
    error_kinds,
)
from ...security.references import is_reference
from ...tool import Tool, require_call
from ...wire import Download, Request, Response
from .payloads import Job, RequestPayload, ResponsePayload

MAX_BODY = 1_500_000
"""The longest body that is put into a payload: a server takes two megabytes as it is usually set up."""

PACK_ABOVE = 16_384
"""A body longer than this is packed: histories are kept, and lists of sessions are long and alike."""

KEPT_HEADERS = ("date", "retry-after", "x-request-id")
"""The headers that anybody reads after an answer has come."""

REQUEST_FIELDS = tuple(one.name for one in fields(Request) if one.name != "api_key")
"""Those that a history may hold: a request with a key of its own is refused before it gets there."""
OLD_NAMES = {"timeout": "patience"}
"""What recorded histories call a field of a request."""

DOWNLOAD_FIELDS = tuple(one.name for one in fields(Download) if one.name not in REQUEST_FIELDS)

Path = list[str | int]


def arguments_of(call: Tool[Any]) -> dict[str, Any]:
    """Return the arguments of a call as JSON.

    Raises `InvalidArguments` when one is a secret's value, and for what is not a call.
    """
    require_call(call)
    plain: dict[str, Any] = to_jsonable_python(_without_secrets(call.model_dump(exclude_unset=True), [], []))
    return plain


def request_payload(request: Request) -> RequestPayload:
    """Return a request as plain values; raise `InvalidArguments` when it holds a secret's value."""
    secrets: list[Path] = []
    values = {OLD_NAMES.get(name, name): getattr(request, name) for name in REQUEST_FIELDS}
    values["query"] = [list(pair) for pair in request.query]
    if request.body is not None:
        values["body"] = _without_secrets(dict(request.body), [], secrets)
    is_download = isinstance(request, Download)
    saving = {name: getattr(request, name) for name in DOWNLOAD_FIELDS} if is_download else None
    return RequestPayload(**values, secrets=secrets, saving=saving)


def read_request(payload: RequestPayload) -> Request:
    """Return the request of a payload; what stands for a secret is secret-typed again."""
    values = {name: getattr(payload, OLD_NAMES.get(name, name)) for name in REQUEST_FIELDS}
    values["query"] = tuple((name, value) for name, value in payload.query)
    for path in payload.secrets:
        values["body"] = _with_secret(values["body"], path)
    return Request(**values) if payload.saving is None else Download(**values, **payload.saving)


def response_payload(response: Response) -> ResponsePayload:
    """Return a response as plain values; raise `UnexpectedResponse` when it is longer than `MAX_BODY`."""
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    body, form = _as_text(response.body)
    if len(body) > MAX_BODY:
        error = UnexpectedResponse(
            f"The answer has {len(response.body)} bytes, more than a workflow can take in.",
            hint="Ask for less: a smaller limit, or detail=brief.",
        )
        error.status = response.status  # without it a write would count as not sent
        raise error
    return ResponsePayload(response.status, body, form, headers)


def read_response(payload: ResponsePayload) -> Response:
    """Return the response of a payload; raise the error that there was instead."""
    if payload.error is not None:
        raise read_error(payload.error)
    raw = payload.body.encode() if payload.form == "text" else base64.b64decode(payload.body)
    return Response(payload.status, zlib.decompress(raw) if payload.form == "zlib" else raw, payload.headers)


def pack_jobs(jobs: Sequence[Job]) -> str:
    """Return jobs as one compressed text; raise `UsageError` when they are too many for one payload."""
    text = json.dumps([asdict(job) for job in jobs], separators=(",", ":"))
    short = base64.b64encode(zlib.compress(text.encode())).decode()
    if len(short) > MAX_BODY:
        raise UsageError("These calls are too many, or too long, for one fan-out.", hint="Split them.")
    return short


def unpack_jobs(text: str) -> list[Job]:
    """Return the jobs of a text that `pack_jobs` made."""
    return [Job(**one) for one in json.loads(zlib.decompress(base64.b64decode(text)))]


def error_payload(error: DevinToolsError) -> dict[str, Any]:
    """Return an error as plain values."""
    more = {"gave_up": error.gave_up, "tool": error.tool, "status": getattr(error, "status", 0)}
    if getattr(error, "is_immediate", False):
        more["is_immediate"] = True
    return error.as_dict() | more | {"request_id": getattr(error, "request_id", None)}


def read_error(payload: Mapping[str, Any]) -> DevinToolsError:
    """Return the error of a payload; one of an unknown kind becomes a `DevinToolsError`."""
    kind = error_kinds().get(payload["kind"], DevinToolsError)
    words: dict[str, Any] = {"hint": payload.get("hint") or "", "details": payload.get("details") or ()}
    if issubclass(kind, ApiError):
        words |= {"status": payload["status"], "request_id": payload.get("request_id")}
    error = kind(payload["message"], **words)
    if isinstance(error, UnexpectedResponse):
        error.status = payload["status"]
    if isinstance(error, NetworkError):  # of the others, their kind says it
        error.retryable = payload.get("retryable", error.retryable)
        error.is_immediate = payload.get("is_immediate", False)
    error.retry_after, error.tries = payload.get("retry_after"), payload.get("tries", 1)
    error.gave_up, error.tool = payload.get("gave_up", ""), payload.get("tool")
    return error


def _as_text(raw: bytes) -> tuple[str, str]:
    """Return a body as text, and its form: `text`, `base64`, or `zlib` (packed, then base64)."""
    if len(raw) > PACK_ABOVE:
        return base64.b64encode(zlib.compress(raw)).decode(), "zlib"
    try:
        return raw.decode(), "text"
    except UnicodeDecodeError:
        return base64.b64encode(raw).decode(), "base64"


def _without_secrets(value: Any, path: Path, found: list[Path]) -> Any:
    """Return a value with references as plain text, and add their paths to `found`."""
    if isinstance(value, SecretStr):
        text = value.get_secret_value()
        if not is_reference(text):
            raise InvalidArguments(
                "A secret's value must not be written into a workflow's history.",
                hint="Give a reference that the worker resolves: env:NAME or file:PATH.",
                details=[{"path": ".".join(map(str, path)), "reason": "is not a reference to a secret"}],
            )
        found.append(path)
        return text
    if isinstance(value, Mapping):
        return {name: _without_secrets(item, [*path, name], found) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(item, [*path, number], found) for number, item in enumerate(value)]
    return value


def _with_secret(value: Any, path: list[str | int]) -> Any:
    if not path:
        return SecretStr(value)
    if isinstance(value, list):
        return [_with_secret(item, path[1:]) if n == path[0] else item for n, item in enumerate(value)]
    return {name: _with_secret(item, path[1:]) if name == path[0] else item for name, item in value.items()}
