"""The MCP server: every tool for any client that speaks the Model Context Protocol.

Works with versions 1 and 2 of the `mcp` package (the extra `mcp`), which is imported when a server is built.
Names are imported on first use: a server on standard input needs nothing of the one over HTTP.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = [
    "CALLS_AT_ONCE",
    "LISTINGS",
    "SLICE_SECONDS",
    "Access",
    "Listing",
    "Service",
    "TransportGuard",
    "build",
    "kept_streams",
    "serve_http",
    "serve_stdio",
]

if TYPE_CHECKING:
    from .auth import Access
    from .http import TransportGuard, serve_http
    from .listing import LISTINGS, Listing
    from .service import CALLS_AT_ONCE, SLICE_SECONDS, Service, build
    from .stdio import serve_stdio
    from .streams import kept_streams
else:
    _HOMES = {
        "Access": "auth",
        "LISTINGS": "listing",
        "Listing": "listing",
        "TransportGuard": "http",
        "serve_http": "http",
        "serve_stdio": "stdio",
        "kept_streams": "streams",
    }

    def __getattr__(name: str) -> Any:
        """Import what is asked for."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f".{_HOMES.get(name, 'service')}", __name__), name)
