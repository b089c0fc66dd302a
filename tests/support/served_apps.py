"""Ways to ask the server in tests: in this process, over one event loop, with an API of one's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cache
from typing import Any

import httpx
from support.tools import built_in

from devin_tools import Catalog, Settings, Simulator
from devin_tools.server import App, create_app
from devin_tools.simulator.clock import SimulatedClock

__all__ = [
    "HANG_SECONDS",
    "KEY",
    "SESSION",
    "TOKEN",
    "Held",
    "ask",
    "few_tools",
    "kind",
    "over",
    "scope_of",
    "simulated",
    "together",
    "until",
    "working",
]

HANG_SECONDS = 120.0
"""After which a test that waits for what does not come is ended."""

FEW = (
    "devin_archive_session",
    "devin_create_secret",
    "devin_create_session",
    "devin_get_self",
    "devin_get_session",
    "devin_list_sessions",
    "devin_run_task",
    "devin_wait_session",
)
TOKEN = "canary-token-0123456789"
KEY = "cog_canary_key"
SESSION = {"session_id": "4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"}

Answering = Callable[[httpx.Request], httpx.Response]


@cache
def few_tools() -> Catalog:
    """Return the built-in catalog with a few of its tools: most tests of the server call no others, and
    making an application takes as long as it has tools."""
    catalog = built_in()
    return replace(catalog, specs={name: catalog.specs[name] for name in FEW})


def simulated(simulator: Simulator, *, token: str | None = TOKEN, **more: Any) -> App:
    """Serve a simulator, with few tools; settings among `more` are settings."""
    reached = simulator.connection()
    names = Settings.__dataclass_fields__.keys() & more.keys()
    settings = Settings(
        api_key=reached["api_key"], org_id=reached["org_id"], **{name: more.pop(name) for name in names}
    )
    connection = {"transport": reached["transport"], "clock": reached["clock"], "guards": ()}
    return create_app(settings, token=token, **{"catalog": few_tools()} | connection | more)


def over(answer: Answering, **more: Any) -> App:
    """Serve an API that is one function; time is virtual."""
    settings = Settings(api_key=KEY, org_id="org-1", **more.pop("settings", {}))
    connection = {"transport": httpx.MockTransport(answer), "clock": SimulatedClock(), "guards": ()}
    return create_app(settings, token=TOKEN, catalog=few_tools(), **connection | more)


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
    """Return the kind of error of an answer."""
    found: str = response.json()["error"]["kind"]
    return found


def working(request: httpx.Request) -> httpx.Response:
    """Answer as an API whose only session never settles."""
    return httpx.Response(200, json={"session_id": "abc", "status": "running", "status_detail": "working"})


class Held(httpx.AsyncBaseTransport):
    """An API that answers the first `free` requests at once, and the others when it is let."""

    def __init__(self, free: int = 0, behind: httpx.AsyncBaseTransport | None = None):
        self.free = free
        self.asked: list[str] = []
        self.answered: list[str] = []
        self._let = asyncio.Event()
        self._behind = behind or httpx.MockTransport(working)

    def let(self) -> None:
        """Let it answer from now on."""
        self._let.set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, or wait first."""
        self.asked.append(request.method)
        if len(self.asked) > self.free:
            await self._let.wait()
        self.answered.append(request.method)
        return await self._behind.handle_async_request(request)


async def until(happened: Callable[[], Any]) -> None:
    """Let the other tasks of this event loop run until something has happened."""
    async with asyncio.timeout(HANG_SECONDS):
        while not happened():
            await asyncio.sleep(0)


def scope_of(name: str) -> dict[str, Any]:
    """Return the scope of a call, as ASGI servers make it."""
    head = [(b"authorization", f"Bearer {TOKEN}".encode()), (b"content-type", b"application/json")]
    return {"type": "http", "method": "POST", "path": f"/tools/{name}", "headers": head, "scheme": "http"}
