"""The application: which path does what, in what order a request is judged, and what is logged."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Collection, Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..catalog import Catalog, load_catalog
from ..client import AsyncClient
from ..errors import DevinToolsError
from ..export.openapi import CONFIRM_HEADER, openapi_of
from ..presets import offered
from ..redaction import Redactor
from ..settings import Settings
from .answers import Answer, Refusal, answer_of, ok
from .asgi import Incoming, Receive, Scope, Send
from .auth import Door, host_of
from .body import read_arguments
from .limits import Gate, Limits
from .running import Runner, bounded

__all__ = ["App", "create_app"]

log = logging.getLogger("devin_tools.server")
log.addFilter(Redactor())

TOOLS = "/tools/"
DOCUMENT = "/openapi.json"
PREFLIGHT_HEADERS = f"authorization, content-type, {CONFIRM_HEADER.lower()}"
CONFIRMED = frozenset({"true"})


def create_app(
    settings: Settings | None = None,
    *,
    token: str | None,
    catalog: Catalog | None = None,
    limits: Limits | None = None,
    public_url: str = "",
    origins: Collection[str] = (),
    **connection: Any,
) -> App:
    """Make the application.

    `token` is what callers must send; `None` lets every program on this machine call. `public_url` is
    the URL the document names, when it is not the one it was asked for by. `origins` are those of
    pages in browsers that may call. `connection` goes to `AsyncClient`: a transport, a clock, guards.
    """
    catalog, limits = catalog or load_catalog(), limits or Limits()
    settings = bounded(settings or Settings.load(), limits)
    settings.require_key()
    options = {"guards": catalog.guards} | connection
    runner = Runner(lambda: AsyncClient(settings, **options), catalog, limits)
    document = openapi_of(
        list(offered(catalog, settings).values()), url=public_url, has_token=token is not None
    )
    return App(runner, catalog, limits, Door(token, origins), document)


class App:
    """An ASGI application; make it with `create_app`."""

    def __init__(
        self,
        runner: Runner,
        catalog: Catalog,
        limits: Limits,
        door: Door,
        document: Mapping[str, Any],
    ):
        self._runner = runner
        self._catalog = catalog
        self._limits = limits
        self._door = door
        self._gate = Gate(limits)
        self._document = document
        self._pages = {DOCUMENT: self._describe, "/healthz": self._say_alive, "/readyz": self._say_ready}

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
        await self._runner.aclose()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self.aclose()
                await send({"type": "lifespan.shutdown.complete"})
                return
            await send({"type": "lifespan.startup.complete"})

    async def _exchange(self, incoming: Incoming, send: Send) -> None:
        started = time.perf_counter()
        try:
            answer = await self._answer_safely(incoming)
        except asyncio.CancelledError:  # the server's patience with running calls has ended
            hint = "The call may have taken effect: look before calling again."
            stopped = Refusal(503, "stopping", "The server stopped before the call ended.", hint=hint)
            await answer_of(stopped).send(send, {})
            raise
        seconds = time.perf_counter() - started
        log.info("%s %s -> %d in %.3f s", incoming.method, self._named(incoming), answer.status, seconds)
        with suppress(OSError):  # nobody is there any more
            await answer.send(send, self._sharing(incoming))

    async def _answer_safely(self, incoming: Incoming) -> Answer:
        try:
            return await self._answer(incoming)
        except (DevinToolsError, Refusal) as error:
            return answer_of(error)
        except Exception as fault:  # its text and traceback could hold a value
            frame = traceback.extract_tb(fault.__traceback__)[-1]
            place = f"{Path(frame.filename).name}, line {frame.lineno}"
            log.error("%s: unexpected %s in %s", self._named(incoming), type(fault).__name__, place)
            return answer_of(Refusal(500, "error", "This server met a fault of its own."))

    async def _answer(self, incoming: Incoming) -> Answer:
        if incoming.method == "OPTIONS" and self._door.allowed_origin(incoming):
            return ok({})
        if incoming.path.startswith(TOOLS):
            _require(incoming, "POST")
            return await self._run(incoming)
        page = self._pages.get(incoming.path)
        if page is None:
            raise Refusal(404, "not_found", "There is nothing here.", hint=f"GET {DOCUMENT} lists the tools.")
        _require(incoming, "GET", "HEAD")
        return await page(incoming)

    async def _run(self, incoming: Incoming) -> Answer:
        self._door.admit(incoming)
        spec = self._catalog.spec(incoming.path.removeprefix(TOOLS))
        with self._gate.entered():
            arguments = await read_arguments(incoming, self._limits)
            call = self._runner.call(spec.name, arguments)
            confirm = incoming.headers.get(CONFIRM_HEADER.lower(), "").lower() in CONFIRMED
            work = self._runner.run(spec, call, confirm=confirm)
            if spec.effect.kind != "read":  # a write goes on: half of one helps nobody
                return await work
            return await _while_wanted(work, incoming.receive)

    async def _describe(self, incoming: Incoming) -> Answer:
        here = f"{incoming.scope['scheme']}://{host_of(incoming)}{incoming.root}"
        url = self._document["servers"][0]["url"] or here
        return ok({**self._document, "servers": [{"url": url}]})

    async def _say_alive(self, incoming: Incoming) -> Answer:
        return ok({"status": "alive"})

    async def _say_ready(self, incoming: Incoming) -> Answer:
        return await self._runner.check()

    def _named(self, incoming: Incoming) -> str:
        """Name what was asked for, and nothing that a caller made up."""
        is_tool = incoming.path.removeprefix(TOOLS) in self._catalog.specs
        return incoming.path if is_tool or incoming.path in self._pages else "(an unknown path)"

    def _sharing(self, incoming: Incoming) -> dict[str, str]:
        """Tell a browser which page may read the answer."""
        origin = self._door.allowed_origin(incoming)
        if origin is None:
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "GET, POST",
            "access-control-allow-headers": PREFLIGHT_HEADERS,
            "vary": "origin",
        }


def _require(incoming: Incoming, *methods: str) -> None:
    if incoming.method not in methods:
        headers = {"allow": ", ".join(methods)}
        raise Refusal(405, "usage", f"This path takes {' and '.join(methods)} only.", headers=headers)


async def _while_wanted(work: Coroutine[Any, Any, Answer], receive: Receive) -> Answer:
    """Do work until it is done, or until whoever wants its answer has gone."""
    task, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise Refusal(499, "gone", "The caller did not wait for the answer.")
        return task.result()
    finally:
        task.cancel()
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
