"""Downloads: over the API's redirect to where the file is kept, in pieces.

The API answers a download with 307 and a link that is signed for a minute and may lead to another
host (docs.devin.ai, attachments). The key goes to the API's own host alone: no further request bears it.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import UnexpectedResponse
from ..local.files import DownloadTarget
from ..settings import LOOPBACK
from .exchange import PLACES, ResponseBody, pieces, pieces_async, read_body, read_body_async

if TYPE_CHECKING:
    import httpx

Sent: TypeAlias = "tuple[str, httpx.Headers, dict[str, Any]]"
"""The URL of a request, its headers and extensions."""

MAX_HOPS = 5
"""How many redirects to follow."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})

HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)+[a-z0-9_-]{1,63}")
"""A name that can be looked up: on others the system's own look-up fails in ways of its own."""

MAX_NAME = 253

GLOBAL_V6 = ipaddress.ip_network("2000::/3")

PRIVATE = frozenset({"localhost", "local", "internal", "lan", "home", "arpa"})
"""Last parts of names that are looked up within a network only."""


def receive(
    http: httpx.Client, sent: Sent, target: DownloadTarget, body: ResponseBody
) -> httpx.Response | None:
    """Follow a download to its end; return the refusal it ended in, `None` when the file is whole.

    The key goes along with the first request only. The body of a refusal goes into `body`.
    """
    hop, (url, *more) = 0, sent
    api = url
    while True:
        got = http.send(_asked(http, (url, *more), hop), stream=True)
        try:
            if onward := _next_hop(got, hop, api):
                url, hop = onward, hop + 1
                continue
            if not got.is_success:
                _refused(got, hop)
                read_body(got, body)
                return got
            for piece in pieces(got):
                target.write(piece, _expected(got))
            return None
        finally:
            got.close()


async def receive_async(
    http: httpx.AsyncClient, sent: Sent, target: DownloadTarget, body: ResponseBody
) -> httpx.Response | None:
    """Follow a download as `receive` does."""
    hop, (url, *more) = 0, sent
    api = url
    while True:
        got = await http.send(_asked(http, (url, *more), hop), stream=True)
        try:
            if onward := _next_hop(got, hop, api):
                url, hop = onward, hop + 1
                continue
            if not got.is_success:
                _refused(got, hop)
                await read_body_async(got, body)
                return got
            async for piece in pieces_async(got):
                target.write(piece, _expected(got))
            return None
        finally:
            await got.aclose()


def _asked(http: httpx.Client | httpx.AsyncClient, sent: Any, hop: int) -> httpx.Request:
    """Build the request of a hop; only the first bears the key."""
    url, headers, extensions = sent
    request = http.build_request("GET", url, headers=headers, extensions=dict(extensions))
    if hop:
        del request.headers["Authorization"]
    return request


def _next_hop(got: httpx.Response, hop: int, api: str) -> str | None:
    """Return where an answer sends us; `None` when it is the answer itself.

    A link leads to a public host over TLS, or back to the API's own address: whoever writes it could
    else make this machine fetch what only it, and its network, can reach.
    """
    import httpx

    if got.status_code not in REDIRECTS or not got.extensions.get(PLACES):
        return None
    if hop >= MAX_HOPS:
        raise UnexpectedResponse(f"The download leads on more than {MAX_HOPS} times.")
    own = httpx.URL(api)
    try:
        (place,) = got.extensions[PLACES]
        url = got.url.join(place)
        is_own = bool(url.host) and _origin(url) == _origin(own)
    except (httpx.InvalidURL, ValueError):  # an IDNA error, of the host read as text too, is a ValueError
        raise UnexpectedResponse("The place that the download leads to is not one URL.") from None
    if url.userinfo or not (is_own or _is_public(url)):
        raise UnexpectedResponse(
            "The download leads to no public host over TLS: into a local network, say, or over an open "
            "connection."
        )
    return str(url)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    host = _host(url)
    return url.scheme, "localhost" if host in LOOPBACK else host, port


def _host(url: httpx.URL) -> str:
    """Return the host as it is looked up: in ASCII and lower case."""
    return url.raw_host.decode("ascii").strip("[]").rstrip(".").lower()


def _is_public(url: httpx.URL) -> bool:
    """Return whether a URL leads over TLS to a host that is, by its text, not this machine or network."""
    host = _host(url)
    if url.scheme != "https" or not 0 <= (url.port or 0) < 2**16:
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        last = host.rpartition(".")[2]
        # A last part that is a number makes an address in a spelling of old: 127.1, 0x7f.1, 017700000001.
        is_name = len(host) <= MAX_NAME and HOST.fullmatch(host)
        return bool(is_name) and not last[:1].isdecimal() and last not in PRIVATE
    if isinstance(address, ipaddress.IPv6Address):  # elsewhere, and in 6to4, an IPv4 address may be within
        return address in GLOBAL_V6 and address.is_global and address.sixtofour is None
    return address.is_global and not address.is_multicast


def _refused(got: httpx.Response, hop: int) -> None:
    """Raise when the place where files are kept refuses: what it says of rights is not the API's word."""
    if hop and 400 <= got.status_code < 500:
        raise UnexpectedResponse(
            f"The place that keeps the file refused with {got.status_code}.",
            hint="Its links are good for about a minute: call again.",
        )


def _expected(got: httpx.Response) -> int | None:
    """Return how many bytes are announced, unless they are packed."""
    length = got.headers.get("content-length", "")
    return int(length) if length.isdecimal() and "content-encoding" not in got.headers else None
