"""The messages by which each provider is answered. Pure."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import DevinToolsError
from ..schemas.traversal import without_properties
from ..search.offer import Offer
from ..spec import MAX_DESCRIPTION, Spec
from .requests import ToolCallRequest

if TYPE_CHECKING:
    from ..search.meta_tools import FoundTools

__all__ = ["Message", "found_message", "message"]

Message = dict[str, Any]

SHOWN = "You were shown these already: call them by their names."
BY_NAME = "To use one of these, ask for it by its name, in `names`."


def message(request: ToolCallRequest, outcome: Mapping[str, Any] | DevinToolsError) -> Message:
    """Return an output or an error as the message that the provider of a call reads."""
    is_error = isinstance(outcome, DevinToolsError)
    content = {"error": outcome.as_dict("model")} if isinstance(outcome, DevinToolsError) else outcome
    text = json.dumps(content, ensure_ascii=False)
    match request.provider:
        case "openai-chat":
            return {"role": "tool", "tool_call_id": request.id, "content": text}
        case "openai-responses" if request.is_search:  # this item has no place for a text
            return _search_output(request, [])
        case "openai-responses":
            output = {"type": "function_call_output", "call_id": request.id, "output": text}
            return output | ({"caller": request.caller} if request.caller else {})
        case "anthropic":
            return {"type": "tool_result", "tool_use_id": request.id, "content": text, "is_error": is_error}
        case "gemini-interactions":
            return _function_result(request, text, is_error)
        case "gemini":
            response = {"name": request.name, "response": content if is_error else {"output": content}}
            return {"functionResponse": response if request.id is None else {"id": request.id} | response}
        case "bedrock":
            status = "error" if is_error else "success"
            result = {"toolUseId": request.id, "content": [{"json": content}], "status": status}
            return {"toolResult": result}
        case "langchain":
            return {
                "role": "tool",
                "tool_call_id": request.id or "",
                "name": request.name,
                "content": text,
                "artifact": None if is_error else content,
                "status": "error" if is_error else "success",
            }


def found_message(request: ToolCallRequest, found: FoundTools, offer: Offer) -> Message:
    """Return what was found as the message by which the provider of a search makes it callable.

    Anthropic is referred to tools of the payload, and takes nothing else beside references; OpenAI's
    Responses and Gemini's Interactions get the functions themselves. What a model was shown already is not
    among these. Where none is left, or none surely fits, a text says so; all others get a text in any case.
    """
    ids = [offer.id_of(row.name) or "" for row in found.tools]
    deferred = [offer.deferred[tool] for tool in ids if tool in offer.deferred]
    match request.provider:
        case "openai-responses" if request.is_search:
            marks = {"strict": False, "defer_loading": True}
            return _search_output(request, [one | marks for one in _functions(deferred, offer)])
        case "anthropic" if deferred and found.fits and not request.by_code:
            content = [{"type": "tool_reference", "tool_name": offer.name_of(spec.name)} for spec in deferred]
            return {"type": "tool_result", "tool_use_id": request.id, "content": content, "is_error": False}
        case "gemini-interactions" if deferred and found.fits:
            return _function_result(request, list(_functions(deferred, offer)), is_error=False)
        case "anthropic" | "gemini-interactions" if not request.by_code:
            return message(request, _summaries(found))
    said = found.model_dump(mode="json", exclude_none=True)
    if request.by_code:  # of what Anthropic's models find, each is called by its own name
        said["tools"] = [row | {"call_with": row["name"]} for row in said["tools"]]
    return message(request, said)


def _search_output(request: ToolCallRequest, tools: list[dict[str, Any]]) -> Message:
    done = {"execution": "client", "call_id": request.id, "status": "completed"}
    return {"type": "tool_search_output", **done, "tools": tools}


def _function_result(request: ToolCallRequest, result: Any, is_error: bool) -> Message:
    answer = {"name": request.name, "call_id": request.id, "result": result, "is_error": is_error}
    return {"type": "function_result", **answer}


def _functions(specs: Iterable[Spec], offer: Offer) -> Iterable[dict[str, Any]]:
    """Yield tools as functions whose parameters are plain JSON Schema, which both providers take."""
    for spec in specs:
        text = offer.renamed(spec.description)
        if len(text) > MAX_DESCRIPTION:
            text = textwrap.shorten(text, MAX_DESCRIPTION, placeholder=" ...")
        yield {
            "type": "function",
            "name": offer.name_of(spec.name),
            "description": text,
            "parameters": without_properties(spec.source.inline_input(), spec.user_only),
        }


def _summaries(found: FoundTools) -> dict[str, Any]:
    """Return what was found where it is only told of: what a model was shown, and what may not fit."""
    rows = [{"name": row.name, "summary": row.summary, "effect": row.effect} for row in found.tools]
    if not rows:
        return {"tools": [], "note": found.note}
    return {"tools": rows, "note": SHOWN if found.fits else f"{found.note} {BY_NAME}"}
