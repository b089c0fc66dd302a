"""Tool calls as each provider sends them, told apart by their shapes. Pure.

The shapes are those of the providers' packages in November 2026: anthropic 2.14, openai 3.57, google-genai
3.6 (generateContent and Interactions), botocore 1.44, langchain-core 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from ..errors import Hint, UsageError

__all__ = ["Provider", "ToolCallRequest", "needs_answer", "read"]

Provider: TypeAlias = Literal[
    "openai-chat", "openai-responses", "anthropic", "gemini", "gemini-interactions", "bedrock", "langchain"
]

GEMINI_KEYS = frozenset(
    {"id", "name", "args", "partialArgs", "partial_args", "willContinue", "will_continue"}
)
ANSWERED_BY_PROVIDERS = frozenset(
    {
        *("server_tool_use", "mcp_tool_use"),  # Anthropic
        *("web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call"),  # OpenAI
        *("mcp_call", "mcp_list_tools", "program"),
        *("code_execution_call", "google_search_call", "google_maps_call", "url_context_call"),  # Gemini
        *("mcp_server_tool_call", "retrieval_call", "processing_call"),
    }
)
"""Types of items that call a tool of the provider's own, which it has run by itself."""


@dataclass(frozen=True, slots=True)
class ToolCallRequest:
    """A tool call of a model, whoever its provider is."""

    provider: Provider
    id: str | None
    name: str
    arguments: Any
    namespace: str | None = None
    """The namespace that the model found the tool in, where its provider has such."""
    caller: Mapping[str, Any] | None = None
    """The program of the model that made the call; `None` where the model itself did."""
    is_search: bool = False
    """Whether it is a search for tools that the provider leaves to its client, and calls none of them."""
    is_answered: bool = False
    """Whether the provider has answered it by itself."""

    @property
    def by_code(self) -> bool:
        """Whether code that Anthropic runs made the call: it takes text alone, and waits some 4 minutes."""
        return self.caller is not None and self.provider == "anthropic"


def needs_answer(item: Any) -> bool:
    """Return whether a part of a model's turn is a call that the program has to answer, as `dispatch` does.

    False for what the provider answered itself, such as a search among deferred tools that ran at its side
    (send these back as they are), for text, reasoning and whatever else asks for nothing, and for calls that
    `dispatch` has no answer to, such as those of a shell or a computer.
    """
    request = _request_in(item)
    return request is not None and not request.is_answered


def read(tool_call: Any) -> ToolCallRequest:
    """Read a tool call; raise `UsageError` when nobody is known to send such, or no answer is due."""
    request = _request_in(tool_call)
    if request is None:
        raise UsageError(
            "This is not a tool call of a known provider.",
            hint="Pass one call, not the message around it: tool_calls[i], a function_call or "
            "tool_search_call item of OpenAI, tool_use of Anthropic, functionCall or a function_call step of "
            "Gemini, toolUse of Bedrock, tool_calls[i] of LangChain.",
        )
    if request.is_answered:
        raise UsageError(
            f"No answer is due: the provider ran this {_get(tool_call, 'type') or 'tool'} itself.",
            hint=Hint(
                "Send it back unchanged, with the rest of the turn.",
                python="Send it back unchanged, with the rest of the turn: `needs_answer` is false for it.",
            ),
        )
    if not isinstance(request.name, str) or not isinstance(request.id, str | None):
        raise UsageError("The tool call has no name, or an id that is not text.")
    if request.id is None and request.provider not in ("gemini", "langchain"):
        raise UsageError("The tool call has no id, by which its answer could be matched to it.")
    return request


def _request_in(call: Any) -> ToolCallRequest | None:
    return _by_type(call) or _by_part(call)


def _by_type(call: Any) -> ToolCallRequest | None:
    """Read the shapes that name their type."""
    kind, function = _get(call, "type"), _get(call, "function")
    if function is not None and kind in ("function", None):
        name, arguments = _get(function, "name"), _get(function, "arguments")
        return ToolCallRequest("openai-chat", _get(call, "id"), name, arguments)
    if kind == "function_call":
        return _function_call(call)
    if kind == "tool_search_call":
        return _search_call(call)
    if kind == "tool_use":
        return _request("anthropic", call, "id", "input", caller=_caller(call, "code_execution_"))
    if kind in ("tool_call", "invalid_tool_call"):  # the second holds what LangChain could not parse
        return _request("langchain", call, "id", "args")
    if isinstance(kind, str) and kind in ANSWERED_BY_PROVIDERS:
        return ToolCallRequest("anthropic", _get(call, "id"), kind, None, is_answered=True)
    return None


def _function_call(call: Any) -> ToolCallRequest:
    """Read an item of OpenAI's Responses, or a step of Gemini's Interactions: that one has no `call_id`."""
    if _get(call, "call_id") is None and isinstance(_get(call, "arguments"), Mapping):
        return _request("gemini-interactions", call, "id", "arguments")
    return _request(
        "openai-responses",
        call,
        "call_id",
        "arguments",
        namespace=_get(call, "namespace"),
        caller=_caller(call, "program"),
    )


def _search_call(call: Any) -> ToolCallRequest:
    """Read a search for tools. OpenAI says who runs it; Gemini's own names the functions it has chosen."""
    name, arguments, execution = "tool_search_call", _plain(_get(call, "arguments")), _get(call, "execution")
    if execution is not None:
        request = ToolCallRequest("openai-responses", _get(call, "call_id"), name, arguments, is_search=True)
        return replace(request, is_answered=execution != "client")
    request = ToolCallRequest("gemini-interactions", _get(call, "id"), name, arguments, is_search=True)
    chosen = not isinstance(arguments, Mapping) or arguments.keys() <= {"function_names"}
    return replace(request, is_answered=chosen)


def _plain(arguments: Any) -> Any:
    """Return arguments as data: in the objects of google-genai those of a search are an object too."""
    dump = getattr(arguments, "model_dump", None)
    return dump(exclude_none=True) if callable(dump) else arguments


def _caller(call: Any, kinds: str) -> Mapping[str, Any] | None:
    """Return who made a call, where its type begins so: a program that the model wrote."""
    caller = _get(call, "caller")
    if caller is None or not str(_get(caller, "type")).startswith(kinds):
        return None
    ids = ("caller_id", "tool_id")
    return {"type": _get(caller, "type")} | {name: _get(caller, name) for name in ids if _get(caller, name)}


def _by_part(call: Any) -> ToolCallRequest | None:
    """Read the shapes that are known by their names: a part that holds the call, or the call itself."""
    use = _get(call, "toolUse") or call
    if _get(use, "toolUseId") is not None:
        is_answered = _get(use, "type") == "server_tool_use"
        return _request("bedrock", use, "toolUseId", "input", is_answered=is_answered)
    part = _get(call, "functionCall") or _get(call, "function_call") or call
    is_plain = isinstance(part, Mapping) and "name" in part and part.keys() <= GEMINI_KEYS
    if is_plain or (not isinstance(part, Mapping) and hasattr(part, "args") and hasattr(part, "name")):
        return _request("gemini", part, "id", "args")
    return None


def _request(
    provider: Provider, holder: Any, id_key: str, arguments_key: str, **more: Any
) -> ToolCallRequest:
    found = (_get(holder, id_key), _get(holder, "name"), _get(holder, arguments_key))
    return ToolCallRequest(provider, *found, **more)


def _get(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)
