"""The routes of the console: its files for anybody, its data for whoever may call the server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from ...api.sessions import GetSession
from ...client.clock import Clock, WallClock
from ...client.guards import cost_of
from ...errors import Refused
from ...export.snippets import snippets_of
from ...settings import Settings
from ...spec import Spec
from ...tool import Tool
from ...version import __version__
from ..asgi import Incoming
from ..auth import host_of
from ..calls import Calls, is_confirmed
from ..responses import Answer, HTTPError, json_response
from ..routes import ServerRoute
from ..sse import Stream
from .assets import PAGE, PAGE_HEADERS, asset
from .board import Board, History, SessionView
from .consent import refuse_references, require_consent
from .feed import Feed
from .tool_details import details_of, permitted_tools, summary_of

MAX_WATCHERS = 100
"""How many may watch something at a time, all pages together."""

Values = Mapping[str, str]


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

    def __init__(self, console: Console, calls: Calls, settings: Settings, public_url: str = ""):
        self._console = console
        self._calls = calls
        self._settings = settings
        self._public_url = public_url
        self._specs = permitted_tools(calls.catalog, settings)
        self._history = History()
        self._feeds: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Feed]] = WeakKeyDictionary()

    def routes(self) -> list[ServerRoute]:
        """List them, exact paths first."""
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
        """End every feed of this event loop, and with it the answers that go on."""
        for feed in self._feeds.pop(asyncio.get_running_loop(), {}).values():
            feed.close()

    async def _redirect_to_page(self, incoming: Incoming, values: Values) -> Answer:
        return Answer(308, b"", {"location": f"{incoming.root}/console/"} | PAGE_HEADERS)

    async def _file(self, incoming: Incoming, values: Values) -> Answer:
        return asset(values["file"] or PAGE, incoming.headers.get("if-none-match", ""))

    async def _about(self, incoming: Incoming, values: Values) -> Answer:
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

    async def _list_tools(self, incoming: Incoming, values: Values) -> Answer:
        catalog = self._calls.catalog
        return json_response({"tools": [summary_of(spec, catalog) for spec in self._specs.values()]})

    async def _show_tool(self, incoming: Incoming, values: Values) -> Answer:
        return json_response(details_of(self._spec(values), self._calls.catalog))

    async def _run(self, incoming: Incoming, values: Values) -> Answer:
        spec = self._spec(values)
        is_given = is_confirmed(incoming) or self._console.is_simulated

        def consented(spec: Spec, arguments: Mapping[str, Any]) -> Tool[Any]:
            call = self._call(spec, arguments)
            require_consent(spec, cost_of(call, self._settings), is_given=is_given)
            return call

        return await self._calls.run(incoming, spec.name, consented)

    async def _preview(self, incoming: Incoming, values: Values) -> Answer:
        spec = self._spec(values)
        call = self._call(spec, await self._calls.arguments(incoming))
        return await self._calls.runner.preview(call)

    async def _snippets(self, incoming: Incoming, values: Values) -> Answer:
        url = self._public_url or f"{incoming.scope['scheme']}://{host_of(incoming)}{incoming.root}"
        arguments = await self._calls.arguments(incoming)
        return json_response(snippets_of(self._spec(values), arguments, url, asks=self._settings.confirm))

    async def _watch_board(self, incoming: Incoming, values: Values) -> Stream:
        runner = self._calls.runner
        return self._stream(incoming, "", Board(self._calls.output, runner.now, self._history))

    async def _watch_session(self, incoming: Incoming, values: Values) -> Stream:
        call = self._calls.catalog.call("devin_get_session", {"session_id": values["session_id"]})
        assert isinstance(call, GetSession)
        runner = self._calls.runner
        view = SessionView(call, self._calls.output, runner.now, self._history)
        return self._stream(incoming, call.session_id, view)

    def _stream(self, incoming: Incoming, topic: str, view: Board | SessionView) -> Stream:
        """Return the events of a topic: its feed is made by the first who asks for it."""
        feeds = self._feeds.setdefault(asyncio.get_running_loop(), {})
        if sum(feed.watchers for feed in feeds.values()) >= MAX_WATCHERS:
            raise HTTPError(503, "busy", "Too many pages are watching.", retry_after=10.0)
        for idle in [name for name, feed in feeds.items() if not feed.watchers and name not in ("", topic)]:
            del feeds[idle]
        if topic not in feeds:
            feeds[topic] = Feed(view.look, self._console.clock, self._console.tick_seconds)
        return Stream(feeds[topic].watch(), incoming.receive, PAGE_HEADERS)

    def _spec(self, values: Values) -> Spec:
        """Find a tool that a person can run here."""
        spec = self._calls.catalog.spec(values["name"])
        if spec.name not in self._specs:
            raise Refused(f"{spec.name} is refused by a rule of this server.")
        return spec

    def _call(self, spec: Spec, arguments: Mapping[str, Any]) -> Tool[Any]:
        """Build a call as the person filled it in: what only a person may fill is theirs to fill."""
        call = self._calls.catalog.call(spec.name, arguments)
        refuse_references(spec, call)
        return self._calls.runner.cut(call)
