"""The body of a request, looked at before the SDK parses it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import accumulate
from typing import Any

from ..encoding import MAX_NESTING
from ..errors import UsageError

__all__ = ["read_flat"]

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

MAX_BODY = 4 * 1024 * 1024
"""Bytes beyond which the SDK refuses a body."""

MAX_DEPTH = 2 * MAX_NESTING
"""Above what arguments may have, with the message around them; below what any parser takes."""

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = {byte: 1 if byte in b"[{" else -1 for byte in b"[]{}"}


async def read_flat(receive: Receive) -> Receive:
    """Read a body, and return what gives it again; raise `UsageError` for one that is nested too deeply.

    The first major of the SDK answers such a one with 500, and logs a traceback of its own code.
    """
    messages: list[MutableMapping[str, Any]] = []
    size, is_open = 0, True
    while is_open and size <= MAX_BODY:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        is_open = message["type"] == "http.request" and message.get("more_body", False)
    body = b"".join(message.get("body", b"") for message in messages)
    if size <= MAX_BODY and _is_deep(body):
        raise UsageError("The body is no message of JSON-RPC: it is nested too deeply, or not in UTF-8.")
    again = iter(messages)

    async def give() -> MutableMapping[str, Any]:
        for message in again:
            return message
        return await receive()

    return give


def _is_deep(body: bytes) -> bool:
    """Say whether JSON has too many lists and objects within each other, or is in UTF-16 or 32."""
    if b"\0" in body:
        return True
    brackets = _STRING.sub(b"", body).translate(None, _NO_BRACKETS)
    depths = accumulate(map(_STEPS.__getitem__, brackets))
    return len(brackets) > MAX_DEPTH and any(depth > MAX_DEPTH for depth in depths)
