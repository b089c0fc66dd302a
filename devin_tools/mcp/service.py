"""The handlers of an MCP server: tools, resources and prompts over one catalog."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any, cast

from ..api.tags import ReplaceSessionTags
from ..catalog import Catalog
from ..client.call_limits import recurring_cost
from ..declarations import describe
from ..errors import RateLimited
from ..export.providers.payloads import mcp
from ..flow import Done, Progress
from ..model_input import call_from_model
from ..presets import offered
from ..settings import Settings
from ..tasks.wait_session import cut
from ..tool import Output, Tool
from ..version import __version__
from . import resources
from .client_pool import ClientPool, Connect, name_of
from .consent import ConsentStore, declined
from .instructions import instructions
from .key_verifier import KeyProbe, KeyVerifier
from .prompts import filled, prompts_over
from .results import failure, safe_error, success
from .sdk_versions import Exchange, Handler, Handlers, InputRequired, server_over

SLICE_SECONDS = 45.0
"""How long a wait goes on before it returns: many clients end a call after sixty seconds."""

CALLS_AT_ONCE = 64
"""How many calls of one caller may run at a time, those that wait for a person's consent too."""


class Service:
    """Handles the requests of MCP clients. `connect` makes the client that runs calls with given settings."""

    def __init__(
        self,
        catalog: Catalog,
        settings: Settings,
        connect: Connect,
        *,
        slice_seconds: float = SLICE_SECONDS,
        calls_at_once: int = CALLS_AT_ONCE,
    ):
        self.settings = replace(settings, max_retry_seconds=min(settings.max_retry_seconds, slice_seconds))
        self.slice_seconds = slice_seconds
        self.offer = offered(catalog, settings)
        self.under_way = 0
        """How many requests are being answered."""
        self._calls_at_once = calls_at_once
        self._running: Counter[str] = Counter()
        """How many calls of each caller run; nothing for one that has none."""
        self._catalog = catalog
        self._prompts = prompts_over(self.offer)
        self._clients = ClientPool(self.settings, connect)
        self._probe = KeyProbe(self.settings, connect)
        self.verifier = KeyVerifier(self._probe)
        """Which callers' own keys are let in."""
        self._consents = ConsentStore()

    def handlers(self) -> Handlers:
        """Return what handles each method."""
        templates = [resources.TEMPLATE] if resources.READER in self.offer else []
        lists: dict[str, dict[str, Any]] = {
            "tools/list": {"tools": mcp(list(self.offer.values()))},
            "resources/list": {"resources": []},  # sessions are many, and devin_list_sessions finds them
            "resources/templates/list": {"resourceTemplates": templates},
            "prompts/list": {"prompts": [prompt.as_wire() for prompt in self._prompts.values()]},
        }
        handlers: dict[str, Handler] = {
            "tools/call": self.call_tool,
            "resources/read": self.read_resource,
            "prompts/get": self.get_prompt,
        }
        handlers |= {method: partial(_listed, result) for method, result in lists.items()}
        return {method: partial(self._counted, handler) for method, handler in handlers.items()}

    async def _counted(self, handler: Handler, exchange: Exchange) -> dict[str, Any]:
        self.under_way += 1
        try:
            return await handler(exchange)
        finally:
            self.under_way -= 1

    @contextmanager
    def _turn(self, exchange: Exchange) -> Iterator[None]:
        """Count a call of a caller as long as it runs; raise `RateLimited` when it is one too many."""
        caller = name_of(exchange.key)
        if self._running[caller] >= self._calls_at_once:
            busy = RateLimited(
                f"This caller has {self._calls_at_once} calls running.",
                status=429,
                hint="Wait until one of them has ended.",
            )
            busy.retry_after = 1.0
            raise busy
        self._running[caller] += 1
        try:
            yield
        finally:
            self._running -= Counter({caller: 1})  # which leaves no entry of 0 behind

    async def call_tool(self, exchange: Exchange) -> dict[str, Any]:
        """Run a tool; an error becomes a result that a model can read."""
        name = exchange.params.name
        try:
            with self._turn(exchange):
                return success(await self._called(exchange, name, exchange.params.arguments))
        except InputRequired:
            raise
        except Exception as error:
            return failure(safe_error(error, name))

    async def _called(self, exchange: Exchange, name: str, arguments: Mapping[str, Any] | None) -> Output:
        call = cut(call_from_model(self._catalog, name, arguments, self.settings), self.slice_seconds)
        is_confirmed = await self._is_confirmed(exchange, call, arguments or {})
        try:
            output = await self._run(exchange, call, confirm=is_confirmed)
        finally:
            if isinstance(call, ReplaceSessionTags):
                self._consents.forget()
        if is_confirmed:
            self._consents.remember(name_of(exchange.key), output)
        return output

    async def _is_confirmed(self, exchange: Exchange, call: Tool[Any], arguments: Mapping[str, Any]) -> bool:
        """Ask the person at the client, where the settings want that; without an answer the guard refuses."""
        spec = describe(type(call))
        if not (self.settings.confirm and spec.effect.needs_consent and spec.name in self.offer):
            return False
        caller = name_of(exchange.key)
        if self._consents.cover(caller, spec, call):
            return True
        cost = recurring_cost(call, self.settings)
        answer = await exchange.ask(self._consents.question(caller, spec, arguments, cost))
        if answer is False:
            raise declined(spec)
        return bool(answer)

    async def _run(self, exchange: Exchange, call: Tool[Any], *, confirm: bool = False) -> Output:
        async with self._clients.client(exchange.key) as client:
            events = cast("AsyncGenerator[Progress, None]", client.events(call, confirm=confirm))
            async with aclosing(events):
                async for step in events:
                    if not isinstance(step, Done):
                        await exchange.tell(step.message)
        return cast(Output, step.value)

    async def read_resource(self, exchange: Exchange) -> dict[str, Any]:
        """Read a session."""
        uri = str(exchange.params.uri)
        call = self._catalog.call(resources.READER, {"session_id": resources.session_in(uri)})
        with self._turn(exchange):
            return resources.contents(uri, await self._run(exchange, call))

    async def get_prompt(self, exchange: Exchange) -> dict[str, Any]:
        """Fill in a prompt."""
        return filled(self._prompts, exchange.params.name, exchange.params.arguments)

    def instructions(self) -> str:
        """Return the instructions of this server."""
        waits = any("max_seconds" in spec.input_schema["properties"] for spec in self.offer.values())
        seconds = self.slice_seconds if waits else None
        return instructions(wait_seconds=seconds, is_read_only=self.settings.read_only)

    async def aclose(self) -> None:
        """Close the connections to the API."""
        await self._clients.aclose()
        await self._probe.aclose()


async def _listed(result: dict[str, Any], exchange: Exchange) -> dict[str, Any]:
    return result


def build(service: Service) -> Any:
    """Make a server of the installed `mcp` package that answers with this service."""
    return server_over(
        service.handlers(), name="devin-tools", version=__version__, instructions=service.instructions()
    )
