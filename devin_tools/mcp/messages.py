"""Lines of JSON-RPC: the message that a line holds, or the answer that says why it holds none. Pure."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from ..text.encoding import load_json

PARSE_ERROR, INVALID_REQUEST, INVALID_PARAMS = -32700, -32600, -32602

NOT_JSON = "Parse error: the line is not JSON in UTF-8, or is nested too deeply."
NO_MESSAGE = "Invalid request: the line is not one message of JSON-RPC 2.0."
NO_ARGUMENTS = "Invalid params: the arguments of a call must be one JSON object; nothing was run."
NO_NAME = "Invalid params: the name of a tool must be a text; nothing was run."

Id = int | str

MAX_BATCH = 1_000
"""The most messages of one line."""

IDENTIFIER = r"(?P<{0}>-?[0-9]{{1,18}}(?=\s*[,}}])|\"(?:[^\"\\]|\\.){{0,200}}\")"
SAID = re.compile(
    r'\s*\{(?:\s*"(?:jsonrpc|method)"\s*:\s*"[^"\\]*"\s*,)*\s*"id"\s*:\s*' + IDENTIFIER.format("first"),
    re.ASCII,
)
SAID_LAST = re.compile(
    r',\s*"jsonrpc"\s*:\s*"2\.0"\s*,\s*"id"\s*:\s*' + IDENTIFIER.format("last") + r"\s*\}\s*", re.ASCII
)
"""Where the id of a message stands in a line that is not JSON, as clients write it: first or last."""

TAIL = 400
"""How much of the end of a line is looked at for an id."""


class Message(NamedTuple):
    """A message, with the line of it that every parser of JSON can read."""

    line: str
    content: dict[str, Any]


class Unreadable(Exception):
    """A line that is not a message. It carries the answer, an error of JSON-RPC."""

    def __init__(self, code: int, reason: str, number: Id | float | None = None):
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
    parsed = content
    number = content.get("id") if isinstance(content, dict) else None
    if isinstance(number, float) and number.is_integer():  # as languages write it that have no whole numbers
        content = content | {"id": (number := int(number))}
    if not _is_message(content):
        is_number = isinstance(number, float) and math.isfinite(number)
        raise Unreadable(INVALID_REQUEST, NO_MESSAGE, number if is_number or is_id(number) else None)
    if reason := _fault_of_call(content := with_arguments_read(content)):
        raise Unreadable(INVALID_PARAMS, reason, content.get("id"))
    return Message(line if content is parsed else to_json(content).decode(), content)


def with_arguments_read(content: dict[str, Any]) -> dict[str, Any]:
    """Return a message with an object in place of arguments that came as the text of one.

    Several clients send them so. White space, and the text of null, mean that there are none, as elsewhere.
    """
    params = content.get("params")
    given = params.get("arguments") if content.get("method") == CALL and isinstance(params, dict) else None
    if not isinstance(given, str):
        return content
    try:
        read = from_json(given) if given.strip() else None
        changed = content | {"params": {**(params or {}), "arguments": {} if read is None else read}}
        from_json(to_json(changed))  # what is not too deep by itself may be within the message
    except ValueError:
        return content
    return changed if isinstance(read, dict | None) else content


CALL = "tools/call"


def _fault_of_call(content: dict[str, Any]) -> str:
    """Return what of a call the SDK would refuse without saying why."""
    params = content.get("params")
    if content.get("method") != CALL or not isinstance(params, dict):
        return ""
    if not isinstance(params.get("name", ""), str):
        return NO_NAME
    return "" if isinstance(params.get("arguments"), dict | None) else NO_ARGUMENTS


def parts_of(line: str) -> list[str]:
    """Return the messages of a line: one, or those of a list, as the protocol of 2025-03-26 has it.

    Each is answered on a line of its own.
    """
    if not line.lstrip("\ufeff \t\r").startswith("["):
        return [line]
    try:
        messages = from_json(line.removeprefix("\ufeff"))
    except ValueError:
        return [line]
    if not isinstance(messages, list) or not 0 < len(messages) <= MAX_BATCH:
        return [line]
    return [to_json(message).decode() for message in messages]


def _mended(line: str) -> tuple[str, Any]:
    """Read a line whose only fault is half of a character."""
    try:
        content, places = load_json(line.encode())
        if places:
            mended = to_json(content).decode()
            return mended, from_json(mended)
    except (ValueError, RecursionError):
        pass
    raise Unreadable(PARSE_ERROR, NOT_JSON, _said_id(line))


def _said_id(line: str) -> Id | None:
    """Return the id of a line that is not JSON, where it is sure: somebody waits for its answer."""
    found = SAID.match(line) or SAID_LAST.search(line, max(0, len(line) - TAIL))
    if found is None or (found.re is SAID_LAST and found.end() != len(line)):
        return None
    try:
        number = from_json(found[1])
    except ValueError:
        return None
    return number if is_id(number) else None


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
