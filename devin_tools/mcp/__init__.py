"""The MCP server: every tool for any client that speaks the Model Context Protocol.

Works with versions 1 and 2 of the `mcp` package (the extra `mcp`), which is imported when a server is built.
"""

from .auth import Access
from .http import TransportGuard, serve_http
from .service import CALLS_AT_ONCE, SLICE_SECONDS, Service, build
from .stdio import serve_stdio

__all__ = [
    "CALLS_AT_ONCE",
    "SLICE_SECONDS",
    "Access",
    "Service",
    "TransportGuard",
    "build",
    "serve_http",
    "serve_stdio",
]
