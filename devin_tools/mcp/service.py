"""What an MCP server offers: tools, resources and prompts over one catalog, and what answers each request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from ..catalog import Catalog
from ..presets import ToolChoice, narrowed, offered
from ..settings import Settings
from ..version import __version__
from . import resources
from .listing import Listing, ListingName, kind_of
from .prompts import prompts_over

if TYPE_CHECKING:
    from .calls import Calls
    from .client_pool import Connect
    from .key_verifier import KeyProbe, KeyVerifier
    from .sdk_versions import Exchange, Handler, Handlers

SLICE_SECONDS = 45.0
"""How long a wait goes on before it returns: many clients end a call after sixty seconds."""

CALLS_AT_ONCE = 64
"""How many calls of one caller may run at a time, those that wait for a person's consent too."""

Wire = dict[str, Any]


class Service:
    """Answers the requests of MCP clients. `connect` makes the client that runs calls with given settings.

    `tools` and `preset` choose what is offered, as for `dispatch`; the settings refuse the rest. `listing`
    chooses how much of that is listed: `full` all of it, `core` the preset of that name and what finds and
    calls the others, `auto` all while that is at most 30 tools and about 10,000 tokens. It is decided once.
    What it offers is known at once; what runs calls is imported with the handlers.

    Raises `UsageError` for an unknown listing, and what `narrowed` raises.
    """

    def __init__(
        self,
        catalog: Catalog,
        settings: Settings,
        connect: Connect,
        *,
        slice_seconds: float = SLICE_SECONDS,
        calls_at_once: int = CALLS_AT_ONCE,
        listing: ListingName = "auto",
        output_schemas: bool = False,
        tools: ToolChoice | None = None,
        preset: str | None = None,
    ):
        settings = narrowed(catalog, settings, tools=tools, preset=preset)
        self._catalog = catalog
        self.settings = replace(settings, max_retry_seconds=min(settings.max_retry_seconds, slice_seconds))
        self.slice_seconds = slice_seconds
        self.offer = offered(catalog, settings)
        self._prompts = prompts_over(self.offer)
        self.under_way = 0
        """How many requests are being answered."""
        self._connect = connect
        self._calls_at_once = calls_at_once
        self._output_schemas = output_schemas
        self._listing: ListingName = listing
        self._listings: dict[str, Listing] = {}
        self.listing()  # so that a name that is none is told at once
        self._probe: KeyProbe | None = None

    def listing(self, name: ListingName | None = None) -> Listing:
        """Return what clients are shown by a listing; by default, by the one that was chosen."""
        specs = list(self.offer.values())
        kind = kind_of(name or self._listing, specs)
        if kind not in self._listings:
            self._listings[kind] = Listing(
                specs,
                kind,
                output_schemas=self._output_schemas,
                wait_seconds=self.slice_seconds if self._waits else None,
                is_read_only=self.settings.read_only,
            )
        return self._listings[kind]

    @cached_property
    def _waits(self) -> bool:
        return any("max_seconds" in spec.input_schema.get("properties", ()) for spec in self.offer.values())

    def about(self, name: ListingName | None = None) -> Wire:
        """Return what the server says of itself to who connects, in the names of the wire."""
        return {
            "capabilities": {
                "prompts": {"listChanged": False},
                "resources": {"subscribe": False, "listChanged": False},
                "tools": {"listChanged": False},
            },
            "serverInfo": {"name": "devin-tools", "version": __version__},
            "instructions": self.instructions(name),
        }

    def tools_json(self) -> str:
        """Return the result of `tools/list` as JSON."""
        return f'{{"tools": {self.listing().as_json}}}'

    @cached_property
    def lists(self) -> Mapping[str, Wire]:
        """The result of each method that lists something else: they stay the same while the server runs."""
        templates = [resources.TEMPLATE] if resources.READER in self.offer else []
        return {
            "resources/list": {"resources": []},  # sessions are many, and devin_list_sessions finds them
            "resources/templates/list": {"resourceTemplates": templates},
            "prompts/list": {"prompts": [prompt.as_wire() for prompt in self._prompts.values()]},
        }

    def instructions(self, name: ListingName | None = None) -> str:
        """Return the instructions of this server."""
        return self.listing(name).instructions

    @cached_property
    def calls(self) -> Calls:
        """What runs calls."""
        from .calls import Calls

        return Calls(
            self._catalog,
            self.settings,
            self._connect,
            prompts=self._prompts,
            slice_seconds=self.slice_seconds,
            calls_at_once=self._calls_at_once,
        )

    @cached_property
    def verifier(self) -> KeyVerifier:
        """Which callers' own keys are let in."""
        from .key_verifier import KeyProbe, KeyVerifier

        self._probe = KeyProbe(self.settings, self._connect)
        return KeyVerifier(self._probe)

    def handlers(self, name: ListingName | None = None) -> Handlers:
        """Return what handles each method, for clients that are shown a listing."""
        listing = self.listing(name)
        handlers: dict[str, Handler] = {
            "tools/list": partial(_tools, listing),
            "tools/call": partial(self.calls.call_tool, listing),
            "resources/read": self.calls.read_resource,
            "prompts/get": self.calls.get_prompt,
        }
        handlers |= {method: partial(_listed, result) for method, result in self.lists.items()}
        return {method: partial(self._counted, handler) for method, handler in handlers.items()}

    async def call_tool(self, exchange: Exchange) -> Wire:
        """Run a tool; an error becomes a result that a model can read."""
        return await self.calls.call_tool(self.listing(), exchange)

    async def _counted(self, handler: Handler, exchange: Exchange) -> Wire:
        self.under_way += 1
        try:
            return await handler(exchange)
        finally:
            self.under_way -= 1

    async def aclose(self) -> None:
        """Close the connections to the API."""
        await self.calls.aclose()
        if self._probe is not None:
            await self._probe.aclose()


async def _tools(listing: Listing, exchange: Exchange) -> Wire:
    return {"tools": listing.as_wire}


async def _listed(result: Wire, exchange: Exchange) -> Wire:
    return result


def build(service: Service, listing: ListingName | None = None) -> Any:
    """Make a server of the installed `mcp` package that answers with this service, and shows a listing."""
    from .sdk_versions import server_over

    return server_over(service.handlers(listing), service.about(listing))
