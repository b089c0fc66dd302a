"""The OpenAI Agents SDK: text for a model, and runs that wait for approval, in its own package.

Run with `nox -s openai-agents`, or where the extra is installed with
`pytest tests/external/adapters/test_openai_agents.py`.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

pytest.importorskip("agents", reason="needs pip install -e '.[test,openai-agents]'")

from agents import Agent, Model, ModelResponse, Runner, RunResult, Usage, set_tracing_disabled
from agents.exceptions import ModelBehaviorError, UserError
from agents.models.chatcmpl_converter import Converter
from agents.models.openai_chatcompletions import OpenAIChatCompletionsModel
from agents.models.openai_responses import OpenAIResponsesModel
from external.adapters.adapted import (
    BAD,
    CALL_READ,
    CALL_WRITE,
    CREATE,
    FIND,
    FOUND_BY,
    GET,
    GIVEN,
    GOOD,
    SPECS,
    TERMINATE,
    UNKNOWN,
    Provider,
    check_chosen,
    check_created,
    check_documented,
    check_ended,
    check_error,
    check_schemas,
    clients,
    with_a_session,
)
from openai import AsyncOpenAI
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

from devin_tools.adapters import openai_agents_tools
from devin_tools.presets import CORE

set_tracing_disabled(True)

both = pytest.mark.parametrize("way", ["over a sync client", "async"])


class Script(Model):
    """A model that makes its calls one by one, then answers."""

    def __init__(self, *calls: tuple[str, Any]):
        self.turns: list[Any] = [self.call(name, arguments, i) for i, (name, arguments) in enumerate(calls)]
        text = ResponseOutputText(text="Done.", type="output_text", annotations=[])
        kind: Any = {"type": "message", "role": "assistant", "status": "completed"}
        self.turns.append(ResponseOutputMessage(id="m", content=[text], **kind))

    @staticmethod
    def call(name: str, arguments: Any, index: int) -> ResponseFunctionToolCall:
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        return ResponseFunctionToolCall(
            id=f"fc-{index}", call_id=f"call-{index}", type="function_call", name=name, arguments=text
        )

    async def get_response(self, *_: Any, **__: Any) -> ModelResponse:
        return ModelResponse(output=[self.turns.pop(0)], usage=Usage(), response_id=None)

    def stream_response(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError


def outputs(result: RunResult) -> list[str]:
    return [item.output for item in result.new_items if item.type == "tool_call_output_item"]


def run(way: str, *calls: tuple[str, Any], approval: bool = False) -> tuple[RunResult, Any]:
    with clients() as (client, async_client, simulator):
        given = {"async_client": async_client} if way == "async" else {"client": client}
        tools = openai_agents_tools(**given, specs=GIVEN, approval=approval)
        agent = Agent(name="a", model=Script(*calls), tools=list(tools))
        return asyncio.run(Runner.run(agent, "Go.")), simulator


def test_models_see_every_schema_whole() -> None:
    with clients() as (client, _, _):
        tools = openai_agents_tools(client, specs=GIVEN)
        shown = [Converter.tool_to_openai(tool)["function"] for tool in tools]
        check_schemas({part["name"]: part["parameters"] for part in shown})
        assert [part["description"] for part in shown] == [spec.description for spec in SPECS]


def test_a_changed_schema_changes_no_other() -> None:
    with clients() as (client, _, _):
        [tool] = openai_agents_tools(client, specs=GIVEN[:1])
        tool.params_json_schema["properties"].clear()
        tools = openai_agents_tools(client, specs=GIVEN)
    check_schemas({tool.name: tool.params_json_schema for tool in tools})


@both
def test_a_scripted_model_creates_a_session_and_answers(way: str) -> None:
    result, simulator = run(way, (CREATE, GOOD))
    [text] = outputs(result)
    check_created(text, simulator)
    assert result.final_output == "Done."


@both
def test_failures_are_our_errors_as_text(way: str) -> None:
    result, simulator = run(way, (CREATE, BAD), (GET, UNKNOWN))
    bad, unknown = outputs(result)
    check_error(bad, "invalid_arguments")
    check_error(unknown, "not_found")
    assert not simulator.world.sessions


@pytest.mark.parametrize("text", ["{", "[]", "7"])
def test_arguments_that_are_no_object_are_said_to_be_so(text: str) -> None:
    result, _ = run("async", (GET, text))
    assert json.loads(outputs(result)[0])["error"]["kind"] == "invalid_arguments"


@both
def test_spending_waits_for_a_person_and_runs_confirmed(way: str) -> None:
    async def work(simulator: Any, tools: list[Any]) -> None:
        agent = Agent(name="a", model=Script((CREATE, GOOD)), tools=tools)
        asked = await Runner.run(agent, "Go.")
        [item] = asked.interruptions
        assert (item.name, len(simulator.world.sessions)) == (CREATE, 0)
        state = asked.to_state()
        state.approve(item)
        done = await Runner.run(agent, state)
        check_created(outputs(done)[-1], simulator)

    with clients(confirm=True) as (client, async_client, simulator):
        given = {"async_client": async_client} if way == "async" else {"client": client}
        asyncio.run(work(simulator, list(openai_agents_tools(**given, specs=GIVEN))))


def test_destroying_waits_and_a_bad_call_does_not() -> None:
    result, _ = run("async", (CREATE, BAD), (TERMINATE, UNKNOWN), approval=True)
    check_error(outputs(result)[0], "invalid_arguments")
    assert [item.name for item in result.interruptions] == [TERMINATE]


def test_without_approval_a_call_is_never_confirmed() -> None:
    with clients(confirm=True) as (client, _, _):
        tools = list(openai_agents_tools(client, approval=False))
        agent = Agent(name="a", model=Script((CREATE, GOOD)), tools=tools)
        result = asyncio.run(Runner.run(agent, "Go."))
    check_error(outputs(result)[0], "refused")


def test_a_call_of_what_was_not_offered_runs_nothing() -> None:
    with clients() as (client, _, simulator):
        tools = list(openai_agents_tools(client, preset="core"))
        agent = Agent(name="a", model=Script((TERMINATE, UNKNOWN)), tools=tools)
        with pytest.raises(ModelBehaviorError, match=TERMINATE):
            asyncio.run(Runner.run(agent, "Go."))
    assert simulator.requests == []


def openai_answer(*output: dict[str, Any]) -> dict[str, Any]:
    """Return an answer of OpenAI's Responses API."""
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 0,
        "model": "gpt-5.4",
        "output": list(output),
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "status": "completed",
    }


def test_hosted_search_finds_what_is_deferred_and_a_person_sees_the_call() -> None:
    with with_a_session(confirm=True) as (_, async_client, simulator, session_id):
        tools = openai_agents_tools(async_client=async_client, specs=GIVEN, loaded="core")
        done = {"call_id": None, "execution": "server", "status": "completed"}
        [space] = [tool.qualified_name.partition(".")[0] for tool in tools if tool.name == TERMINATE]
        search = {"type": "tool_search_call", "id": "tsc_1", "arguments": {"paths": [space]}}
        found = {"type": "tool_search_output", "id": "tso_1", "tools": []}
        call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "status": "completed"}
        given = {"namespace": space, "name": TERMINATE}
        text = {"type": "output_text", "text": "Done.", "annotations": []}
        said = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [text]}
        arguments = {"arguments": json.dumps({"session_id": session_id})}
        answers = (
            openai_answer(search | done, found | done, call | given | arguments),
            openai_answer(said),
        )

        async def work(url: str) -> None:
            model = OpenAIResponsesModel("gpt-5.4", AsyncOpenAI(api_key="k", base_url=url))
            agent = Agent(name="a", model=model, tools=tools)
            asked = await Runner.run(agent, "Go.")
            [item] = asked.interruptions
            assert (item.name, simulator.requests) == (TERMINATE, [])
            state = asked.to_state()
            state.approve(item)
            assert (await Runner.run(agent, state)).final_output == "Done."

        with Provider(*answers) as provider:
            asyncio.run(work(provider.url))
        check_ended(simulator, session_id)
    first, second = (body["tools"] for body in provider.sent)
    assert first == second and first[-1] == {"type": "tool_search"}
    assert {tool["name"] for tool in first if tool["type"] == "function"} == CORE
    spaces = [tool for tool in first if tool["type"] == "namespace"]
    assert len(first) == len(CORE) + len(spaces) + 1 and all(space["description"] for space in spaces)
    deferred = [tool for space in spaces for tool in space["tools"]]
    assert all(tool["defer_loading"] for tool in deferred)
    assert {tool["name"] for tool in deferred} == {spec.name for spec in SPECS} - CORE


def test_chat_models_are_refused_hosted_search_and_take_our_own() -> None:
    async def work(url: str, tools: Any) -> Any:
        model = OpenAIChatCompletionsModel("some-model", AsyncOpenAI(api_key="k", base_url=url))
        return await Runner.run(Agent(name="a", model=model, tools=tools), "Go.")

    message = {"role": "assistant", "content": "Done."}
    answer = {
        "id": "c",
        "object": "chat.completion",
        "created": 0,
        "model": "some-model",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
    }
    with clients() as (client, _, _), Provider(answer) as provider:
        with pytest.raises(UserError, match="only supported with OpenAI Responses"):
            asyncio.run(work(provider.url, openai_agents_tools(client, loaded="core")))
        own = openai_agents_tools(client, loaded="core", search="own")
        assert asyncio.run(work(provider.url, own)).final_output == "Done."
    [sent] = provider.sent
    assert {tool["function"]["name"] for tool in sent["tools"]} == {*CORE, FIND, CALL_READ, CALL_WRITE}


@both
def test_a_model_finds_by_our_own_search_and_a_person_sees_the_call_of_what_was_found(way: str) -> None:
    async def work(simulator: Any, tools: list[Any], session_id: str) -> None:
        given = {"session_id": session_id}
        script = Script(
            (FIND, {"query": FOUND_BY}),
            (CALL_WRITE, {"name": "devin_archive_session", "arguments": given}),
            (CALL_WRITE, {"name": TERMINATE, "arguments": {}}),
            (CALL_WRITE, {"name": TERMINATE, "arguments": given}),
        )
        agent = Agent(name="a", model=script, tools=tools)
        asked = await Runner.run(agent, "Go.")
        found, archived, bad = map(json.loads, outputs(asked))
        assert found["tools"][0]["name"] == TERMINATE and found["tools"][0]["call_with"] == CALL_WRITE
        assert archived["is_archived"] is True and bad["error"]["kind"] == "invalid_arguments"
        [item] = asked.interruptions
        assert json.loads(item.arguments)["name"] == TERMINATE
        state = asked.to_state()
        state.approve(item)
        await Runner.run(agent, state)
        check_ended(simulator, session_id)

    with with_a_session(confirm=True) as (client, async_client, simulator, session_id):
        given: Any = {"async_client": async_client} if way == "async" else {"client": client}
        tools = openai_agents_tools(**given, specs=GIVEN, loaded="core", search="own")
        asyncio.run(work(simulator, list(tools), session_id))


def test_only_what_was_chosen_is_there_to_call() -> None:
    check_chosen(lambda tool: tool.name, openai_agents_tools)


def test_the_documented_example_runs_and_prints_what_it_says() -> None:
    check_documented("OpenAI Agents SDK")
