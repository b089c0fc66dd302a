"""The routes of the console: its files for anybody, its data for whoever may call the server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import Response

from ...api.sessions import GetSession
from ...client.call_limits import recurring_cost
from ...client.clock import Clock, WallClock
from ...errors import Refused
from ...export.snippets import snippets_of
from ...search.finder import Finder
from ...settings import Settings
from ...spec import Spec
from ...tool import Tool
from ...version import __version__
from ..auth import base_url
from ..responses import HTTPError, PartedResponse, json_response
from ..routes import ServerRoute
from ..runner import Runner, is_confirmed
from .assets import PAGE, PAGE_HEADERS, asset
from .board import Board, History, SessionView
from .consent import refuse_references, require_consent
from .feed import EventStream, Feed
from .tool_details import details_of, permitted_tools, summary_of

MOST_FOUND = 6
"""How many tools are shown for what somebody looks for."""

MAX_WATCHERS = 100
"""How many may watch something at a time, all pages together."""


@dataclass(frozen=True, slots=True)
class Console:
    """How the page for people is served."""

    is_simulated: bool = False
    """Whether the server is on a simulator: nothing costs then, and the page says so and does not ask."""

    tick_seconds: float = 5.0
    """How often the board, and each session that somebody looks at, is read."""

    clock: Clock = field(default_factory=WallClock)
    """What measures the ticks."""


class ConsoleRoutes:
    """The routes of one console, and its feeds."""

    def __init__(self, console: Console, runner: Runner, settings: Settings, public_url: str = ""):
        self._console = console
        self._runner = runner
        self._settings = settings
        self._public_url = public_url
        self._specs = permitted_tools(runner.catalog, settings)
        self._finder = Finder(self._specs.values())
        self._history = History()
        self._feeds: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Feed]] = WeakKeyDictionary()

    def routes(self) -> list[ServerRoute]:
        """Return them, exact paths first: the first that fits counts."""
        data = "/console/api"
        return [
            ServerRoute("GET", "/console", self._redirect_to_page, is_open=True),
            ServerRoute("GET", f"{data}/about", self._about),
            ServerRoute("GET", f"{data}/tools", self._list_tools),
            ServerRoute("GET", f"{data}/tools/{{name}}", self._show_tool),
            ServerRoute("POST", f"{data}/tools/{{name}}/run", self._run),
            ServerRoute("POST", f"{data}/tools/{{name}}/preview", self._preview),
            ServerRoute("POST", f"{data}/tools/{{name}}/snippets", self._snippets),
            ServerRoute("GET", f"{data}/board", self._watch_board),
            ServerRoute("GET", f"{data}/sessions/{{session_id}}", self._watch_session),
            ServerRoute("GET", "/console/{file:path}", self._file, is_open=True),
        ]

    def close(self) -> None:
        """End every feed of this event loop, and with it the streams of its watchers."""
        for feed in self._feeds.pop(asyncio.get_running_loop(), {}).values():
            feed.close()

    async def _redirect_to_page(self, request: Request) -> Response:
        root = request.scope.get("root_path", "")
        return PartedResponse(b"", 308, {"location": f"{root}/console/"} | PAGE_HEADERS)

    async def _file(self, request: Request) -> Response:
        return asset(request.path_params["file"] or PAGE, request.headers.get("if-none-match", ""))

    async def _about(self, request: Request) -> Response:
        return json_response(
            {
                "version": __version__,
                "is_simulated": self._console.is_simulated,
                "api": self._settings.base_url,
                "is_read_only": self._settings.read_only,
                "is_dry": self._settings.dry_run,
                "tick_seconds": self._console.tick_seconds,
            }
        )

    async def _list_tools(self, request: Request) -> Response:
        """List every tool; with a query the few that fit it best, and whether the first of them does."""
        query, catalog = request.query_params.get("query"), self._runner.catalog
        if query is None:
            return json_response({"tools": [summary_of(spec, catalog) for spec in self._specs.values()]})
        found = self._finder.find(query, MOST_FOUND)
        tools = [summary_of(spec, catalog) for spec in found.specs]
        return json_response({"tools": tools, "fits": found.fits_people})

    async def _show_tool(self, request: Request) -> Response:
        return json_response(details_of(self._spec(request), self._runner.catalog))

    async def _run(self, request: Request) -> Response:
        spec = self._spec(request)
        is_given = is_confirmed(request) or self._console.is_simulated
        with self._runner.limiter.entered():
            call = await self._call(spec, request)
            require_consent(spec, recurring_cost(call, self._settings), is_given=is_given)
            return await self._runner.respond(request, call)

    async def _preview(self, request: Request) -> Response:
        call = await self._call(self._spec(request), request)
        shown = await asyncio.to_thread(self._runner.client.preview, call)  # it may read files and run git
        return PartedResponse(shown.model_dump_json().encode())

    async def _snippets(self, request: Request) -> Response:
        url = self._public_url or base_url(request)
        arguments = await self._runner.arguments(request)
        return json_response(snippets_of(self._spec(request), arguments, url, asks=self._settings.confirm))

    async def _watch_board(self, request: Request) -> Response:
        runner = self._runner
        return self._stream("", Board(runner.output, runner.client.now, self._history))

    async def _watch_session(self, request: Request) -> Response:
        runner, given = self._runner, {"session_id": request.path_params["session_id"]}
        call = runner.catalog.call("devin_get_session", given)
        assert isinstance(call, GetSession)
        view = SessionView(call, runner.output, runner.client.now, self._history)
        return self._stream(call.session_id, view)

    def _stream(self, topic: str, view: Board | SessionView) -> Response:
        """Return the events of a topic: its feed is made by the first who asks for it."""
        feeds = self._feeds.setdefault(asyncio.get_running_loop(), {})
        if sum(feed.watchers for feed in feeds.values()) >= MAX_WATCHERS:
            raise HTTPError(503, "busy", "Too many pages are watching.", retry_after=10.0)
        for idle in [name for name, feed in feeds.items() if not feed.watchers and name not in ("", topic)]:
            del feeds[idle]
        if topic not in feeds:
            feeds[topic] = Feed(view.look, self._console.clock, self._console.tick_seconds)
        return EventStream(feeds[topic].watch(), PAGE_HEADERS)

    def _spec(self, request: Request) -> Spec:
        """Return the tool that is asked for, if a person can run it here."""
        spec = self._runner.catalog.spec(request.path_params["name"])
        if spec.name not in self._specs:
            raise Refused(f"{spec.name} is refused by a rule of this server.")
        return spec

    async def _call(self, spec: Spec, request: Request) -> Tool[Any]:
        """Build a call as the person filled it in: what only a person may fill is theirs to fill."""
        call = self._runner.catalog.call(spec.name, await self._runner.arguments(request))
        refuse_references(spec, call)
        return self._runner.cut(call)
