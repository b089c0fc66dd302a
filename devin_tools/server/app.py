"""The application: which path does what, in what order a request is judged, and what is logged."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ..catalog import Catalog, load_catalog
from ..client import AsyncClient
from ..client.connections import check_environment
from ..errors import DevinToolsError
from ..export.openapi import openapi_of
from ..headers import checked_headers
from ..presets import ToolChoice, narrowed, offered
from ..security.redaction import Redactor
from ..settings import Settings
from .auth import AccessPolicy
from .console import Console, ConsoleRoutes
from .limits import Limits
from .responses import HTTPError, error_response, json_response
from .routes import ServerRoute, find_route
from .runner import Runner, with_call_timeouts
from .tools import tool_routes
from .webhooks import HOOK_PATHS, HookRoutes, Hooks
from .webhooks_openapi import add_events

log = logging.getLogger("devin_tools.server")
log.addFilter(Redactor())


def create_app(
    settings: Settings | None = None,
    *,
    token: str | None,
    catalog: Catalog | None = None,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    limits: Limits | None = None,
    public_url: str = "",
    origins: Collection[str] = (),
    console: Console | None = None,
    hooks: Hooks | None = None,
    **connection: Any,
) -> App:
    """Return the application.

    `tools` and `preset` choose what is offered, as for `dispatch`; the settings refuse the rest. `token` is
    what callers must send; `None` lets every program on this machine call. `public_url` is
    the URL that the document names, if it differs from the requested one. `origins` are those of
    pages in browsers that may call. `console` serves a page for people too, `hooks` takes events.
    `connection` goes to `AsyncClient`: a transport, a clock, guards.
    """
    catalog, limits = load_catalog() if catalog is None else catalog, limits or Limits()
    settings = narrowed(catalog, settings or Settings.load(), tools=tools, preset=preset)
    settings = with_call_timeouts(settings, limits)
    settings.require_key()
    if connection.get("transport") is None:
        check_environment(settings)
    options = {"guards": catalog.guards} | connection
    runner = Runner(lambda: AsyncClient(settings, **options), catalog, limits)
    offer = offered(catalog, settings)
    document = openapi_of(list(offer.values()), url=public_url, has_token=token is not None)
    if hooks is not None:
        add_events(document, HOOK_PATHS, has_secret=hooks.secrets is not None)
    policy = AccessPolicy(token, origins, has_pages=console is not None)
    pages = None if console is None else ConsoleRoutes(console, runner, settings, public_url)
    webhooks = None if hooks is None else HookRoutes(hooks, runner, policy)
    more = [route for part in (pages, webhooks) if part is not None for route in part.routes()]
    return App(runner, policy, [*tool_routes(runner, document, offer), *more], pages, webhooks)


@dataclass(frozen=True, eq=False, repr=False)
class App:
    """An ASGI application; make it with `create_app`."""

    runner: Runner
    policy: AccessPolicy
    routes: Sequence[ServerRoute]
    console: ConsoleRoutes | None
    webhooks: HookRoutes | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or the life of the server, as ASGI has it."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._exchange(Request(scope, receive), send)
        else:
            await send({"type": "websocket.close"})

    async def aclose(self) -> None:
        """Close the connections of this event loop; a server does it when it stops."""
        self._end_streams()
        if self.webhooks is not None:
            await self.webhooks.aclose()
        await self.runner.aclose()

    def begin_to_stop(self, seconds: float) -> None:
        """End the streams, or the shutdown would wait for them, and take no more events.

        Accepted events get `seconds` to finish.
        """
        self._end_streams()
        if self.webhooks is not None:
            self.webhooks.begin_to_stop(seconds)

    def _end_streams(self) -> None:
        if self.console is not None:
            self.console.close()

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        """Start and stop with the server. Starlette's own would log a traceback, with values."""
        await receive()
        if self.webhooks is not None:
            self.webhooks.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _exchange(self, request: Request, send: Send) -> None:
        started = time.perf_counter()
        route = find_route(self.routes, request.scope)
        try:
            response = await self._respond(request, route)
        except asyncio.CancelledError:  # the server does not wait for running calls any longer
            hint = "The call may have taken effect: look before calling again."
            stopped = HTTPError(503, "stopping", "The server stopped before the call ended.", hint=hint)
            await error_response(stopped)(request.scope, request.receive, send)
            raise
        seconds, name = time.perf_counter() - started, self._loggable_path(request, route)
        log.info("%s %s -> %d in %.3f s", request.method, name, response.status_code, seconds)
        response.headers.update(self.policy.cors_headers(request))
        with suppress(OSError, ClientDisconnect):  # nobody is there any more
            await response(request.scope, request.receive, send)

    async def _respond(self, request: Request, route: ServerRoute | None) -> Response:
        try:
            return await self._authorize_and_run(request, route)
        except (DevinToolsError, HTTPError) as error:
            return error_response(error)
        except Exception as fault:  # its text and traceback could hold a value
            frame = traceback.extract_tb(fault.__traceback__)[-1]
            place = f"{Path(frame.filename).name}, line {frame.lineno}"
            name = self._loggable_path(request, route)
            log.error("%s: unexpected %s in %s", name, type(fault).__name__, place)
            return error_response(HTTPError(500, "error", "The server has an internal error."))

    async def _authorize_and_run(self, request: Request, route: ServerRoute | None) -> Response:
        checked_headers(request.scope["headers"])  # a proxy may have checked another of two values
        if request.method == "OPTIONS" and self.policy.cors_headers(request):
            return json_response({})
        if route is None:
            hint = "GET /openapi.json lists the tools."
            raise HTTPError(404, "not_found", "There is nothing here.", hint=hint)
        route.check_method(request.method)
        if not route.is_open:
            self.policy.admit(request)
        response: Response = await route.endpoint(request)
        return response

    def _loggable_path(self, request: Request, route: ServerRoute | None) -> str:
        """Return the route for the log, with the name of a known tool; nothing that a caller made up."""
        name = request.path_params.get("name")
        if route is None or (name is not None and name not in self.runner.catalog.specs):
            return "(an unknown path)"
        return route.path_format.replace("{name}", name or "")
