"""The body of a request, looked at before the SDK parses it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from pydantic_core import from_json, to_json

from ..errors import UsageError
from .messages import with_arguments_read

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

MAX_BODY = 4 * 1024 * 1024
"""Bytes beyond which the SDK refuses a body."""


async def read_json(receive: Receive) -> Receive:
    """Read a body, and return a `receive` that repeats it; raise `UsageError` for one that is not plain JSON.

    What nests too deeply, is not in UTF-8, or holds half of a character or a number of thousands of digits
    version 1 of the SDK answers with 500, or not at all, and logs a traceback of its own code.
    """
    messages: list[MutableMapping[str, Any]] = []
    size, is_open = 0, True
    while is_open and size <= MAX_BODY:
        message = await receive()
        messages.append(message)
        size += len(message.get("body", b""))
        is_open = message["type"] == "http.request" and message.get("more_body", False)
    if size <= MAX_BODY:
        body = b"".join(message.get("body", b"") for message in messages)
        if (read := _read(body)) is not body:
            messages = [{"type": "http.request", "body": read, "more_body": False}]
    again = iter(messages)

    async def give() -> MutableMapping[str, Any]:
        for message in again:
            return message
        return await receive()

    return give


def _read(body: bytes) -> bytes:
    """Return a body, with an object in place of arguments that came as the text of one."""
    try:
        content = from_json(body)
    except ValueError:  # its text repeats what was sent
        raise UsageError(
            "The body is not JSON, or is nested too deeply.",
            hint="Send one message of JSON-RPC in UTF-8, at most 200 levels deep.",
        ) from None
    read = with_arguments_read(content) if isinstance(content, dict) else content
    return body if read is content else to_json(read)
