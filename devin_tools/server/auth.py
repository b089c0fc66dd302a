"""Who may call: whoever has the server's token, or without one, programs on this machine."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from .asgi import Incoming
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
    """Lets requests in, or refuses them before anything of them is read.

    Without a token a page in a browser on this machine could call too: by a name of its own that
    leads to loopback, or across origins. So the Host must be this machine, and the page, where there
    is one, an allowed one, or with `has_pages` one of this server.
    """

    def __init__(self, token: str | None, origins: Collection[str] = (), *, has_pages: bool = False):
        self._digest = None if token is None else _digest(token)
        self._origins = frozenset(origins)
        self._has_pages = has_pages

    @property
    def has_token(self) -> bool:
        """Whether callers need a token."""
        return self._digest is not None

    def admit(self, incoming: Incoming) -> None:
        """Return, or raise `HTTPError`."""
        if self._digest is None:
            self.require_local(incoming, "a token")
            return
        scheme, _, given = incoming.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(_digest(given.strip()), self._digest):
            raise HTTPError(
                401,
                "unauthenticated",
                "The server token is missing or wrong.",
                hint="Send it as `Authorization: Bearer ...`; it is not the Devin key.",
                headers={"www-authenticate": "Bearer"},
            )

    def require_local(self, incoming: Incoming, proof: str) -> None:
        """Refuse what a page of somebody else could send; `proof` is what callers need not show."""
        host = urlsplit(f"//{host_of(incoming)}").hostname or ""
        if not is_loopback(host) or not self._is_from_allowed_page(incoming):
            raise HTTPError(
                403,
                "forbidden",
                f"Without {proof} this server answers only programs on its own machine.",
                hint=f"Start it with {proof}.",
            )

    def _is_from_allowed_page(self, incoming: Incoming) -> bool:
        """Return whether a request comes from no page of a browser, or from one that may call.

        Browsers leave the Origin out where a page only loads something, as a picture say; newer ones
        then tell by Sec-Fetch-Site that it is a page of somebody else.
        """
        origin = incoming.headers.get("origin")
        if origin is None:
            return incoming.headers.get("sec-fetch-site", "none") in OWN_SITES
        here = f"{incoming.scope['scheme']}://{host_of(incoming)}"
        return origin in self._origins or (self._has_pages and origin == here)

    def allowed_origin(self, incoming: Incoming) -> str | None:
        """Return the origin of a page that may call, when the request comes from one."""
        origin = incoming.headers.get("origin")
        return origin if origin in self._origins else None


def host_of(incoming: Incoming) -> str:
    """Return the Host header; raise `HTTPError` when it is none."""
    host = incoming.headers.get("host", "")
    if not HOST_FORM.fullmatch(host):
        raise HTTPError(400, "usage", "The Host header is malformed.")
    return host


def _digest(text: str) -> bytes:
    """Hash a token: comparing hashes takes the same time whatever the lengths are."""
    return hashlib.sha256(text.encode()).digest()
