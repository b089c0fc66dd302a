"""Run a tool call as a model's provider sends it, and return the message to append.

The shapes of OpenAI (Chat Completions and Responses), Anthropic, Gemini, Amazon Bedrock and LangChain
are told apart by themselves, as dictionaries or as the objects of their packages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .catalog import Catalog, installed_catalog
from .errors import DevinToolsError, Hint, UsageError
from .model_input import call_from_model, not_offered
from .presets import ToolChoice, chosen_for_models, offered, require_catalog
from .settings import Settings
from .tool import Output, Tool

if TYPE_CHECKING:
    from .client import AsyncClient, Client

__all__ = ["adispatch", "dispatch", "require_async_client", "require_client"]

Message = dict[str, Any]

Provider: TypeAlias = Literal[
    "openai-chat", "openai-responses", "anthropic", "gemini", "bedrock", "langchain"
]

GEMINI_KEYS = frozenset(
    {"id", "name", "args", "partialArgs", "partial_args", "willContinue", "will_continue"}
)


@dataclass(frozen=True, slots=True)
class ToolCallRequest:
    """A tool call of a model, whoever its provider is."""

    provider: Provider
    id: str | None
    name: str
    arguments: Any


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
    asked, offer = _asked(tool_call), offer_of(tools, preset, catalog)
    try:
        return _message(asked, client.run(_call(asked, offer, ids, client.settings), confirm=confirm))
    except DevinToolsError as error:
        return _message(asked, error)


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
    asked, offer = _asked(tool_call), offer_of(tools, preset, catalog)
    try:
        return _message(asked, await client.run(_call(asked, offer, ids, client.settings), confirm=confirm))
    except DevinToolsError as error:
        return _message(asked, error)


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


def _asked(tool_call: Any) -> ToolCallRequest:
    """Read a tool call; raise `UsageError` when nobody is known to send such."""
    asked = _by_type(tool_call) or _by_part(tool_call)
    if asked is None:
        raise UsageError(
            "This is not a tool call of a known provider.",
            hint="Pass one call, not the message around it: a tool_calls[i] or function_call item of OpenAI, "
            "tool_use of Anthropic, functionCall of Gemini, toolUse of Bedrock, tool_calls[i] of LangChain.",
        )
    if not isinstance(asked.name, str) or not isinstance(asked.id, str | None):
        raise UsageError("The tool call has no name, or an id that is not text.")
    if asked.id is None and asked.provider not in ("gemini", "langchain"):
        raise UsageError("The tool call has no id, by which its answer could be matched to it.")
    return asked


def _by_type(call: Any) -> ToolCallRequest | None:
    """Read the shapes that name their type."""
    kind, function = _get(call, "type"), _get(call, "function")
    if function is not None and kind in ("function", None):
        name, arguments = _get(function, "name"), _get(function, "arguments")
        return ToolCallRequest("openai-chat", _get(call, "id"), name, arguments)
    if kind == "function_call":
        return _request("openai-responses", call, "call_id", "arguments")
    if kind == "tool_use":
        return _request("anthropic", call, "id", "input")
    if kind in ("tool_call", "invalid_tool_call"):  # the second holds what LangChain could not parse
        return _request("langchain", call, "id", "args")
    return None


def _by_part(call: Any) -> ToolCallRequest | None:
    """Read the shapes that are known by their names: a part that holds the call, or the call itself."""
    use = _get(call, "toolUse") or call
    if _get(use, "toolUseId") is not None:
        return _request("bedrock", use, "toolUseId", "input")
    part = _get(call, "functionCall") or _get(call, "function_call") or call
    is_plain = isinstance(part, Mapping) and "name" in part and part.keys() <= GEMINI_KEYS
    if is_plain or (not isinstance(part, Mapping) and hasattr(part, "args") and hasattr(part, "name")):
        return _request("gemini", part, "id", "args")
    return None


def _request(provider: Provider, holder: Any, id_key: str, arguments_key: str) -> ToolCallRequest:
    return ToolCallRequest(provider, _get(holder, id_key), _get(holder, "name"), _get(holder, arguments_key))


def _get(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)


def _message(asked: ToolCallRequest, outcome: Output | DevinToolsError) -> Message:
    """Write an output or an error as the message that the provider of a call reads."""
    if is_error := isinstance(outcome, DevinToolsError):
        content = {"error": outcome.as_dict("model")}
    else:
        content = outcome.model_dump(mode="json")
    text = json.dumps(content, ensure_ascii=False)
    match asked.provider:
        case "openai-chat":
            return {"role": "tool", "tool_call_id": asked.id, "content": text}
        case "openai-responses":
            return {"type": "function_call_output", "call_id": asked.id, "output": text}
        case "anthropic":
            return {"type": "tool_result", "tool_use_id": asked.id, "content": text, "is_error": is_error}
        case "gemini":
            response = {"name": asked.name, "response": content if is_error else {"output": content}}
            return {"functionResponse": response if asked.id is None else {"id": asked.id} | response}
        case "bedrock":
            status = "error" if is_error else "success"
            result = {"toolUseId": asked.id, "content": [{"json": content}], "status": status}
            return {"toolResult": result}
        case "langchain":
            return {
                "role": "tool",
                "tool_call_id": asked.id or "",
                "name": asked.name,
                "content": text,
                "artifact": None if is_error else content,
                "status": "error" if is_error else "success",
            }
