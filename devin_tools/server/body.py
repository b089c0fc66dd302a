"""The body of a request: read whole, in time and within bounds, then parsed as JSON."""

from __future__ import annotations

import asyncio
from typing import Any

from ..text.encoding import parse_json
from .asgi import Incoming
from .limits import Limits
from .responses import HTTPError

MAX_UNWANTED = 16 * 1024 * 1024
"""Bytes of a body that is too large that are read all the same, and kept nowhere: a sender that is cut off
while it sends never sees the answer."""


async def read_arguments(incoming: Incoming, limits: Limits) -> dict[str, Any]:
    """Read the arguments of a call; an empty body stands for none. Raises `HTTPError`."""
    content = await read_body(incoming, limits)
    if not content:
        return {}
    check_media_type(incoming)
    return _parsed(content)


def check_media_type(incoming: Incoming) -> None:
    """Refuse what is not called JSON: a page of any site can send the other types without asking first."""
    media_type = incoming.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise HTTPError(415, "usage", "The Content-Type must be application/json.")


async def read_body(incoming: Incoming, limits: Limits) -> bytes:
    """Read a body whole; raise `HTTPError` for one that is too large or too slow."""
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _drained(incoming, limits)
    except TimeoutError:
        text = "The body did not arrive in time."
        raise HTTPError(408, "usage", text, headers={"connection": "close"}) from None


async def _drained(incoming: Incoming, limits: Limits) -> bytes:
    content, length, is_open = bytearray(), 0, True
    while is_open and length <= limits.body_bytes + MAX_UNWANTED:
        message = await incoming.receive()
        if message["type"] == "http.disconnect":
            raise HTTPError(400, "usage", "The body ended early.")
        length += len(message.get("body", b""))
        if length <= limits.body_bytes:
            content += message.get("body", b"")
        is_open = message.get("more_body", False)
    if length > limits.body_bytes:
        text = f"The body is larger than {limits.body_bytes} bytes."
        raise HTTPError(413, "usage", text, headers={"connection": "close"})
    return bytes(content)


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        value = parse_json(content)
    except ValueError:
        raise HTTPError(400, "usage", "The body is not valid JSON.") from None
    if not isinstance(value, dict):
        raise HTTPError(400, "usage", "The body must be a JSON object with the tool's fields in it.")
    return value
