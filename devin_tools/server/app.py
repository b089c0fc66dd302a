"""The application: which path does what, in what order a request is judged, and what is logged."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..catalog import Catalog, load_catalog
from ..client.clients import AsyncClient
from ..errors import DevinToolsError
from ..export.openapi import CONFIRM_HEADER, openapi_of
from ..headers import one_reading
from ..presets import offered
from ..security.redaction import Redactor
from ..settings import Settings
from .asgi import Incoming, Receive, Scope, Send
from .auth import AccessPolicy
from .calls import Calls
from .console import Console, ConsoleRoutes
from .limits import Limits
from .responses import Answer, HTTPError, error_response, json_response
from .routes import RouteTable
from .runner import Runner, with_call_timeouts
from .sse import Stream
from .tools import tool_routes
from .webhooks import HOOK_PATHS, HookRoutes, Hooks
from .webhooks_openapi import add_events

log = logging.getLogger("devin_tools.server")
log.addFilter(Redactor())

PREFLIGHT_HEADERS = f"authorization, content-type, {CONFIRM_HEADER.lower()}"


def create_app(
    settings: Settings | None = None,
    *,
    token: str | None,
    catalog: Catalog | None = None,
    limits: Limits | None = None,
    public_url: str = "",
    origins: Collection[str] = (),
    console: Console | None = None,
    hooks: Hooks | None = None,
    **connection: Any,
) -> App:
    """Make the application.

    `token` is what callers must send; `None` lets every program on this machine call. `public_url` is
    the URL the document names, when it is not the one it was asked for by. `origins` are those of
    pages in browsers that may call. `console` serves a page for people too, `hooks` takes events.
    `connection` goes to `AsyncClient`: a transport, a clock, guards.
    """
    catalog, limits = catalog or load_catalog(), limits or Limits()
    settings = with_call_timeouts(settings or Settings.load(), limits)
    settings.require_key()
    options = {"guards": catalog.guards} | connection
    calls = Calls(Runner(lambda: AsyncClient(settings, **options), catalog, limits), catalog, limits)
    document = openapi_of(
        list(offered(catalog, settings).values()), url=public_url, has_token=token is not None
    )
    if hooks is not None:
        add_events(document, HOOK_PATHS, has_secret=hooks.secrets is not None)
    pages = None if console is None else ConsoleRoutes(console, calls, settings, public_url)
    policy = AccessPolicy(token, origins, has_pages=pages is not None)
    events = None if hooks is None else HookRoutes(hooks, calls.runner, catalog, limits, policy)
    parts = [part for part in (pages, events) if part is not None]
    routes = [*tool_routes(calls, document), *(route for part in parts for route in part.routes())]
    return App(calls, policy, RouteTable(routes), pages, events)


class App:
    """An ASGI application; make it with `create_app`."""

    def __init__(
        self,
        calls: Calls,
        policy: AccessPolicy,
        table: RouteTable,
        console: ConsoleRoutes | None,
        events: HookRoutes | None,
    ):
        self._calls = calls
        self._policy = policy
        self._table = table
        self._console = console
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the life of the server, as ASGI has it."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._exchange(Incoming(scope, receive), send)
        else:
            await send({"type": "websocket.close"})

    async def aclose(self) -> None:
        """Close the connections of this event loop; a server does it when it stops."""
        self._end_streams()
        if self._events is not None:
            await self._events.aclose()
        await self._calls.runner.aclose()

    def begin_to_stop(self, seconds: float) -> None:
        """End the answers that go on, as a server that stops would wait for them, and begin no more events.

        Those that were begun have so many seconds to end.
        """
        self._end_streams()
        if self._events is not None:
            self._events.begin_to_stop(seconds)

    def _end_streams(self) -> None:
        if self._console is not None:
            self._console.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self.aclose()
                await send({"type": "lifespan.shutdown.complete"})
                return
            if self._events is not None:
                self._events.start()
            await send({"type": "lifespan.startup.complete"})

    async def _exchange(self, incoming: Incoming, send: Send) -> None:
        started = time.perf_counter()
        try:
            answer = await self._answer_safely(incoming)
        except asyncio.CancelledError:  # the server's patience with running calls has ended
            hint = "The call may have taken effect: look before calling again."
            stopped = HTTPError(503, "stopping", "The server stopped before the call ended.", hint=hint)
            await error_response(stopped).send(send, {})
            raise
        seconds = time.perf_counter() - started
        log.info("%s %s -> %d in %.3f s", incoming.method, self._named(incoming), answer.status, seconds)
        with suppress(OSError):  # nobody is there any more
            await answer.send(send, self._cors_headers(incoming))

    async def _answer_safely(self, incoming: Incoming) -> Answer | Stream:
        try:
            return await self._answer(incoming)
        except (DevinToolsError, HTTPError) as error:
            return error_response(error)
        except Exception as fault:  # its text and traceback could hold a value
            frame = traceback.extract_tb(fault.__traceback__)[-1]
            place = f"{Path(frame.filename).name}, line {frame.lineno}"
            log.error("%s: unexpected %s in %s", self._named(incoming), type(fault).__name__, place)
            return error_response(HTTPError(500, "error", "This server met a fault of its own."))

    async def _answer(self, incoming: Incoming) -> Answer | Stream:
        one_reading(incoming.scope["headers"])  # of two values, a proxy in front could have judged the other
        if incoming.method == "OPTIONS" and self._policy.allowed_origin(incoming):
            return json_response({})
        route, values = self._table.find(incoming.method, incoming.path)
        if not route.is_open:
            self._policy.admit(incoming)
        return await route.answer(incoming, values)

    def _named(self, incoming: Incoming) -> str:
        """Name what was asked for, and nothing that a caller made up."""
        found = self._table.template_of(incoming.path)
        if found is None:
            return "(an unknown path)"
        template, values = found
        name = values.get("name")
        if name is None:
            return template
        if name not in self._calls.catalog.specs:
            return "(an unknown path)"
        return template.replace("{name:path}", name).replace("{name}", name)

    def _cors_headers(self, incoming: Incoming) -> dict[str, str]:
        """Tell a browser which page may read the answer."""
        origin = self._policy.allowed_origin(incoming)
        if origin is None:
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "GET, POST",
            "access-control-allow-headers": PREFLIGHT_HEADERS,
            "vary": "origin",
        }
