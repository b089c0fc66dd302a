"""Payloads with deferred tools as each provider takes them, and the parts of them that a model is shown."""

from __future__ import annotations

from typing import Any

from support.tools import built_in

from devin_tools.export.providers import payloads
from devin_tools.model_input import for_models
from devin_tools.search.namespaces import namespaces
from devin_tools.search.offer import FIND, Offer

__all__ = ["OFFER", "anthropic", "converse", "gemini", "interactions", "openai_chat", "responses"]

OFFER = Offer(for_models(built_in()))
Payload = list[dict[str, Any]]

HIDDEN = {"defer_loading": True}


def anthropic(search: str) -> Payload:
    """Return a payload for Anthropic's Messages, searched by `bm25` or `regex` of theirs, or by our own."""
    searches = {
        kind: [{"type": f"tool_search_tool_{kind}_20251119", "name": f"tool_search_tool_{kind}"}]
        for kind in ("bm25", "regex")
    } | {"own": payloads.anthropic([OFFER.find_tool])}
    deferred = [tool | HIDDEN for tool in payloads.anthropic(OFFER.deferred.values())]
    return [*searches[search], *payloads.anthropic(OFFER.loaded.values()), *deferred]


def responses(search: str) -> Payload:
    """Return a payload for OpenAI's Responses, searched by OpenAI (`hosted`) or by our own."""
    loaded = payloads.openai_responses(OFFER.loaded.values())
    if search == "own":
        (find,) = payloads.openai_responses([OFFER.find_tool])
        asked = {key: find[key] for key in ("description", "parameters")}
        return [{"type": "tool_search", "execution": "client"} | asked, *loaded]
    groups = [
        {
            "type": "namespace",
            "name": name,
            "description": f"Tools of Devin: {', '.join(spec.name for spec in specs)}.",
            "tools": [tool | HIDDEN for tool in payloads.openai_responses(specs)],
        }
        for name, specs in namespaces(OFFER.deferred.values()).items()
    ]
    return [*loaded, *groups, {"type": "tool_search"}]


def interactions(search: str) -> Payload:
    """Return a payload for Gemini's Interactions, searched by Gemini (`hosted`) or by our own."""

    def functions(specs: Any) -> Payload:
        found = payloads.openai_responses(specs)
        return [{key: tool[key] for key in ("type", "name", "description", "parameters")} for tool in found]

    loaded = functions(OFFER.loaded.values())
    if search == "own":
        (find,) = functions([OFFER.find_tool])
        return [find | {"type": "tool_search", "execution": "client"}, *loaded]
    short = {spec.name: {"short_description": spec.summary} for spec in OFFER.deferred.values()}
    deferred = [tool | HIDDEN | short[tool["name"]] for tool in functions(OFFER.deferred.values())]
    return [{"type": "tool_search"}, *loaded, *deferred]


def openai_chat() -> Payload:
    """Return a payload for Chat Completions: what is shown, and the meta tools."""
    return payloads.openai_chat(OFFER.listed)


def gemini() -> Payload:
    """Return a payload for generateContent: what is shown, and the meta tools."""
    return payloads.gemini(OFFER.listed)


def converse() -> dict[str, Any]:
    """Return a payload for Bedrock's Converse: what is shown, and the meta tools."""
    return payloads.bedrock(OFFER.listed)


assert FIND.name == OFFER.find_tool.name
