"""What is deferred is not seen, but for what its provider shows all the same."""

from __future__ import annotations

from typing import Any

from devin_tools.export.providers import payloads
from devin_tools.export.providers.seen import always_seen

LATE = {"defer_loading": True}
RESPONSES: dict[str, Any] = {"type": "function", "name": "a", "description": "A.", "parameters": {}}
NAMED = {"name": "a", "description": "A."}


def test_all_is_seen_where_nothing_is_deferred() -> None:
    doors = (payloads.openai_chat, payloads.openai_responses, payloads.anthropic, payloads.gemini)
    for make in (*doors, payloads.bedrock, payloads.mcp):
        payload = make(["devin_get_session", "devin_get_self"])
        assert always_seen(payload) == payload


def test_a_lone_function_of_responses_is_seen_by_name_and_one_in_a_namespace_not_at_all() -> None:
    space = {
        "type": "namespace",
        "name": "things",
        "description": "All.",
        "tools": [RESPONSES | LATE, RESPONSES],
    }
    search = {"type": "tool_search"}
    assert always_seen([search, space, RESPONSES | LATE]) == [search, space | {"tools": [RESPONSES]}, NAMED]


def test_nothing_is_seen_of_deferred_tools_of_messages_and_of_chat() -> None:
    search = {"type": "tool_search_tool_bm25_20251119", "name": "tool_search_tool_bm25"}
    messages = NAMED | {"input_schema": {}}
    assert always_seen([search, messages | LATE, messages]) == [search, messages]
    chat = {"type": "function", "function": NAMED}
    assert always_seen([chat, chat | LATE]) == [chat]


def test_the_short_description_of_gemini_is_seen() -> None:
    late = RESPONSES | LATE | {"short_description": "A"}
    assert always_seen([late]) == [{"name": "a", "short_description": "A"}]
    assert always_seen({"functionDeclarations": [NAMED]}) == {"functionDeclarations": [NAMED]}
