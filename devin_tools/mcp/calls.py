"""Running calls for MCP clients: tools, the resource of a session, and prompts, within each caller's bounds.

It is imported when the first request is not only a list: what runs calls is most of what a server loads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
from typing import Any, cast

from ..api.tags import ReplaceSessionTags
from ..catalog import Catalog
from ..client.call_limits import recurring_cost, require_permitted
from ..declarations import describe
from ..errors import RateLimited
from ..flow import Done, Progress
from ..model_input import call_from_model
from ..search.offer import FIND, Offer
from ..settings import Settings
from ..tasks.wait_session import cut
from ..tool import Output, Tool
from . import resources
from .client_pool import ClientPool, Connect, name_of
from .consent import ConsentStore, declined
from .listing import Listing
from .prompts import Prompt, filled
from .results import failure, safe_error, success
from .sdk_versions import Exchange, InputRequired

Arguments = Mapping[str, Any] | None


class Calls:
    """Runs what a service offers, with a client for each caller's key."""

    def __init__(
        self,
        catalog: Catalog,
        settings: Settings,
        connect: Connect,
        *,
        prompts: Mapping[str, Prompt],
        slice_seconds: float,
        calls_at_once: int,
    ):
        self._catalog = catalog
        self._settings = settings
        self._clients = ClientPool(settings, connect)
        self._prompts = prompts
        self._slice_seconds = slice_seconds
        self._calls_at_once = calls_at_once
        self._running: Counter[str] = Counter()
        """How many calls of each caller run; nothing for one that has none."""
        self._consents = ConsentStore()

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

    async def call_tool(self, listing: Listing, exchange: Exchange) -> dict[str, Any]:
        """Run a tool; an error becomes a result that a model can read.

        What a meta tool calls is run as if it had been called itself: every rule sees that tool.
        """
        name, arguments, offer = exchange.params.name, exchange.params.arguments, listing.offer
        try:
            with self._turn(exchange):
                if name in listing.meta:
                    if name == FIND.name:
                        return success(offer.search(arguments), FIND, offer)
                    name, arguments = cast("tuple[str, Arguments]", offer.meant(name, arguments))
                elif not self._is_chosen(name):
                    raise offer.unknown(name, sorted(listing.meta))
                output = await self._called(exchange, offer, name, arguments)
                return success(output, self._catalog.spec(name), offer)
        except InputRequired:
            raise
        except Exception as error:
            return failure(safe_error(error, name))

    async def _called(self, exchange: Exchange, offer: Offer, name: str, arguments: Arguments) -> Output:
        if not self._is_chosen(name):  # what another rule refuses is refused by that rule, which is named
            raise offer.unknown(name)
        require_permitted(self._catalog.spec(name), self._settings)  # before anybody corrects its arguments
        call = cut(call_from_model(self._catalog, name, arguments, self._settings), self._slice_seconds)
        is_confirmed = name in offer.specs and await self._is_confirmed(exchange, call, arguments or {})
        try:
            output = await self._run(exchange, call, confirm=is_confirmed)
        finally:
            if isinstance(call, ReplaceSessionTags):
                self._consents.forget()
        if is_confirmed:
            self._consents.remember(name_of(exchange.key), output)
        return output

    def _is_chosen(self, name: str) -> bool:
        """Return whether there is a tool of a name that the choice of tools does not leave out."""
        allowed = self._settings.allowed_tools
        return name in self._catalog.specs and (allowed is None or name in allowed)

    async def _is_confirmed(self, exchange: Exchange, call: Tool[Any], arguments: Mapping[str, Any]) -> bool:
        """Ask the person at the client, where the settings want that; without an answer the guard refuses."""
        spec = describe(type(call))
        if not (self._settings.confirm and spec.effect.needs_consent):
            return False
        caller = name_of(exchange.key)
        if self._consents.cover(caller, spec, call):
            return True
        cost = recurring_cost(call, self._settings)
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
        """Read a session, where the choice of tools has the one that does so."""
        uri = str(exchange.params.uri)
        if not self._is_chosen(resources.READER):
            raise resources.no_such()
        call = self._catalog.call(resources.READER, {"session_id": resources.session_in(uri)})
        with self._turn(exchange):
            output = await self._run(exchange, call)
        return resources.contents(uri, output, self._catalog.spec(resources.READER))

    async def get_prompt(self, exchange: Exchange) -> dict[str, Any]:
        """Fill in a prompt."""
        return filled(self._prompts, exchange.params.name, exchange.params.arguments)

    async def aclose(self) -> None:
        """Close the connections to the API."""
        await self._clients.aclose()
