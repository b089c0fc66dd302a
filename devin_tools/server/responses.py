"""Answers: JSON with a status, and every way to refuse in the one shape of errors."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import DevinToolsError, Refused
from ..export.openapi import CONFIRM_HEADER
from .asgi import Send

STATUSES: dict[str, int] = {
    "error": 500,
    "usage": 400,
    "unknown_tool": 404,
    "invalid_arguments": 422,
    "missing_setting": 500,
    "refused": 403,
    "busy": 409,
    "unreadable_event": 400,
    "bad_signature": 401,
    "bad_rules": 500,
    "sink_failed": 502,
    "file": 422,
    "file_taken": 409,
    "network": 502,
    "connection_failed": 502,
    "connection_lost": 504,
    "ambiguous": 502,
    "api": 502,
    "bad_request": 400,
    "unauthenticated": 502,  # it is the key of this server that is not accepted, not the caller's token
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "rate_limited": 429,
    "server_fault": 502,
    "unexpected_response": 502,
    "plugin": 500,
    "bad_declaration": 500,
    "duplicate_tool": 500,
}
"""The status of every kind of error."""

RETRY_SECONDS = 5.0
"""When to come back after a rate limit that does not say when."""

PART_BYTES = 65_536
"""Bytes of an answer that are sent at a time: who does not read holds no more of the server's memory."""

SAFE_HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True)
class Answer:
    """A status and a body: JSON, unless its headers say otherwise."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    shared: bytes = b""
    """What follows the body, and is the same for all who ask: held once, however many do not read it."""

    async def send(self, send: Send, extra: Mapping[str, str]) -> None:
        """Send it, with headers that have nothing to do with what it says."""
        length = {"content-length": str(len(self.body) + len(self.shared))}
        headers = SAFE_HEADERS | length | dict(self.headers) | dict(extra)
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": pairs})
        for content in (self.body, self.shared):
            for start in range(0, len(content), PART_BYTES):  # what nobody reads is not held in copies
                part = content[start : start + PART_BYTES]
                await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


class HTTPError(Exception):
    """This server refuses a request by itself; `kind` is a word for programs, as that of an error is."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        hint: str | None = None,
        retry_after: float | None = None,
        retryable: bool = False,
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.error = {
            "kind": kind,
            "message": message,
            "retryable": retryable or retry_after is not None,
            "retry_after": retry_after,
            "tries": 0,
            "hint": hint,
            "details": [],
        }


def json_response(content: Any) -> Answer:
    """Answer with plain data."""
    return Answer(200, _json(content))


def error_response(error: DevinToolsError | HTTPError) -> Answer:
    """Answer with an error."""
    if isinstance(error, HTTPError):
        return _answer(error.status, error.error, error.headers)
    shown = error.as_dict()
    if isinstance(error, Refused) and any(detail.get("rule") == "confirm" for detail in error.details):
        shown["hint"] = f"A person consents with the header {CONFIRM_HEADER}: true."
    status = _status(error)
    if status == 429 and shown["retry_after"] is None:
        shown["retry_after"] = RETRY_SECONDS
    return _answer(status, shown, {})


def _answer(status: int, error: Mapping[str, Any], headers: Mapping[str, str]) -> Answer:
    seconds = error["retry_after"]
    waiting = {} if seconds is None else {"retry-after": str(math.ceil(seconds))}
    return Answer(status, _json({"error": error}), {**headers, **waiting})


def _status(error: DevinToolsError) -> int:
    """Choose the status of an error; a plugin's own kind counts as the nearest kind it derives from."""
    kinds = (getattr(cls, "kind", "") for cls in type(error).__mro__)
    return next((STATUSES[kind] for kind in kinds if kind in STATUSES), 500)


def _json(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()
