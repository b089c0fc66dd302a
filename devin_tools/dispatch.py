"""Answer a tool call as a model's provider sends it: run it, and give the message to append.

The shapes of OpenAI (Chat Completions and Responses), Anthropic, Gemini, Amazon Bedrock and LangChain
are told apart by themselves, as dictionaries or as the objects of their packages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from .catalog import Catalog, load_catalog
from .errors import DevinToolsError, UsageError
from .model_input import call_from_model
from .settings import Settings
from .tool import Output, Tool

if TYPE_CHECKING:
    from .client.clients import AsyncClient, Client

__all__ = ["adispatch", "dispatch"]

Message = dict[str, Any]

GEMINI_KEYS = frozenset(
    {"id", "name", "args", "partialArgs", "partial_args", "willContinue", "will_continue"}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model asked for, whoever its provider is."""

    provider: Literal["openai-chat", "openai-responses", "anthropic", "gemini", "bedrock", "langchain"]
    id: str | None
    name: str
    arguments: Any


def dispatch(
    client: Client,
    tool_call: Any,
    *,
    catalog: Catalog | None = None,
    confirm: bool = False,
    ids: Mapping[str, str] | None = None,
) -> Message:
    """Run a tool call and give the message or block to append, in the form its provider reads.

    A failure is a message too, with the provider's error flag and `{"error": {...}}` as content, for
    the model to read. `catalog` holds the tools that may be called, by default all that are
    installed. `confirm` is a person's consent, where the settings ask for it. `ids` maps names that
    were offered in place of tool ids back to them, as `aliases(...).ids` does.

    Raises `UsageError` for what is not a tool call of a known provider.
    """
    asked = _asked(tool_call)
    try:
        return _message(asked, client.run(_call(asked, catalog, ids, client.settings), confirm=confirm))
    except DevinToolsError as error:
        return _message(asked, error)


async def adispatch(
    client: AsyncClient,
    tool_call: Any,
    *,
    catalog: Catalog | None = None,
    confirm: bool = False,
    ids: Mapping[str, str] | None = None,
) -> Message:
    """Run a tool call on an event loop; otherwise as `dispatch`."""
    asked = _asked(tool_call)
    try:
        return _message(asked, await client.run(_call(asked, catalog, ids, client.settings), confirm=confirm))
    except DevinToolsError as error:
        return _message(asked, error)


def _call(
    asked: Asked, catalog: Catalog | None, ids: Mapping[str, str] | None, settings: Settings
) -> Tool[Any]:
    tool = (ids or {}).get(asked.name, asked.name)
    return call_from_model(_installed() if catalog is None else catalog, tool, asked.arguments, settings)


@lru_cache(maxsize=1)
def _installed() -> Catalog:
    return load_catalog()


def _asked(tool_call: Any) -> Asked:
    """Read a tool call; raise `UsageError` when nobody is known to send such."""
    asked = _by_type(tool_call) or _by_part(tool_call)
    if asked is None:
        raise UsageError(
            "This is not a tool call of a known provider.",
            hint="Give one call, not the message around it: a tool_calls[i] or function_call item of OpenAI, "
            "tool_use of Anthropic, functionCall of Gemini, toolUse of Bedrock, tool_calls[i] of LangChain.",
        )
    if not isinstance(asked.name, str) or not isinstance(asked.id, str | None):
        raise UsageError("The tool call has no name, or an id that is not text.")
    if asked.id is None and asked.provider not in ("gemini", "langchain"):
        raise UsageError("The tool call has no id, by which its answer could be matched to it.")
    return asked


def _by_type(call: Any) -> Asked | None:
    """Read the shapes that name their type."""
    kind, function = _get(call, "type"), _get(call, "function")
    if function is not None and kind in ("function", None):
        return Asked("openai-chat", _get(call, "id"), _get(function, "name"), _get(function, "arguments"))
    if kind == "function_call":
        return Asked("openai-responses", _get(call, "call_id"), _get(call, "name"), _get(call, "arguments"))
    if kind == "tool_use":
        return Asked("anthropic", _get(call, "id"), _get(call, "name"), _get(call, "input"))
    if kind in ("tool_call", "invalid_tool_call"):  # the second holds what LangChain could not parse
        return Asked("langchain", _get(call, "id"), _get(call, "name"), _get(call, "args"))
    return None


def _by_part(call: Any) -> Asked | None:
    """Read the shapes that are known by their names: a part that holds the call, or the call itself."""
    use = _get(call, "toolUse") or call
    if _get(use, "toolUseId") is not None:
        return Asked("bedrock", _get(use, "toolUseId"), _get(use, "name"), _get(use, "input"))
    part = _get(call, "functionCall") or _get(call, "function_call") or call
    is_plain = isinstance(part, Mapping) and "name" in part and part.keys() <= GEMINI_KEYS
    if is_plain or (not isinstance(part, Mapping) and hasattr(part, "args") and hasattr(part, "name")):
        return Asked("gemini", _get(part, "id"), _get(part, "name"), _get(part, "args"))
    return None


def _get(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)


def _message(asked: Asked, outcome: Output | DevinToolsError) -> Message:
    reply = REPLIES[asked.provider]
    if isinstance(outcome, DevinToolsError):
        return reply(asked, {"error": outcome.as_dict()}, True)
    return reply(asked, outcome.model_dump(mode="json"), False)


def _openai_chat(asked: Asked, content: Message, is_error: bool) -> Message:
    return {"role": "tool", "tool_call_id": asked.id, "content": _text(content)}


def _openai_responses(asked: Asked, content: Message, is_error: bool) -> Message:
    return {"type": "function_call_output", "call_id": asked.id, "output": _text(content)}


def _anthropic(asked: Asked, content: Message, is_error: bool) -> Message:
    return {"type": "tool_result", "tool_use_id": asked.id, "content": _text(content), "is_error": is_error}


def _gemini(asked: Asked, content: Message, is_error: bool) -> Message:
    response = {"name": asked.name, "response": content if is_error else {"output": content}}
    return {"functionResponse": response if asked.id is None else {"id": asked.id} | response}


def _bedrock(asked: Asked, content: Message, is_error: bool) -> Message:
    status = "error" if is_error else "success"
    return {"toolResult": {"toolUseId": asked.id, "content": [{"json": content}], "status": status}}


def _langchain(asked: Asked, content: Message, is_error: bool) -> Message:
    return {
        "role": "tool",
        "tool_call_id": asked.id or "",
        "name": asked.name,
        "content": _text(content),
        "artifact": None if is_error else content,
        "status": "error" if is_error else "success",
    }


def _text(content: Message) -> str:
    return json.dumps(content, ensure_ascii=False)


REPLIES: dict[str, Callable[[Asked, Message, bool], Message]] = {
    "openai-chat": _openai_chat,
    "openai-responses": _openai_responses,
    "anthropic": _anthropic,
    "gemini": _gemini,
    "bedrock": _bedrock,
    "langchain": _langchain,
}
