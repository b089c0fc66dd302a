"""A choice of tools with both of its sides: the payload that offers them, and the answers to their calls.

from devin_tools import Client, Toolbox

box = Toolbox(preset="core")
request = {"model": "...", "tools": box.openai_chat()}
with Client() as client:
    message = box.dispatch(client, tool_call)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...catalog import Catalog
from ...dispatch import adispatch, dispatch
from ...errors import UsageError
from ...presets import ToolChoice, chosen_for_models
from ...search.offer import Offer
from ...spec import Spec
from . import payloads
from .names import aliases

if TYPE_CHECKING:
    from ...client import AsyncClient, Client

__all__ = ["Toolbox"]

Payload = payloads.Payload


class Toolbox:
    """The tools that a model is offered, for payloads and for `dispatch`: what it holds may be called.

    It holds the tools of a preset and those of `tools` (`presets.ToolChoice`) without those of `exclude`: of
    a catalog, or of all that are installed. Whoever means all says `tools="*"`, which leaves out what
    administers accounts. `prefix` is what a client puts before names: those that it leaves no room for are
    shortened, in payloads and calls alike. `loaded` chooses among its tools those that a model is shown at
    once: it finds the others, and `dispatch` answers its searches. What an MCP server lists does not depend
    on it. Being made of specs, it is a choice of tools itself: `langchain_tools(client, tools=box)`.

    Raises `UsageError` without any choice, and what `presets.chosen_for_models` raises.
    """

    def __init__(
        self,
        tools: ToolChoice | None = None,
        *,
        preset: str | None = None,
        exclude: ToolChoice = (),
        catalog: Catalog | None = None,
        prefix: str = "",
        loaded: ToolChoice | None = None,
    ):
        if tools is None and preset is None:
            raise UsageError(
                "Nothing says which tools a model is offered.",
                hint='Give tools or a preset: "core" is small, "*" is all but what administers accounts.',
            )
        found = chosen_for_models(tools, preset=preset, exclude=exclude, catalog=catalog)
        self._offer = Catalog({spec.name: spec for spec in found})
        offer = None if loaded is None else Offer(found, loaded)
        self._loaded = None if offer is None else list(offer.loaded.values())
        self._aliases = aliases([*found, *(offer.meta if offer else ())], prefix)

    def __iter__(self) -> Iterator[Spec]:
        return iter(self._offer)

    def __len__(self) -> int:
        return len(self._offer)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __repr__(self) -> str:
        return f"Toolbox({', '.join(self.names)})"

    @property
    def names(self) -> list[str]:
        """Return the names of its tools as a model calls them, those too that it has to find."""
        return [self._aliases.names[spec.name] for spec in self]

    def openai_chat(self, *, strict: bool = False, search: str = "own") -> Payload:
        """Return `tools` for OpenAI's Chat Completions, and for the many servers that speak it."""
        return payloads.openai_chat(self, strict=strict, search=search, **self._shown)

    def openai_responses(self, *, strict: bool = False, search: str = "hosted") -> Payload:
        """Return `tools` for OpenAI's Responses."""
        return payloads.openai_responses(self, strict=strict, search=search, **self._shown)

    def anthropic(self, *, strict: bool = False, search: str = "bm25") -> Payload:
        """Return `tools` for Anthropic's Messages."""
        return payloads.anthropic(self, strict=strict, search=search, **self._shown)

    def gemini(self, *, json_schema: bool = False) -> Payload:
        """Return `tools` for Gemini."""
        return payloads.gemini(self, json_schema=json_schema, **self._shown)

    def gemini_interactions(self, *, search: str = "own") -> Payload:
        """Return `tools` for Gemini's Interactions."""
        return payloads.gemini_interactions(self, search=search, **self._shown)

    def bedrock(self) -> dict[str, Any]:
        """Return the `toolConfig` for Amazon Bedrock's Converse."""
        return payloads.bedrock(self, **self._shown)

    def mcp(self, *, output_schemas: bool = False) -> Payload:
        """Return the tools as an MCP server lists them."""
        return payloads.mcp(self, output_schemas=output_schemas, names=self._aliases.names)

    def dispatch(self, client: Client, tool_call: Any, *, confirm: bool = False) -> dict[str, Any]:
        """Run a tool call of what is offered and return the message to append, as `dispatch` does."""
        return dispatch(client, tool_call, confirm=confirm, **self._called)

    async def adispatch(
        self, client: AsyncClient, tool_call: Any, *, confirm: bool = False
    ) -> dict[str, Any]:
        """Run a tool call on an event loop; otherwise as `dispatch`."""
        return await adispatch(client, tool_call, confirm=confirm, **self._called)

    @property
    def _shown(self) -> dict[str, Any]:
        return {"names": self._aliases.names, "loaded": self._loaded}

    @property
    def _called(self) -> dict[str, Any]:
        return {"catalog": self._offer, "ids": self._aliases.ids, "loaded": self._loaded}
