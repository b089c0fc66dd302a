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
from ..errors import DevinToolsError, InvalidArguments, UsageError
from ..export.providers import variants
from ..export.providers.payloads import MAX_DESCRIPTION, mcp_annotations
from ..model_input import call_from_model
from ..permissions import is_permitted
from ..presets import ToolChoice, chosen_for_models
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
        """Whether a call spends, destroys, administers or shows a secret: a person should see it first."""
        return self.spec.effect.needs_consent

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
        if self.client is None:
            raise UsageError(f"{self.name} has no client for synchronous calls.")
        output: Output = self.client.run(self._call(arguments), confirm=confirm)
        return output.model_dump(mode="json")

    async def arun(self, arguments: Arguments, *, confirm: bool = False) -> dict[str, Any]:
        """Run a call on the event loop; without an async client, on a thread of its own."""
        if self.async_client is None:
            return await asyncio.to_thread(self.run, arguments, confirm=confirm)
        output: Output = await self.async_client.run(self._call(arguments), confirm=confirm)
        return output.model_dump(mode="json")

    def fault(self, arguments: Arguments) -> InvalidArguments | None:
        """Return what is wrong with arguments, so that nobody is asked to approve a call that cannot run."""
        try:
            self._call(arguments)
        except InvalidArguments as error:
            return error
        return None

    def _call(self, arguments: Arguments) -> Tool[Any]:
        return call_from_model(self._catalog, self.name, arguments)

    @cached_property
    def _catalog(self) -> Catalog:
        return Catalog({self.name: self.spec})


def functions(
    client: Client | None,
    async_client: AsyncClient | None,
    tools: ToolChoice | None,
    preset: str | None = None,
) -> list[Function]:
    """Bind tools to clients: those of a choice, or all that are installed.

    A tool that needs what only a person may fill is left out, what makes sessions start by themselves where
    neither a preset, its name nor the client's settings chose it, and what these settings refuse in any case.
    Raises `UsageError` without a client, or with one of the other kind (sync, async), and what
    `presets.chosen_for_models` raises.
    """
    some = client or async_client
    if some is None:
        raise UsageError("Tools need a client to run them.", hint="Give client, async_client, or both.")
    if client is not None:
        require_client(client)
    if async_client is not None:
        require_async_client(async_client)
    found = chosen_for_models(tools, preset=preset, settings=some.settings)
    offer = [spec for spec in found if is_permitted(spec, some.settings)]
    return [Function(spec.chosen(), client, async_client) for spec in offer]


def as_text(output: Mapping[str, Any]) -> str:
    """Write an output for a model."""
    return json.dumps(output, ensure_ascii=False)


def error_text(error: DevinToolsError) -> str:
    """Write an error for a model: the JSON that every interface shows, in its words."""
    return as_text({"error": error.as_dict("model")})
