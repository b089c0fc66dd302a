"""Who may call: whoever has the server's token, or without one, programs on this machine."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import Request

from ..headers import CONFIRM_HEADER
from .responses import HTTPError

TOKEN_VARIABLE = "DEVIN_SERVE_TOKEN"  # noqa: S105 - a name, not a token

HOST_FORM = re.compile(r"(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?", re.A | re.I)

OWN_SITES = frozenset({"same-origin", "none"})
"""What Sec-Fetch-Site says of a page's own server, and of an address that a person typed."""


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, reached from itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class AccessPolicy:
    """Admits requests, or refuses them before their bodies are read.

    Without a token a page in a browser on this machine could call too: by a name of its own that
    leads to loopback, or across origins. So the Host must be this machine, and the page, where there
    is one, an allowed one, or with `has_pages` one of this server.
    """

    def __init__(self, token: str | None, origins: Collection[str] = (), *, has_pages: bool = False):
        self._digest = None if token is None else _digest(token)
        self._origins = frozenset(origins)
        self._has_pages = has_pages

    def admit(self, request: Request) -> None:
        """Raise `HTTPError` for a request that may not call."""
        if self._digest is None:
            self.require_local(request, "a token")
            return
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(_digest(given.strip()), self._digest):
            raise HTTPError(
                401,
                "unauthenticated",
                "The server token is missing or wrong.",
                hint="Send it as `Authorization: Bearer ...`; it is not the Devin key.",
                headers={"www-authenticate": "Bearer"},
            )

    def require_local(self, request: Request, proof: str) -> None:
        """Raise `HTTPError` for what a foreign page could send; `proof` is what callers need not show."""
        host = urlsplit(f"//{host_of(request)}").hostname or ""
        if not is_loopback(host) or not self._is_from_allowed_page(request):
            raise HTTPError(
                403,
                "forbidden",
                f"Without {proof} this server answers only programs on its own machine.",
                hint=f"Start it with {proof}.",
            )

    def _is_from_allowed_page(self, request: Request) -> bool:
        """Return whether a request comes from no page of a browser, or from one that may call.

        Browsers leave the Origin out where a page only loads something, as a picture say; newer ones
        then tell by Sec-Fetch-Site that it is a page of somebody else.
        """
        origin = request.headers.get("origin")
        if origin is None:
            return request.headers.get("sec-fetch-site", "none") in OWN_SITES
        here = f"{request.scope['scheme']}://{host_of(request)}"
        return origin in self._origins or (self._has_pages and origin == here)

    def cors_headers(self, request: Request) -> dict[str, str]:
        """Return the headers by which a browser lets an allowed page read the response; none for others."""
        origins = request.headers.getlist("origin")  # a request that came with two is refused, and read here
        if len(origins) != 1 or origins[0] not in self._origins:
            return {}
        return {
            "access-control-allow-origin": origins[0],
            "access-control-allow-methods": "GET, POST",
            "access-control-allow-headers": f"authorization, content-type, {CONFIRM_HEADER.lower()}",
            "vary": "origin",
        }


def host_of(request: Request) -> str:
    """Return the Host header; raise `HTTPError` when it is malformed."""
    host = request.headers.get("host", "")
    if not HOST_FORM.fullmatch(host):
        raise HTTPError(400, "usage", "The Host header is malformed.")
    return host


def base_url(request: Request) -> str:
    """Return the URL that this server was asked for by, without a path of its own; raise `HTTPError`."""
    return f"{request.scope['scheme']}://{host_of(request)}{request.scope.get('root_path', '')}"


def _digest(text: str) -> bytes:
    """Hash a token: comparing hashes takes the same time whatever the lengths are."""
    return hashlib.sha256(text.encode()).digest()
