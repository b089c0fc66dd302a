"""What sends the requests of a client: directly, or through the proxy that the environment names for a host.

Imported at the first request, as it imports httpx.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import httpx

from ..errors import MissingSetting
from .certificates import tls_context
from .journey import JOURNEY
from .proxies import Proxy, proxy_to

__all__ = ["AsyncRoutes", "Routes"]

T = TypeVar("T", bound=httpx.HTTPTransport | httpx.AsyncHTTPTransport)


class _Ways(Generic[T]):
    """The transports to hosts, each made when it is first needed."""

    def __init__(self, make: Callable[..., T], trusts_environment: bool):
        self._make = make
        self._trusts_environment = trusts_environment
        self._lock = threading.Lock()
        self._known: dict[tuple[bytes, bytes], tuple[str, int, Proxy | None, T]] = {}
        """The way to each scheme and place that a request went to: host, port, proxy and transport."""
        self._transports: dict[tuple[Proxy | None, bool], T] = {}
        self._context: ssl.SSLContext | None = None

    def to(self, request: httpx.Request) -> T:
        """Return the transport of a request; raise `MissingSetting` for what the environment has wrong."""
        key = request.url.raw_scheme, request.url.netloc
        known = self._known.get(key)
        if known is None:
            with self._lock:
                known = self._known[key] = self._way(request.url)
        host, port, proxy, transport = known
        if (journey := request.extensions.get(JOURNEY)) is not None:
            journey.begin(host, port, proxy)
            request.extensions.update(journey.trace(is_async=self._make is httpx.AsyncHTTPTransport))
        return transport

    def _way(self, url: httpx.URL) -> tuple[str, int, Proxy | None, T]:
        """Find the way to a URL, and open what leads there."""
        host, port = url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)
        proxy = proxy_to(url.scheme, host, port) if self._trusts_environment else None
        needs_tls = url.scheme == "https" or proxy is not None
        if (proxy, needs_tls) not in self._transports:
            self._transports[proxy, needs_tls] = self._opened(proxy, needs_tls)
        return host, port, proxy, self._transports[proxy, needs_tls]

    def _opened(self, proxy: Proxy | None, needs_tls: bool) -> T:
        if not needs_tls:  # to read the certificates takes as long as all the rest
            return self._make(verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), trust_env=False)
        if self._context is None:
            self._context = tls_context(trusts_environment=self._trusts_environment)
        options: dict[str, Any] = {"verify": self._context, "trust_env": False}
        if proxy is not None:
            try:
                inner = self._context if proxy.kind == "https" else None
                options["proxy"] = httpx.Proxy(proxy.url, ssl_context=inner)
                return self._make(**options)
            except (
                httpx.InvalidURL,
                ImportError,
                ValueError,
            ):  # what is known of proxies is not all that httpx knows
                raise MissingSetting(
                    f"{proxy.variable} names a proxy that cannot be used.", hint=f"Correct {proxy.variable}."
                ) from None
        return self._make(**options)

    def taken(self) -> list[T]:
        """Return the transports, which are then none."""
        transports = [*self._transports.values()]
        self._transports.clear()
        self._known.clear()
        return transports


class Routes(httpx.BaseTransport):
    """Sends over whatever leads to a host."""

    def __init__(self, *, trusts_environment: bool):
        self._ways = _Ways(httpx.HTTPTransport, trusts_environment)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        return self._ways.to(request).handle_request(request)

    def close(self) -> None:
        """Close all connections."""
        for transport in self._ways.taken():
            transport.close()


class AsyncRoutes(httpx.AsyncBaseTransport):
    """Sends over whatever leads to a host."""

    def __init__(self, *, trusts_environment: bool):
        self._ways = _Ways(httpx.AsyncHTTPTransport, trusts_environment)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        return await self._ways.to(request).handle_async_request(request)

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in self._ways.taken():
            await transport.aclose()
