"""How files travel: uploads as a multipart part, downloads over the API's redirect, both in pieces.

The API answers a download with 307 and a link that is signed for a minute and may lead to another
host (docs.devin.ai, attachments). The key goes to the API's own host alone: no further request bears it.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from .errors import UnexpectedResponse
from .files import Landing, Outgoing, Tell
from .settings import LOOPBACK

if TYPE_CHECKING:
    import httpx

__all__ = ["outgoing", "receive", "receive_async"]

Key = Mapping[str, str]
"""The header that bears the key."""

MAX_HOPS = 5
"""How many redirects to follow."""

PIECE = 256 * 1024
"""How many bytes are held at once."""


@contextmanager
def outgoing(path: Path, tell: Tell) -> Iterator[dict[str, Any]]:
    """Open a file to send, and give what httpx takes to stream it."""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    with Outgoing(path, tell) as file:
        yield {"files": {"file": (path.name, file, kind)}}


def receive(http: httpx.Client, url: str, key: Key, landing: Landing) -> httpx.Response | None:
    """Follow a download to its end; give the refusal it ended in, `None` when the file is whole.

    The key goes along with the first request only.
    """
    hop = 0
    while True:
        got = http.send(_asked(http, url, key, hop), stream=True)
        try:
            if onward := _next_hop(got, hop):
                url, hop = onward, hop + 1
                continue
            if not got.is_success:
                _refused(got, hop)
                got.read()
                return got
            for piece in got.iter_bytes(PIECE):
                landing.write(piece, _expected(got))
            return None
        finally:
            got.close()


async def receive_async(
    http: httpx.AsyncClient, url: str, key: Key, landing: Landing
) -> httpx.Response | None:
    """Follow a download as `receive` does."""
    hop = 0
    while True:
        got = await http.send(_asked(http, url, key, hop), stream=True)
        try:
            if onward := _next_hop(got, hop):
                url, hop = onward, hop + 1
                continue
            if not got.is_success:
                _refused(got, hop)
                await got.aread()
                return got
            async for piece in got.aiter_bytes(PIECE):
                landing.write(piece, _expected(got))
            return None
        finally:
            await got.aclose()


def _asked(http: httpx.Client | httpx.AsyncClient, url: str, key: Key, hop: int) -> httpx.Request:
    """Build the request of a hop; only the first bears the key."""
    request = http.build_request("GET", url, headers=key)
    if hop:
        del request.headers["Authorization"]
    return request


def _next_hop(got: httpx.Response, hop: int) -> str | None:
    """Say where an answer sends us; `None` when it is the answer itself."""
    if not got.is_redirect:
        return None
    url = urljoin(str(got.url), got.headers["location"])
    parts = urlsplit(url)
    if hop >= MAX_HOPS or not (parts.scheme == "https" or parts.hostname in LOOPBACK):
        raise UnexpectedResponse(
            "The download leads round and round, or over a connection that hides nothing."
        )
    return url


def _refused(got: httpx.Response, hop: int) -> None:
    """Raise when the place where files are kept refuses: what it says of rights is not the API's word."""
    if hop and 400 <= got.status_code < 500:
        raise UnexpectedResponse(
            f"The place that keeps the file refused with {got.status_code}.",
            hint="Its links are good for about a minute: call again.",
        )


def _expected(got: httpx.Response) -> int | None:
    """Say how many bytes are announced, unless they are packed."""
    length = got.headers.get("content-length", "")
    return int(length) if length.isdecimal() and "content-encoding" not in got.headers else None
