"""A tool as a function of what a model sent: what every adapter is made of."""

from __future__ import annotations

import asyncio
import json
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..catalog import Catalog
from ..dispatch import require_async_client, require_client
from ..errors import DevinToolsError, InvalidArguments, UnknownTool, UsageError
from ..export.providers import variants
from ..export.providers.payloads import MAX_DESCRIPTION, mcp_annotations
from ..model_input import call_from_model
from ..permissions import is_permitted
from ..presets import ToolChoice, chosen_for_models
from ..search.offer import CALLERS, FIND, Offer
from ..spec import Spec
from ..tool import Output, Tool

if TYPE_CHECKING:
    from ..client import AsyncClient, Client

Arguments = Mapping[str, Any] | str | None


@dataclass(frozen=True)
class Function:
    """A tool bound to the clients that run it: a model sees nothing of these."""

    spec: Spec
    client: Client | None
    async_client: AsyncClient | None
    offer: Offer | None = None
    """What a meta tool finds and calls, where others are called through these."""

    is_deferred: bool = False
    """Whether the framework shows it to a model only once it was found."""

    @property
    def name(self) -> str:
        """Return the name to offer."""
        return self.spec.name

    @property
    def description(self) -> str:
        """Return the description, no longer than every framework takes."""
        return textwrap.shorten(self.spec.description, MAX_DESCRIPTION, placeholder=" ...")

    @property
    def schema(self) -> dict[str, Any]:
        """Return the input schema without references, as a copy that the framework may change."""
        return variants.inline(self.spec)

    @property
    def needs_approval(self) -> bool:
        """Whether calls spend, destroy, administer or show a secret: a person should see them first.

        Of a tool that calls others, whether some of these do; `is_due` says it of one call.
        """
        return any(spec.effect.needs_consent for spec in self._callable)

    @property
    def metadata(self) -> dict[str, Any]:
        """Return what a model need not see and a program may want, where a framework has a place for it.

        It goes into the traces of every call, so it is short: no schema is in it.
        """
        return {
            "title": self.spec.title,
            "annotations": mcp_annotations(self.spec),
            "needs_approval": self.needs_approval,
        }

    def run(self, arguments: Arguments, *, confirm: bool = False) -> dict[str, Any]:
        """Run a call and return its output as plain data; raise `DevinToolsError` for a model to read."""
        if self._finds:
            return self._found(arguments)
        if self.client is None:
            raise UsageError(f"{self.name} has no client for synchronous calls.")
        return self._shown(self.client.run(self._call(arguments), confirm=confirm))

    async def arun(self, arguments: Arguments, *, confirm: bool = False) -> dict[str, Any]:
        """Run a call on the event loop; without an async client, on a thread of its own."""
        if self._finds:
            return self._found(arguments)
        if self.async_client is None:
            return await asyncio.to_thread(self.run, arguments, confirm=confirm)
        return self._shown(await self.async_client.run(self._call(arguments), confirm=confirm))

    def fault(self, arguments: Arguments) -> DevinToolsError | None:
        """Return what is wrong with arguments, so that nobody is asked to approve a call that cannot run."""
        try:
            self._found(arguments) if self._finds else self._call(arguments)
        except (InvalidArguments, UnknownTool) as error:
            return error
        return None

    def is_due(self, arguments: Arguments) -> bool:
        """Whether a person should see this call first: it can run, and what it calls needs consent."""
        return self.fault(arguments) is None and self._inner(arguments)[0].effect.needs_consent

    def _call(self, arguments: Arguments) -> Tool[Any]:
        spec, given = self._inner(arguments)
        return call_from_model(self._catalog, spec.name, given)

    def _inner(self, arguments: Arguments) -> tuple[Spec, Arguments]:
        """Return the tool that a call is of, and its arguments: of a meta tool, those that it names."""
        if self.offer is None or not self.calls_others:
            return self.spec, arguments
        name, given = self.offer.inner(self.name, arguments)
        return self.offer.specs[name], given

    @property
    def _finds(self) -> bool:
        return self.offer is not None and self.name == FIND.name

    @property
    def calls_others(self) -> bool:
        """Whether it is a meta tool that calls the tool that its arguments name."""
        return self.offer is not None and self.name in CALLERS

    def _found(self, arguments: Arguments) -> dict[str, Any]:
        assert self.offer is not None
        return self.offer.search(arguments).model_dump(mode="json")

    def _shown(self, output: Output) -> dict[str, Any]:
        content = output.model_dump(mode="json")
        return self.offer.readable(content) if self.offer else content

    @property
    def _callable(self) -> list[Spec]:
        """The tools that calls of this one are of."""
        if self.offer is None or not self.calls_others:
            return [self.spec]
        reads = self.spec.effect.only_reads
        return [spec for spec in self.offer if not reads or spec.effect.only_reads]

    @cached_property
    def _catalog(self) -> Catalog:
        return Catalog({spec.name: spec for spec in self._callable})


def functions(
    client: Client | None,
    async_client: AsyncClient | None,
    tools: ToolChoice | None,
    preset: str | None = None,
    *,
    loaded: ToolChoice | None = None,
    is_own: bool = True,
) -> list[Function]:
    """Bind tools to clients: those of a choice, or all that are installed.

    A tool that needs what only a person may fill is left out, what makes sessions start by themselves where
    neither a preset, its name nor the client's settings chose it, and what these settings refuse in any case.

    `loaded` says which of them a model is shown at once. The others it finds and calls by the meta tools,
    which come last, or else, where not `is_own`, in the framework's own way: then they are marked. Where
    all are loaded, there is nothing to find.

    Raises `UsageError` without a client, or with one of the other kind (sync, async), and what
    `presets.chosen_for_models` and `Offer` raise.
    """
    some = client or async_client
    if some is None:
        raise UsageError("Tools need a client to run them.", hint="Give client, async_client, or both.")
    if client is not None:
        require_client(client)
    if async_client is not None:
        require_async_client(async_client)
    found = chosen_for_models(tools, preset=preset, settings=some.settings)
    specs = [spec.chosen() for spec in found if is_permitted(spec, some.settings)]
    offer = None if loaded is None else Offer(specs, loaded)
    if offer is None or not offer.deferred:
        return [Function(spec, client, async_client) for spec in specs]
    if is_own:
        return [Function(spec, client, async_client, offer) for spec in offer.listed]
    return [Function(spec, client, async_client, is_deferred=spec.name in offer.deferred) for spec in specs]


def as_text(output: Mapping[str, Any]) -> str:
    """Write an output for a model."""
    return json.dumps(output, ensure_ascii=False)


def error_text(error: DevinToolsError) -> str:
    """Write an error for a model: the JSON that every interface shows, in its words."""
    return as_text({"error": error.as_dict("model")})
