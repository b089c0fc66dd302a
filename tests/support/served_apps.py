"""Ways to ask the server in tests: in this process, over one event loop, with an API of one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from devin_tools import Settings, Simulator, load_catalog
from devin_tools.server import App, create_app
from devin_tools.simulator.clock import SimulatedClock

__all__ = [
    "CATALOG",
    "KEY",
    "SESSION",
    "TOKEN",
    "Slow",
    "Stuck",
    "ask",
    "kind",
    "over",
    "scope_of",
    "simulated",
    "together",
    "working",
]

CATALOG = load_catalog(plugins=())
TOKEN = "canary-token-0123456789"
KEY = "cog_canary_key"
SESSION = {"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"}

Answering = Callable[[httpx.Request], httpx.Response]


def simulated(simulator: Simulator, *, token: str | None = TOKEN, **more: Any) -> App:
    """Serve a simulator; settings among `more` are settings."""
    reached = simulator.connection()
    names = Settings.__dataclass_fields__.keys() & more.keys()
    settings = Settings(
        api_key=reached["api_key"], org_id=reached["org_id"], **{name: more.pop(name) for name in names}
    )
    connection = {"transport": reached["transport"], "clock": reached["clock"], "guards": ()}
    return create_app(settings, token=token, catalog=CATALOG, **connection | more)


def over(answer: Answering, **more: Any) -> App:
    """Serve an API that is one function; time is virtual."""
    settings = Settings(api_key=KEY, org_id="org-1", **more.pop("settings", {}))
    connection = {"transport": httpx.MockTransport(answer), "clock": SimulatedClock(), "guards": ()}
    return create_app(settings, token=TOKEN, catalog=CATALOG, **connection | more)


def together(app: App, work: Callable[[httpx.AsyncClient], Awaitable[Any]], **headers: str) -> Any:
    """Do work with a client of the server, on an event loop of its own."""

    async def go() -> Any:
        options = {"base_url": "http://127.0.0.1", "headers": {"Authorization": f"Bearer {TOKEN}"} | headers}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), **options) as client:
            try:
                return await work(client)
            finally:
                await app.aclose()

    return asyncio.run(go())


def ask(app: App, path: str, body: Any = None, *, method: str = "", **options: Any) -> httpx.Response:
    """Ask once: a tool by its name, or a page by its path. `body` is JSON, or bytes as they are."""
    is_page = path.startswith("/")
    method = method or ("GET" if is_page else "POST")
    if isinstance(body, bytes):
        options["content"] = body
    elif body is not None:
        options["json"] = body
    target = path if is_page else f"/tools/{path}"
    response: httpx.Response = together(app, lambda client: client.request(method, target, **options))
    return response


def kind(response: httpx.Response) -> str:
    """Give the kind of error of an answer."""
    found: str = response.json()["error"]["kind"]
    return found


def working(request: httpx.Request) -> httpx.Response:
    """Answer as an API whose only session never settles."""
    return httpx.Response(200, json={"session_id": "abc", "status": "running", "status_detail": "working"})


class Stuck(httpx.AsyncBaseTransport):
    """An API that takes requests and never answers."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")


class Slow(httpx.AsyncBaseTransport):
    """An API that takes a while, and remembers what it was asked."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.answered: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(self.seconds)
        self.answered.append(request.method)
        return working(request)


def scope_of(name: str) -> dict[str, Any]:
    """Give the scope of a call, as ASGI servers make it."""
    head = [(b"authorization", f"Bearer {TOKEN}".encode()), (b"content-type", b"application/json")]
    return {"type": "http", "method": "POST", "path": f"/tools/{name}", "headers": head, "scheme": "http"}
