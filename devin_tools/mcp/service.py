"""What an MCP server offers: tools, resources and prompts over one catalog, and what answers each request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from ..catalog import Catalog
from ..export.providers.payloads import mcp, mcp_json
from ..presets import ToolChoice, narrowed, offered
from ..settings import Settings
from ..version import __version__
from . import resources
from .instructions import instructions
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

    `tools` and `preset` choose what is offered, as for `dispatch`; the settings refuse the rest.
    What it offers is known at once; what runs calls is imported with the handlers.
    """

    def __init__(
        self,
        catalog: Catalog,
        settings: Settings,
        connect: Connect,
        *,
        slice_seconds: float = SLICE_SECONDS,
        calls_at_once: int = CALLS_AT_ONCE,
        output_schemas: bool = True,
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
        self._probe: KeyProbe | None = None

    @cached_property
    def about(self) -> Wire:
        """What the server says of itself to who connects, in the names of the wire."""
        return {
            "capabilities": {
                "prompts": {"listChanged": False},
                "resources": {"subscribe": False, "listChanged": False},
                "tools": {"listChanged": False},
            },
            "serverInfo": {"name": "devin-tools", "version": __version__},
            "instructions": self.instructions(),
        }

    def tools_json(self) -> str:
        """Return the result of `tools/list` as JSON."""
        listed = mcp_json(list(self.offer.values()), output_schemas=self._output_schemas)
        return f'{{"tools": {listed}}}'

    @cached_property
    def lists(self) -> Mapping[str, Wire]:
        """The result of each method that lists something else: they stay the same while the server runs."""
        templates = [resources.TEMPLATE] if resources.READER in self.offer else []
        return {
            "resources/list": {"resources": []},  # sessions are many, and devin_list_sessions finds them
            "resources/templates/list": {"resourceTemplates": templates},
            "prompts/list": {"prompts": [prompt.as_wire() for prompt in self._prompts.values()]},
        }

    def instructions(self) -> str:
        """Return the instructions of this server."""
        waits = any("max_seconds" in spec.input_schema.get("properties", ()) for spec in self.offer.values())
        seconds = self.slice_seconds if waits else None
        return instructions(wait_seconds=seconds, is_read_only=self.settings.read_only)

    @cached_property
    def calls(self) -> Calls:
        """What runs calls."""
        from .calls import Calls

        return Calls(
            self._catalog,
            self.settings,
            self._connect,
            offer=self.offer,
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

    def handlers(self) -> Handlers:
        """Return what handles each method."""
        handlers: dict[str, Handler] = {
            "tools/call": self.calls.call_tool,
            "resources/read": self.calls.read_resource,
            "prompts/get": self.calls.get_prompt,
        }
        tools = mcp(list(self.offer.values()), output_schemas=self._output_schemas)
        lists: Mapping[str, Wire] = {"tools/list": {"tools": tools}, **self.lists}
        handlers |= {method: partial(_listed, result) for method, result in lists.items()}
        return {method: partial(self._counted, handler) for method, handler in handlers.items()}

    async def call_tool(self, exchange: Exchange) -> Wire:
        """Run a tool; an error becomes a result that a model can read."""
        return await self.calls.call_tool(exchange)

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


async def _listed(result: Wire, exchange: Exchange) -> Wire:
    return result


def build(service: Service) -> Any:
    """Make a server of the installed `mcp` package that answers with this service."""
    from .sdk_versions import server_over

    return server_over(service.handlers(), service.about)
