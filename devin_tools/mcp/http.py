"""The server over streamable HTTP: many clients, on loopback unless callers must show who they are."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..errors import Hint, NotFound, UsageError
from ..settings import LOOPBACK
from .auth import Access, Scope, Send, SessionAuth
from .listing import LISTINGS, ListingName
from .service import Service, build

PATH = "/mcp"
PATHS: dict[str, ListingName | None] = {PATH: None, **{f"{PATH}/{name}": name for name in LISTINGS}}
"""The paths that are served, each with its listing: the first one with that of the service."""

NOWHERE = NotFound(
    "Nothing is served at this path.",
    status=404,
    hint=f"The server is at {PATH}; {' and '.join(list(PATHS)[1:])} choose what it lists.",
)

GRACE_SECONDS = 5
"""How long answers under way may take when the server is asked to stop."""


@dataclass(frozen=True, slots=True)
class TransportGuard:
    """Where a server is reached, under which names, and by whom; `UsageError` where that is by all."""

    host: str = "127.0.0.1"
    port: int = 0
    """0: a free one."""
    names: tuple[str, ...] = ()
    """Further names that callers reach it under. Every other Host header is refused."""
    access: Access = field(default_factory=Access)

    def __post_init__(self) -> None:
        if self.host not in LOOPBACK and self.access.is_open:
            raise UsageError(
                f"Serving on {self.host[:64]!r} lets others in, so callers must show who they are.",
                hint=Hint(
                    "Set DEVIN_MCP_TOKEN to an access token, or let callers bring keys of their own.",
                    cli="Set DEVIN_MCP_TOKEN to an access token, or give --key-from-caller.",
                ),
            )

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names that a Host or Origin header may hold."""
        names = ("127.0.0.1", "localhost", "[::1]", _in_url(self.host), *self.names)
        return tuple(dict.fromkeys(names))


def serve_http(service: Service, guard: TransportGuard, ready: Callable[[str], None]) -> None:
    """Serve until the process is asked to stop; `ready` is told the URL.

    Raises `UsageError` when the address cannot be used.
    """
    with _listening(guard) as listener:
        ready(f"http://{_in_url(guard.host)}:{listener.getsockname()[1]}{PATH}")
        asyncio.run(_serve(service, guard, listener))


async def _serve(service: Service, guard: TransportGuard, listener: socket.socket) -> None:
    import uvicorn

    from ..security.http_limits import ConnectionLimits, log_loop_errors, uvicorn_options

    log_loop_errors(asyncio.get_running_loop())
    config = uvicorn.Config(
        app_over(service, guard),
        **uvicorn_options(ConnectionLimits()),
        lifespan="on",
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    server.capture_signals = partial(_stopping, server.handle_exit)
    await server.serve(sockets=[listener])


@contextmanager
def _stopping(stop: Callable[[int, Any], None]) -> Iterator[None]:
    """Stop on a signal, and do not raise it again as uvicorn would: being stopped is a good end."""
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def app_over(service: Service, guard: TransportGuard) -> Any:
    """Make the ASGI application: a path for each listing, behind the checks of caller, host and origin.

    All paths have the clients, consents, counts and bounds of one service; a session is of the path that it
    was opened at.
    """
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from mcp.server.transport_security import TransportSecuritySettings
    from starlette.applications import Starlette
    from starlette.routing import Route

    names = [pattern for host in guard.hosts for pattern in (host, f"{host}:*")]
    security = TransportSecuritySettings(
        allowed_hosts=names,
        allowed_origins=[f"{scheme}://{name}" for name in names for scheme in ("http", "https")],
    )
    managers = {
        path: StreamableHTTPSessionManager(build(service, listing), security_settings=security)
        for path, listing in PATHS.items()
    }

    async def at_path(scope: Scope, receive: Any, send: Send) -> None:
        await managers[scope["path"]].handle_request(scope, receive, send)

    async def nowhere(request: Any, fault: Exception) -> Any:
        from starlette.responses import JSONResponse

        return JSONResponse({"error": NOWHERE.as_dict("http")}, NOWHERE.status)

    auth = SessionAuth(at_path, guard.access, service.verifier.check)

    @asynccontextmanager
    async def life(app: Any) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            for manager in managers.values():
                await running.enter_async_context(manager.run())
            yield
        await service.aclose()

    routes = [Route(path, endpoint=auth) for path in PATHS]
    return Starlette(routes=routes, lifespan=life, exception_handlers={404: nowhere})


@contextmanager
def _listening(guard: TransportGuard) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in guard.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((guard.host, guard.port))
            listener.listen()  # whoever connects as soon as "ready" is said waits, and is not refused
        except OSError as error:
            raise UsageError(f"Port {guard.port} cannot be used: {error.strerror}.") from None
        yield listener


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
