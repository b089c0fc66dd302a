"""Tool calls as each provider sends them, told apart by their shapes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ..errors import UsageError

__all__ = ["Provider", "ToolCallRequest", "read"]

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


def read(tool_call: Any) -> ToolCallRequest:
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
