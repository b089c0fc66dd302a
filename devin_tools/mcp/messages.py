"""Lines of JSON-RPC: the message that a line holds, or the answer that says why it holds none. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from ..text.encoding import load_json

PARSE_ERROR, INVALID_REQUEST = -32700, -32600

NOT_JSON = "Parse error: the line is not JSON in UTF-8, or is nested too deeply."
NO_MESSAGE = "Invalid request: the line is not one message of JSON-RPC 2.0."

Id = int | str


class Message(NamedTuple):
    """A message, with the line of it that every parser of JSON can read."""

    line: str
    content: dict[str, Any]


class Unreadable(Exception):
    """A line that is not a message. It carries the answer, an error of JSON-RPC."""

    def __init__(self, code: int, reason: str, number: Id | None = None):
        super().__init__(reason)
        self.answer = to_json({"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": reason}})


def read(line: str) -> Message:
    """Return the message of a line; raise `Unreadable` for one that the SDK would pass over in silence.

    A byte order mark is dropped, and U+FFFD put for half of a character.
    """
    line = line.removeprefix("\ufeff")
    try:
        content = from_json(line)  # as the SDK does: what it takes, the SDK takes too
    except ValueError:
        line, content = _mended(line)
    if not _is_message(content):
        number = content.get("id") if isinstance(content, dict) else None
        raise Unreadable(INVALID_REQUEST, NO_MESSAGE, number if is_id(number) else None)
    return Message(line, content)


def _mended(line: str) -> tuple[str, Any]:
    """Read a line whose only fault is half of a character."""
    try:
        content, places = load_json(line.encode())
        if places:
            mended = to_json(content).decode()
            return mended, from_json(mended)
    except (ValueError, RecursionError):
        pass
    raise Unreadable(PARSE_ERROR, NOT_JSON)


def _is_message(content: Any) -> bool:
    if not isinstance(content, dict) or content.get("jsonrpc") != "2.0":
        return False
    if "method" not in content:
        return "result" in content or "error" in content
    is_named = isinstance(content["method"], str) and ("id" not in content or is_id(content["id"]))
    return is_named and isinstance(content.get("params", {}), dict | None)


def is_id(value: Any) -> bool:
    """Return whether a value can be the id of a request."""
    return isinstance(value, Id) and not isinstance(value, bool)


def result(number: Id, value: bytes) -> bytes:
    """Return the line of a request's result, which is JSON already."""
    return b'{"jsonrpc":"2.0","id":%b,"result":%b}' % (to_json(number), value)
