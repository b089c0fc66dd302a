"""The body of a request: read whole, in time and within bounds, then parsed as JSON."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import ClientDisconnect, Request

from ..text.encoding import parse_json
from .limits import Limits
from .responses import HTTPError

MAX_UNWANTED = 16 * 1024 * 1024
"""Bytes of a body that is too large that are read all the same, and kept nowhere: a sender that is cut off
while it sends never sees the answer."""

OBJECT_HINT = 'Send one object with the fields of the tool, such as {"name": "value"}; nothing was sent on.'


async def read_arguments(request: Request, limits: Limits) -> dict[str, Any]:
    """Read the arguments of a call; an empty body stands for none. Raises `HTTPError`."""
    content = await read_body(request, limits)
    if not content:
        return {}
    check_media_type(request)
    return _parsed(content)


def check_media_type(request: Request) -> None:
    """Refuse what is not called JSON: a page of any site can send the other types without asking first."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise HTTPError(415, "usage", "The Content-Type must be application/json.")


async def read_body(request: Request, limits: Limits) -> bytes:
    """Read a body whole; raise `HTTPError` for one that is too large or too slow."""
    content, length = bytearray(), 0
    try:
        async with asyncio.timeout(limits.body_seconds):
            async for part in request.stream():
                length += len(part)
                if length <= limits.body_bytes:
                    content += part
                elif length > limits.body_bytes + MAX_UNWANTED:
                    break
    except ClientDisconnect:
        raise HTTPError(400, "usage", "The body ended early.") from None
    except TimeoutError:
        text = "The body did not arrive in time."
        raise HTTPError(408, "usage", text, headers={"connection": "close"}) from None
    if length > limits.body_bytes:
        text = f"The body is larger than {limits.body_bytes} bytes."
        raise HTTPError(413, "usage", text, headers={"connection": "close"})
    return bytes(content)


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        value = parse_json(content)
    except json.JSONDecodeError as error:
        place = f"at line {error.lineno}, column {error.colno}: {error.msg.removesuffix(' at')}"
        raise HTTPError(400, "usage", f"The body is not valid JSON {place}.", hint=OBJECT_HINT) from None
    except ValueError:
        raise HTTPError(400, "usage", "The body is not valid JSON.", hint=OBJECT_HINT) from None
    if not isinstance(value, dict):
        text = "The body must be a JSON object with the tool's fields in it."
        raise HTTPError(400, "usage", text, hint=OBJECT_HINT)
    return value
