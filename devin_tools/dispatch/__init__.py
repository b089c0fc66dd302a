"""Run a tool call as a model's provider sends it, and return the message to append.

The shapes of OpenAI (Chat Completions and Responses), Anthropic, Gemini, Amazon Bedrock and LangChain
are told apart by themselves, as dictionaries or as the objects of their packages.
"""

from __future__ import annotations

from collections.abc import Mapping
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

from ..catalog import Catalog, installed_catalog
from ..errors import DevinToolsError, Hint, UsageError
from ..model_input import call_from_model, not_offered
from ..presets import ToolChoice, chosen_for_models, offered, require_catalog
from ..settings import Settings
from ..tool import Tool
from .answers import Message, message
from .requests import ToolCallRequest, read

if TYPE_CHECKING:
    from ..client import AsyncClient, Client

__all__ = ["adispatch", "dispatch", "require_async_client", "require_client"]


def dispatch(
    client: Client,
    tool_call: Any,
    *,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    catalog: Catalog | None = None,
    confirm: bool = False,
    ids: Mapping[str, str] | None = None,
) -> Message:
    """Run a tool call and return the message or block to append, in the form its provider reads.

    `tools` and `preset` say what was offered, as they do for the payload; a call of anything else is not run.
    Left out, every tool of `catalog` may be called, by default all that are installed. A failure is a
    message too, with the provider's error flag and `{"error": {...}}` as content, for the model to read.
    `confirm` is a person's consent, where the settings ask for it. `ids` maps names that were offered in
    place of tool ids back to them, as `aliases(...).ids` does: such a tool goes by no other name.

    Raises `UsageError` for what is not a tool call of a known provider and for the client of the other kind,
    and what `presets.chosen` raises.
    """
    require_client(client)
    asked, offer = read(tool_call), offer_of(tools, preset, catalog)
    try:
        return message(asked, client.run(_call(asked, offer, ids, client.settings), confirm=confirm))
    except DevinToolsError as error:
        return message(asked, error)


async def adispatch(
    client: AsyncClient,
    tool_call: Any,
    *,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    catalog: Catalog | None = None,
    confirm: bool = False,
    ids: Mapping[str, str] | None = None,
) -> Message:
    """Run a tool call on an event loop; otherwise as `dispatch`."""
    require_async_client(client)
    asked, offer = read(tool_call), offer_of(tools, preset, catalog)
    try:
        return message(asked, await client.run(_call(asked, offer, ids, client.settings), confirm=confirm))
    except DevinToolsError as error:
        return message(asked, error)


def require_client(given: Client) -> None:
    """Raise `UsageError` for what is not a client whose calls return their outputs."""
    if not callable(_run_of(given)) or iscoroutinefunction(_run_of(given)):
        raise _refusal("a Client", given)


def require_async_client(given: AsyncClient) -> None:
    """Raise `UsageError` for what is not a client whose calls are awaited.

    A Client would perform the call before anybody finds that there is nothing to await.
    """
    if not iscoroutinefunction(_run_of(given)):
        raise _refusal("an AsyncClient", given)


def _run_of(given: object) -> object:
    return getattr(given, "run", None)


def _refusal(wanted: str, given: object) -> UsageError:
    hint = "Nothing was run. dispatch and client= take a Client, adispatch and async_client= an AsyncClient."
    return UsageError(
        f"This takes {wanted}, and what is given is of type {type(given).__name__}.", hint=Hint(python=hint)
    )


def offer_of(tools: ToolChoice | None, preset: str | None, catalog: Catalog | None) -> Catalog:
    """Return a catalog of what may be called: all of the one given, or what a choice takes of it."""
    require_catalog(catalog)
    if tools is None and preset is None:
        return installed_catalog() if catalog is None else catalog
    return Catalog({spec.name: spec for spec in chosen_for_models(tools, preset=preset, catalog=catalog)})


def _call(
    asked: ToolCallRequest, offer: Catalog, ids: Mapping[str, str] | None, settings: Settings
) -> Tool[Any]:
    ids = ids or {}
    shown = {tool: name for name, tool in ids.items()}
    tool = ids.get(asked.name, asked.name)
    if tool not in offer.specs or (asked.name not in ids and tool in shown):
        raise not_offered(asked.name, [shown.get(name, name) for name in offered(offer, settings)])
    return call_from_model(offer, tool, asked.arguments, settings)
