"""Responses: JSON with a status, and every way to refuse in the one shape of errors."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ..errors import DevinToolsError

Headers: TypeAlias = Mapping[str, str]
NO_HEADERS: Headers = MappingProxyType({})

KINDS: dict[int, tuple[str, ...]] = {
    400: ("usage", "unreadable_event", "bad_request"),
    401: ("bad_signature",),
    403: ("refused", "forbidden"),
    404: ("unknown_tool", "not_found"),
    409: ("busy", "file_taken", "conflict"),
    422: ("invalid_arguments", "file"),
    429: ("rate_limited",),
    500: ("error", "missing_setting", "bad_rules", "plugin", "bad_declaration", "duplicate_tool"),
    502: (
        *("network", "connection_failed", "ambiguous", "api", "server_fault", "unexpected_response"),
        *("sink_failed", "unauthenticated"),  # it is this server's key that is not accepted, not the caller's
    ),
    504: ("connection_lost",),
}
STATUSES = {kind: status for status, kinds in KINDS.items() for kind in kinds}
"""The status of every kind of error."""

RETRY_SECONDS = 5.0
"""When to come back after a rate limit that does not say when."""

PART_BYTES = 65_536
"""Bytes that are sent at a time: who does not read holds no more of the server's memory."""

SAFE_HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


class PartedResponse(Response):
    """A response that is sent in parts: JSON, unless its headers say otherwise.

    `shared` follows the content, and is the same for all who ask: held once, however many do not read it.
    """

    def __init__(self, content: bytes, status: int = 200, headers: Headers = NO_HEADERS, shared: bytes = b""):
        super().__init__(content, status, SAFE_HEADERS | dict(headers))
        self.parts = (content, shared)
        if shared:
            self.headers["content-length"] = str(len(content) + len(shared))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. Starlette would send a body at once, and the server copy what is not read of it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for content in self.parts:
            for start in range(0, len(content), PART_BYTES):
                part = content[start : start + PART_BYTES]
                await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


class HTTPError(Exception):
    """A request that this server refuses by itself; `kind` is a word for programs, as that of an error is."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        hint: str | None = None,
        retry_after: float | None = None,
        retryable: bool = False,
        headers: Headers = NO_HEADERS,
    ):
        super().__init__(message)
        self.status = status
        self.headers = headers
        self.error = {
            "kind": kind,
            "message": message,
            "retryable": retryable or retry_after is not None,
            "retry_after": retry_after,
            "tries": 0,
            "hint": hint,
            "details": [],
        }


def json_response(content: Any, status: int = 200, headers: Headers = NO_HEADERS) -> PartedResponse:
    """Return a response of plain data."""
    return PartedResponse(json_bytes(content), status, headers)


def json_bytes(content: Any) -> bytes:
    """Return plain data as compact JSON."""
    return json.dumps(content, separators=(",", ":")).encode()


def error_response(error: DevinToolsError | HTTPError) -> PartedResponse:
    """Return the response to what went wrong."""
    if isinstance(error, HTTPError):
        return _error(error.status, error.error, error.headers)
    shown = error.as_dict("http")
    status = status_of(error)
    if status == 429 and shown["retry_after"] is None:
        shown["retry_after"] = RETRY_SECONDS
    return _error(status, shown)


def _error(status: int, error: Mapping[str, Any], headers: Headers = NO_HEADERS) -> PartedResponse:
    return json_response({"error": error}, status, {**headers, **retry_header(error["retry_after"])})


def retry_header(seconds: float | None) -> dict[str, str]:
    """Return the header that says when to come back, where it is known."""
    return {} if seconds is None else {"retry-after": str(math.ceil(seconds))}


def status_of(error: DevinToolsError) -> int:
    """Return the status of an error; a plugin's own kind counts as the nearest kind it derives from."""
    kinds = (getattr(cls, "kind", "") for cls in type(error).__mro__)
    return next((STATUSES[kind] for kind in kinds if kind in STATUSES), 500)
