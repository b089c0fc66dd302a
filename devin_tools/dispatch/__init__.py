"""Run a tool call as a model's provider sends it, and return the message to append.

The shapes of OpenAI (Chat Completions and Responses), Anthropic, Gemini (generateContent and
Interactions), Amazon Bedrock and LangChain are told apart by themselves, as dictionaries or as the objects of
their packages.

    for item in response.output:
        if needs_answer(item):
            messages.append(dispatch(client, item, loaded="core"))
"""

from __future__ import annotations

from collections.abc import Mapping
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any

from ..catalog import Catalog
from ..errors import DevinToolsError, Hint, UsageError
from ..presets import ToolChoice
from .answers import Message, found_message, message
from .choice import Choice
from .requests import needs_answer, read

if TYPE_CHECKING:
    from ..client import AsyncClient, Client

__all__ = ["adispatch", "dispatch", "needs_answer", "require_async_client", "require_client"]


def dispatch(
    client: Client,
    tool_call: Any,
    *,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    catalog: Catalog | None = None,
    confirm: bool = False,
    ids: Mapping[str, str] | None = None,
    loaded: ToolChoice | None = None,
) -> Message:
    """Run a tool call and return the message or block to append, in the form its provider reads.

    `tools` and `preset` say what was offered, as they do for the payload; a call of anything else is not run.
    Left out, every tool of `catalog` may be called, by default all that are installed. A failure is a
    message too, with the provider's error flag and `{"error": {...}}` as content, for the model to read.
    `confirm` is a person's consent, where the settings ask for it. `ids` maps names that were offered in
    place of tool ids back to them, as `aliases(...).ids` does: such a tool goes by no other name.

    `loaded` says which of the tools the payload showed at once, where it showed only these: searches for the
    others are answered then, in the form that lets the model of that provider call them, and calls of meta
    tools are those of the tools that they name. A `resume_with` in an answer is a call that the model can
    make. A call of code that Anthropic runs ends its waits after 45 seconds, as that code may wait no longer
    than some 4 minutes.

    Raises `UsageError` for what is not a tool call of a known provider, for what the provider answered itself
    (`needs_answer` tells), for a search without `loaded`, and for the client of the other kind, and what
    `presets.chosen` raises.
    """
    require_client(client)
    request = read(tool_call)
    choice = Choice(tools, preset, catalog, loaded=loaded, ids=ids, settings=client.settings)
    request = choice.answerable(request)
    try:
        if found := choice.search(request):
            return found_message(request, *found)
        output = client.run(choice.call(request), confirm=confirm)
    except DevinToolsError as error:
        return message(request, error)
    return message(request, choice.readable(request, output.model_dump(mode="json")))


async def adispatch(
    client: AsyncClient,
    tool_call: Any,
    *,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    catalog: Catalog | None = None,
    confirm: bool = False,
    ids: Mapping[str, str] | None = None,
    loaded: ToolChoice | None = None,
) -> Message:
    """Run a tool call on an event loop; otherwise as `dispatch`."""
    require_async_client(client)
    request = read(tool_call)
    choice = Choice(tools, preset, catalog, loaded=loaded, ids=ids, settings=client.settings)
    request = choice.answerable(request)
    try:
        if found := choice.search(request):
            return found_message(request, *found)
        output = await client.run(choice.call(request), confirm=confirm)
    except DevinToolsError as error:
        return message(request, error)
    return message(request, choice.readable(request, output.model_dump(mode="json")))


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
