"""What a list costs is what a model is shown of it at once: what it has to find is not counted."""

from __future__ import annotations

import json
from typing import Any

from support.lint_lists import FREE, holding, listing, tool

from devin_tools.lint import judge, read_tools

DEFERRED = {"type": "function", "name": "b", "description": "B.", "strict": False, "defer_loading": True}
LONG = DEFERRED | {"parameters": FREE | {"title": "x" * 50_000}}


def said(value: Any, rule: str = "TOKEN_COST") -> list[str]:
    """Return what one rule says of a list."""
    return [finding.detail for finding in judge(read_tools(value)) if finding.rule == rule]


def length(*parts: Any) -> int:
    return sum(len(json.dumps(part)) for part in parts)


def test_a_lone_deferred_function_costs_its_name_and_description() -> None:
    (cost,) = said({"tools": [LONG]})
    seen = length({"name": "b", "description": "B."})
    assert (
        cost
        == f"0 tools in {seen} characters, about {round(seen / 4)} tokens by an estimate; 1 more to be found"
    )
    assert said({"tools": [LONG]}, "TOKEN_BUDGET") == []


def test_a_namespace_costs_its_name_and_description_once_and_what_is_deferred_in_it_nothing() -> None:
    plain = LONG | {"name": "a", "defer_loading": False, "parameters": holding()}
    space = {
        "type": "namespace",
        "name": "things",
        "description": "All of them.",
        "tools": [LONG, LONG | {"name": "c"}],
    }
    (cost,) = said({"tools": [space, plain, {"type": "tool_search"}]})
    seen = length(
        {"name": "things", "description": "All of them."},
        {"name": "a", "description": "B.", "schema": holding()},
    )
    assert cost.startswith(f"1 tools in {seen} characters")
    assert cost.endswith("; 2 more to be found")


def test_deferral_may_be_said_beside_the_function_of_chat() -> None:
    function = {"name": "b", "description": "B.", "parameters": FREE}
    chat = [{"type": "function", "function": function, "defer_loading": True}] * 200
    assert said({"tools": chat}, "TOOL_COUNT") == said({"tools": chat}) == []


def test_ceilings_of_clients_count_what_is_shown() -> None:
    listed = [
        {"name": f"t{n}", "description": "T.", "parameters": FREE, "type": "function"} for n in range(130)
    ]
    assert said({"tools": listed}, "TOOL_COUNT") == ["130 tools, over the ceiling of the provider (128)"]
    assert (
        said({"tools": [listed[0], *(one | {"defer_loading": True} for one in listed[1:])]}, "TOOL_COUNT")
        == []
    )
    own = listing(*(tool(name=f"t{n}") for n in range(101)))
    (clients,) = said(own, "TOOL_COUNT")
    assert clients == "101 tools, over the ceiling of older versions of Cursor (40) and Windsurf (100)"


def test_what_a_server_lists_with_output_schemas_is_told_what_they_take() -> None:
    own = listing(tool(outputSchema=FREE | {"title": "x" * 48_000}), tool(name="b"))
    (outputs,) = said(own, "OUTPUT_BUDGET")
    assert outputs.startswith("1 output schemas of about 12,0")


def test_a_cache_point_of_bedrock_is_no_tool_and_costs_nothing() -> None:
    one = {"toolSpec": {"name": "a", "description": "B.", "inputSchema": {"json": FREE}}}
    listed = [one, {"cachePoint": {"type": "default"}}, {"systemTool": {"name": "nova_grounding"}}]
    assert said({"toolConfig": {"tools": listed}}) == said({"toolConfig": {"tools": [one]}}) != []


def test_examples_of_anthropic_s_tools_are_shown_and_cost() -> None:
    plain = {"name": "a", "description": "B.", "input_schema": FREE}
    examples = [{"note": "x" * 400}]
    (without,), (cost,) = said([plain]), said([plain | {"input_examples": examples}])
    seen = length({"name": "a", "description": "B.", "schema": FREE, "examples": examples})
    assert cost.startswith(f"1 tools in {seen} characters") and not without.startswith(cost[:20])
    assert said([plain | {"input_examples": examples, "defer_loading": True}]) == []


def test_functions_of_gemini_s_interactions_cost_their_short_descriptions() -> None:
    late = {"type": "function", "name": "b", "description": "B.", "parameters": FREE, "defer_loading": True}
    listed = [late | {"short_description": "Short."}, {**late, "name": "c", "defer_loading": False}]
    (cost,) = said(listed)
    seen = length(
        {"name": "b", "short_description": "Short."}, {"name": "c", "description": "B.", "schema": FREE}
    )
    assert cost.startswith(f"1 tools in {seen} characters")
    assert said(listed, "STRICT_STATED") == said(listed, "TOOL_KEYS") == []
    search = {
        "type": "tool_search",
        "execution": "client",
        "name": "find",
        "description": "F.",
        "parameters": FREE,
    }
    assert said([listed[1], search], "STRICT_STATED") == said([listed[1], search], "ONE_FORM") == []
