"""Pydantic AI: results as they are, corrections, failures and approval, in its own package.

Run with `nox -s pydantic-ai`, or where the extra is installed with
`pytest tests/external/adapters/test_pydantic_ai.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("pydantic_ai", reason="needs pip install -e '.[test,pydantic-ai]'")

from external.adapters.adapted import (
    BAD,
    CREATE,
    FOUND_BY,
    GET,
    GIVEN,
    GOOD,
    TERMINATE,
    UNKNOWN,
    Provider,
    anthropic_answer,
    anthropic_call,
    check_chosen,
    check_created,
    check_documented,
    check_ended,
    check_error,
    check_example,
    check_example_without_a_fix,
    check_schemas,
    clients,
    with_a_session,
)
from pydantic_ai import Agent, DeferredToolRequests, DeferredToolResults, Tool
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.test import TestModel as RandomModel

from devin_tools.adapters import pydantic_ai_search, pydantic_ai_tools
from devin_tools.adapters.function import Function
from devin_tools.adapters.pydantic_ai import with_examples
from devin_tools.presets import CORE

both = pytest.mark.parametrize("way", ["sync", "async"])


@pytest.fixture(autouse=True)
def loop() -> Iterator[None]:
    """Yield `run_sync` a loop that is closed again: one that it makes stays open."""
    with asyncio.Runner() as runner:
        asyncio.set_event_loop(runner.get_loop())
        yield
    asyncio.set_event_loop(None)


class Script:
    """A model that makes its calls one by one, then answers; it keeps what it was shown."""

    def __init__(self, *calls: tuple[str, Any]):
        self.calls = iter([ToolCallPart(name, arguments) for name, arguments in calls])
        self.tools: list[Any] = []

    def __call__(self, _messages: Any, info: AgentInfo) -> ModelResponse:
        self.tools = info.function_tools
        return ModelResponse(parts=[next(self.calls, TextPart("Done."))])


def agent(script: Script, tools: list[Any]) -> Agent[Any, Any]:
    return Agent(FunctionModel(script), tools=tools, output_type=[str, DeferredToolRequests])


def run(way: str, *calls: tuple[str, Any], approval: bool = False) -> tuple[Any, Any]:
    """Play a script with one client; give the result of the run and the simulator."""
    with clients() as (client, async_client, simulator):
        given = {"client": client} if way == "sync" else {"async_client": async_client}
        playing = agent(Script(*calls), pydantic_ai_tools(**given, specs=GIVEN, approval=approval))
        if way == "sync":
            return playing.run_sync("Go."), simulator
        return asyncio.run(playing.run("Go.")), simulator


def parts(result: Any, kind: type[Any]) -> list[Any]:
    found = [part for message in result.all_messages() for part in message.parts]
    return [part for part in found if isinstance(part, kind)]


def exemplary(spec: Any) -> dict[str, Any]:
    return with_examples(Function(spec, None, None))


def test_models_see_every_schema_whole() -> None:
    script = Script()
    with clients() as (client, _, _):
        tools = pydantic_ai_tools(client, specs=GIVEN)
        agent(script, tools).run_sync("Go.")
    check_schemas({tool.name: tool.parameters_json_schema for tool in script.tools}, exemplary)
    shown = {tool.name: tool for tool in script.tools}
    assert shown[TERMINATE].metadata["annotations"]["destructiveHint"] is True
    schemas = {tool.name: tool.tool_def.return_schema for tool in tools}
    assert schemas[GET]["properties"]["session_id"]["type"] == "string"


def test_a_changed_schema_changes_no_other() -> None:
    with clients() as (client, _, _):
        [tool] = pydantic_ai_tools(client, specs=GIVEN[:1])
        tool.function_schema.json_schema["properties"].clear()
        tools = pydantic_ai_tools(client, specs=GIVEN)
    check_schemas({tool.name: tool.function_schema.json_schema for tool in tools}, exemplary)


@both
def test_a_scripted_model_creates_a_session_and_answers(way: str) -> None:
    result, simulator = run(way, (CREATE, GOOD))
    [part] = parts(result, ToolReturnPart)
    assert part.outcome == "success"
    check_created(part.content, simulator)
    assert result.output == "Done."


@both
def test_bad_arguments_go_back_to_the_model_which_may_correct_them(way: str) -> None:
    result, simulator = run(way, (CREATE, BAD), (CREATE, BAD), (CREATE, GOOD))
    first, second, third = parts(result, ToolReturnPart)
    assert [part.outcome for part in (first, second, third)] == ["retried", "retried", "success"]
    check_error(first.content, "invalid_arguments")
    check_error(second.content, "invalid_arguments")
    check_created(third.content, simulator)


@both
def test_what_the_api_refuses_is_a_failure(way: str) -> None:
    result, _ = run(way, (GET, UNKNOWN))
    [part] = parts(result, ToolReturnPart)
    assert part.outcome == "failed"
    check_error(part.content, "not_found")


def test_spending_and_destroying_wait_for_a_person_and_run_confirmed() -> None:
    with clients(confirm=True) as (client, _, simulator):
        playing = agent(Script((CREATE, GOOD)), pydantic_ai_tools(client, specs=GIVEN))
        asked = playing.run_sync("Go.")
        [call] = asked.output.approvals
        assert (call.tool_name, len(simulator.world.sessions)) == (CREATE, 0)
        results = DeferredToolResults(approvals={call.tool_call_id: True})
        done = playing.run_sync(message_history=asked.all_messages(), deferred_tool_results=results)
        check_created(parts(done, ToolReturnPart)[-1].content, simulator)


def test_nobody_is_asked_to_approve_a_call_that_cannot_run() -> None:
    result, simulator = run("sync", (CREATE, BAD), approval=True)
    assert result.output == "Done."
    [part] = parts(result, ToolReturnPart)
    assert part.outcome == "retried"
    check_error(part.content, "invalid_arguments")
    assert not simulator.world.sessions


def test_without_approval_a_call_is_never_confirmed() -> None:
    with clients(confirm=True) as (client, _, _):
        result = agent(Script((CREATE, GOOD)), pydantic_ai_tools(client, approval=False)).run_sync("Go.")
    check_error(parts(result, ToolReturnPart)[0].content, "refused")


@pytest.mark.parametrize("preset", ["core", "observe", "operate"])
def test_a_model_of_made_up_arguments_gets_through_a_preset(preset: str) -> None:
    with clients() as (client, _, simulator):
        tools = pydantic_ai_tools(client, preset=preset, approval=False)
        result = Agent(RandomModel(), tools=tools).run_sync("Go.")
    assert len(parts(result, ToolReturnPart)) == len(tools)
    assert simulator.requests


def test_a_call_of_what_was_not_offered_runs_nothing() -> None:
    with clients() as (client, _, simulator):
        playing = agent(Script((TERMINATE, UNKNOWN)), pydantic_ai_tools(client, preset="core"))
        result = playing.run_sync("Go.")
    assert result.output == "Done."
    assert "Unknown tool name" in str(result.all_messages())
    assert simulator.requests == []


class Finding:
    """A model that finds a tool by words, and calls the one that it found; it keeps what it was shown."""

    def __init__(self, name: str, **arguments: Any):
        self.name, self.arguments = name, arguments
        self.shown: list[set[str]] = []

    def __call__(self, messages: Any, info: AgentInfo) -> ModelResponse:
        self.shown.append({tool.name for tool in info.function_tools})
        answers = [part for message in messages for part in message.parts if part.part_kind == "tool-return"]
        if not answers:
            return ModelResponse(parts=[ToolCallPart("search_tools", {"queries": [FOUND_BY]})])
        if len(answers) == 1:
            assert self.name in self.shown[-1]
            return ModelResponse(parts=[ToolCallPart(self.name, self.arguments)])
        return ModelResponse(parts=[TextPart("Done.")])


@pytest.mark.parametrize("is_own", [True, False])
def test_a_model_finds_what_is_deferred_and_a_person_sees_the_call(is_own: bool) -> None:
    with with_a_session(confirm=True) as (client, _, simulator, session_id):
        model = Finding(TERMINATE, session_id=session_id)
        tools = pydantic_ai_tools(client, specs=GIVEN, loaded="core")
        capabilities = [pydantic_ai_search(tools)] if is_own else []
        playing: Agent[Any, Any] = Agent(
            FunctionModel(model, profile={"supported_native_tools": frozenset()}),
            tools=tools,
            output_type=[str, DeferredToolRequests],
            capabilities=capabilities,
        )
        asked = playing.run_sync("Go.")
        assert model.shown[0] == {*CORE, "search_tools"} and TERMINATE in model.shown[1]
        [call] = asked.output.approvals
        assert call.tool_name == TERMINATE and simulator.requests == []
        results = DeferredToolResults(approvals={call.tool_call_id: True})
        done = playing.run_sync(message_history=asked.all_messages(), deferred_tool_results=results)
        check_ended(simulator, session_id)
    assert done.output == "Done."


def test_on_anthropic_own_search_answers_with_references_and_the_list_of_tools_stays() -> None:
    pytest.importorskip("anthropic", reason="needs pydantic-ai-slim[anthropic]: nox -s pydantic-ai")
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    with with_a_session() as (client, _, simulator, session_id):
        tools = pydantic_ai_tools(client, specs=GIVEN, loaded="core", approval=False)
        answers = (
            anthropic_answer(anthropic_call("search_tools", queries=[FOUND_BY])),
            anthropic_answer(anthropic_call(TERMINATE, session_id=session_id)),
            anthropic_answer({"type": "text", "text": "Done."}),
        )
        with Provider(*answers) as provider:
            given = AnthropicProvider(api_key="k", base_url=provider.url)
            model = AnthropicModel("claude-sonnet-4-6", provider=given, settings={"max_tokens": 1000})
            playing = Agent(model, tools=tools, capabilities=[pydantic_ai_search(tools)])
            assert playing.run_sync("Go.").output == "Done."
        check_ended(simulator, session_id)
    first, second, third = (body["tools"] for body in provider.sent)
    assert first == second == third
    assert {tool["name"] for tool in first if not tool.get("defer_loading")} == {*CORE, "search_tools"}
    assert len(first) == len(tools) + 1
    [answer] = [part for part in provider.sent[1]["messages"][-1]["content"] if part["type"] == "tool_result"]
    assert {"type": "tool_reference", "tool_name": TERMINATE} in answer["content"]


def test_own_search_finds_by_people_s_words_and_the_tools_of_others_too() -> None:
    def flip_a_pancake() -> None:
        """Turn one over in the pan."""

    with clients() as (client, _, _):
        tools = pydantic_ai_tools(client, preset="core")
    pancake = Tool(flip_a_pancake)
    search = pydantic_ai_search([*tools, pancake])
    names = [tool.tool_def for tool in (*tools, pancake)]
    assert search.strategy(None, ["pancakes over"], names)[-1] == "flip_a_pancake"
    assert search.strategy(None, ["send a message", "flip"], names)[0] == "devin_send_message"
    assert search.strategy(None, ["send a message"], [pancake.tool_def]) == []
    assert "sessions" in search.tool_description


def test_only_what_was_chosen_is_there_to_call() -> None:
    check_chosen(lambda tool: tool.name, pydantic_ai_tools)


def test_the_documented_example_runs_and_prints_what_it_says() -> None:
    check_documented("Pydantic AI")


def test_the_chain_of_two_agents_fixes_and_reviews() -> None:
    check_example("pydantic_ai_chain.py")
    check_example_without_a_fix("pydantic_ai_chain.py")
