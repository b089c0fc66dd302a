"""Calls, requests, answers and errors, written as plain values and read back. No key, no secret's value.

Nothing here needs the engine.
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

from ...errors import ApiError, DevinToolsError, InvalidArguments, UnexpectedResponse, UsageError, error_kinds
from ...security.references import is_reference
from ...tool import Tool
from ...wire import Download, Request, Response
from .payloads import Job, RequestPayload, ResponsePayload

MAX_BODY = 1_500_000
"""The longest body that is put into a payload: a server takes two megabytes as it is usually set up."""

PACK_ABOVE = 16_384
"""A body longer than this is packed: histories are kept, and lists of sessions are long and alike."""

KEPT_HEADERS = ("date", "retry-after", "x-request-id")
"""The headers that anybody reads after an answer has come."""

Path = list[str | int]


def arguments_of(call: Tool[Any]) -> dict[str, Any]:
    """Return the arguments of a call as JSON; raise `InvalidArguments` when one is a secret's value."""
    plain: dict[str, Any] = to_jsonable_python(_without_secrets(call.model_dump(exclude_unset=True), [], []))
    return plain


def request_payload(request: Request) -> RequestPayload:
    """Write a request down; raise `InvalidArguments` when it holds a secret's value."""
    secrets: list[Path] = []
    saving = None
    if isinstance(request, Download):
        own = {one.name for one in fields(Download)} - {one.name for one in fields(Request)}
        saving = {name: value for name, value in asdict(request).items() if name in own}
    return RequestPayload(
        request.method,
        request.path,
        [list(pair) for pair in request.query],
        None if request.body is None else _without_secrets(dict(request.body), [], secrets),
        secrets,
        request.file,
        request.tool,
        request.attempt,
        request.timeout,
        saving,
    )


def read_request(sent: RequestPayload) -> Request:
    """Read a request back; what stands for a secret is secret-typed again."""
    body = sent.body
    for path in sent.secrets:
        body = _with_secret(body, path)
    common: dict[str, Any] = {
        "method": sent.method,
        "path": sent.path,
        "query": tuple((name, value) for name, value in sent.query),
        "body": body,
        "file": sent.file,
        "tool": sent.tool,
        "attempt": sent.attempt,
        "timeout": sent.patience,
    }
    return Request(**common) if sent.saving is None else Download(**common, **sent.saving)


def response_payload(response: Response) -> ResponsePayload:
    """Write a response down; raise `UnexpectedResponse` when it is too long to be."""
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    body, form = _written(response.body)
    if len(body) > MAX_BODY:
        raise UnexpectedResponse(
            f"The answer has {len(response.body)} bytes, more than a workflow can take in.",
            hint="Ask for less: a smaller limit, or detail=brief.",
        )
    return ResponsePayload(response.status, body, form, headers)


def read_response(answer: ResponsePayload) -> Response:
    """Read a response back; raise the error that there was instead."""
    if answer.error is not None:
        raise read_error(answer.error)
    raw = answer.body.encode() if answer.form == "text" else base64.b64decode(answer.body)
    return Response(answer.status, zlib.decompress(raw) if answer.form == "zlib" else raw, answer.headers)


def pack_jobs(jobs: Sequence[Job]) -> str:
    """Pack jobs for one payload; raise `UsageError` when they are too many for one."""
    text = json.dumps([asdict(job) for job in jobs], separators=(",", ":"))
    short = base64.b64encode(zlib.compress(text.encode())).decode()
    if len(short) > MAX_BODY:
        raise UsageError("These calls are too many, or too long, for one fan-out.", hint="Split them.")
    return short


def unpack_jobs(text: str) -> list[Job]:
    """Unpack jobs."""
    return [Job(**one) for one in json.loads(zlib.decompress(base64.b64decode(text)))]


def error_payload(error: DevinToolsError) -> dict[str, Any]:
    """Write an error down."""
    more = {"gave_up": error.gave_up, "tool": error.tool, "status": getattr(error, "status", 0)}
    return error.as_dict() | more | {"request_id": getattr(error, "request_id", None)}


def read_error(told: Mapping[str, Any]) -> DevinToolsError:
    """Make the error again that was written down; one of an unknown kind is of the root's."""
    kind = error_kinds().get(told["kind"], DevinToolsError)
    words: dict[str, Any] = {"hint": told.get("hint") or "", "details": told.get("details") or ()}
    if issubclass(kind, ApiError):
        words |= {"status": told["status"], "request_id": told.get("request_id")}
    error = kind(told["message"], **words)
    if isinstance(error, UnexpectedResponse):
        error.status = told["status"]
    error.retry_after, error.tries = told.get("retry_after"), told.get("tries", 1)
    error.gave_up, error.tool = told.get("gave_up", ""), told.get("tool")
    return error


def _written(raw: bytes) -> tuple[str, str]:
    if len(raw) > PACK_ABOVE:
        return base64.b64encode(zlib.compress(raw)).decode(), "zlib"
    try:
        return raw.decode(), "text"
    except UnicodeDecodeError:
        return base64.b64encode(raw).decode(), "base64"


def _without_secrets(value: Any, path: Path, found: list[Path]) -> Any:
    """Put references where secrets are, and remember the places."""
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
