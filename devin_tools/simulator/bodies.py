"""Request bodies: whole off a socket, and JSON objects out of them."""

from __future__ import annotations

import json
from email.message import Message
from io import BufferedIOBase
from typing import Any, NoReturn

from .refusal import Refusal

__all__ = ["MAX_BODY", "parse_body", "read_body"]

MAX_BODY = 8 * 1024 * 1024
MAX_LINE = 1024


def parse_body(content: bytes, content_type: str | None) -> dict[str, Any]:
    """Read a JSON object; refuse anything else with 422, another content type too."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise _unreadable("Send Content-Type: application/json", "content_type")
    try:
        body = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _unreadable("The body is not JSON", "json_invalid") from None
    if not isinstance(body, dict):
        raise _unreadable("Input should be a JSON object", "dict_type")
    return body


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _unreadable(reason: str, kind: str) -> Refusal:
    return Refusal(422, "The body is not valid", [{"loc": ["body"], "msg": reason, "type": kind}])


def read_body(headers: Message, stream: BufferedIOBase) -> bytes:
    """Read the whole body of a request; a cut one is refused, so a dying client creates nothing."""
    lengths = {text.strip() for text in headers.get_all("content-length", [])}
    codings = [text.strip().lower() for text in headers.get_all("transfer-encoding", [])]
    if codings == ["chunked"] and not lengths:
        return _chunked(stream)
    if codings or len(lengths) > 1:
        raise Refusal(400, "The body is framed in a way that is not understood")
    return _exactly(_length(lengths.pop() if lengths else "0"), stream)


def _length(text: str, base: int = 10) -> int:
    """Read a length: digits only, where `int` would take signs, spaces and underscores too."""
    digits = "0123456789abcdef"[:base]
    if not text or not set(text.lower()) <= set(digits):
        raise Refusal(400, "The length of the body is not a number")
    if len(text) > 20 or int(text, base) > MAX_BODY:
        raise Refusal(413, "The body is too large")
    return int(text, base)


def _exactly(length: int, stream: BufferedIOBase) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise Refusal(400, "The body ended early")
    return content


def _chunked(stream: BufferedIOBase) -> bytes:
    content = bytearray()
    while length := _length(_line(stream).partition(";")[0].strip(), 16):
        content += _exactly(length, stream)
        if len(content) > MAX_BODY:
            raise Refusal(413, "The body is too large")
        if _line(stream):
            raise Refusal(400, "A chunk of the body does not end where it says")
    while _line(stream):
        pass
    return bytes(content)


def _line(stream: BufferedIOBase) -> str:
    line = stream.readline(MAX_LINE)
    if not line.endswith(b"\n"):
        raise Refusal(400, "The body ended early")
    return line.decode("latin-1").rstrip("\r\n")
