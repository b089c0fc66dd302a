"""A tools server on a thread, which remembers the paths that it was asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from devin_tools import Settings
from devin_tools.server import Limits, create_app

__all__ = ["Asked", "tools_server"]


class Asked:
    """An application in front of another one."""

    def __init__(self, app: Any):
        self._app = app
        self.paths: list[str] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.paths.append(scope["path"])
        await self._app(scope, receive, send)


@contextmanager
def tools_server(settings: Settings, token: str, **limits: float) -> Iterator[tuple[str, Asked]]:
    """Serve the tools; yield the URL, and what is asked."""
    asked = Asked(create_app(settings, token=token, limits=Limits(**limits)))
    server = uvicorn.Server(uvicorn.Config(asked, port=0, lifespan="on", ws="none", log_config=None))
    started = threading.Event()
    startup = server.startup

    async def start(sockets: Any = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = start
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(240)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}", asked
    finally:
        server.should_exit = True
        thread.join()
