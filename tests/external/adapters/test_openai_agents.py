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
from agents.exceptions import ModelBehaviorError
from agents.models.chatcmpl_converter import Converter
from external.adapters.adapted import (
    BAD,
    CREATE,
    GET,
    GIVEN,
    GOOD,
    SPECS,
    TERMINATE,
    UNKNOWN,
    check_chosen,
    check_created,
    check_documented,
    check_error,
    check_schemas,
    clients,
)
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

from devin_tools.adapters import openai_agents_tools

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


def test_only_what_was_chosen_is_there_to_call() -> None:
    check_chosen(lambda tool: tool.name, openai_agents_tools)


def test_the_documented_example_runs_and_prints_what_it_says() -> None:
    check_documented("OpenAI Agents SDK")
