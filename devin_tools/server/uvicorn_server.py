"""A port and a process: listening, saying so, and stopping when the running calls have ended."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import UsageError, needs_extra
from .app import App

if TYPE_CHECKING:
    import uvicorn


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen; port 0 takes a free one."""

    host: str = "127.0.0.1"
    port: int = 8765

    def listen(self) -> socket.socket:
        """Return a socket that listens; raise `UsageError` when the port cannot be had."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
            return socket.create_server(found[0][4][:2], family=found[0][0])
        except OSError as error:
            reason = str(error.strerror).partition(" (while")[0]
            raise UsageError(f"{self.host}, port {self.port}, cannot be used: {reason}.") from None


def url_of(listener: socket.socket) -> str:
    """Return the URL of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: App, address: Address, *, grace_seconds: float, ready: Callable[[str], None]) -> None:
    """Serve until somebody asks the process to end; `ready` is told the URL once connections are taken.

    Calls that are running then get `grace_seconds` to end. Raises `UsageError` without uvicorn.
    """
    try:
        import uvicorn

        from ..security.http_limits import ConnectionLimits, log_loop_errors, uvicorn_options
    except ImportError:
        raise UsageError(
            "Serving needs uvicorn, which is not installed.", hint=needs_extra("server")
        ) from None

    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addFilter(_without_traceback)
    logging.getLogger("asyncio").addFilter(_is_worth_logging)
    config = uvicorn.Config(
        app,
        **uvicorn_options(ConnectionLimits()),
        lifespan="on",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=max(1, round(grace_seconds)),
    )
    server = _stopping(uvicorn.Server(config), app, grace_seconds)

    async def run() -> None:
        log_loop_errors(asyncio.get_running_loop())
        await server.serve(sockets=[listener])

    with address.listen() as listener, _stopped_by_signals(server):
        ready(url_of(listener))
        asyncio.run(run())


def _stopping(server: uvicorn.Server, app: App, seconds: float) -> uvicorn.Server:
    """Make a server that stops end its streams before it waits for other responses."""
    shutdown = server.shutdown

    async def end_and_shut_down(sockets: list[socket.socket] | None = None) -> None:
        app.begin_to_stop(seconds)
        await shutdown(sockets=sockets)

    server.shutdown = end_and_shut_down
    return server


@contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """Stop the server on a signal that comes before it listens for any, and outlive the others.

    uvicorn raises again, once it has stopped, the signal that stopped it.
    """

    def stop(*_: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def _without_traceback(record: logging.LogRecord) -> bool:
    """Take the traceback off a record: its lines could hold a value."""
    fault = record.exc_info[1] if record.exc_info else None
    record.exc_info = record.exc_text = None
    return not isinstance(fault, asyncio.CancelledError)


def _is_worth_logging(record: logging.LogRecord) -> bool:
    """Return false for the line of each write to a caller who has gone: strangers would fill the log."""
    return "socket.send() raised exception" not in str(record.msg)
