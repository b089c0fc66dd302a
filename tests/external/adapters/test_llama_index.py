"""LlamaIndex: contents, raw outputs and the flag of failures, in its own package.

Run with `nox -s llama-index`, or where the extra is installed with
`pytest tests/external/adapters/test_llama_index.py`.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

pytest.importorskip("llama_index.core", reason="needs pip install -e '.[test,llama-index]'")

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
    check_chosen,
    check_created,
    check_documented,
    check_ended,
    check_error,
    check_schemas,
    clients,
    with_a_session,
)
from llama_index.core.agent.workflow import FunctionAgent, ToolCallResult
from llama_index.core.base.llms.types import ChatMessage, TextBlock, ToolCallBlock
from llama_index.core.llms.mock import MockFunctionCallingLLM
from llama_index.core.tools import ToolOutput
from llama_index.core.tools.calling import acall_tool, call_tool

from devin_tools.adapters import llama_index_retriever, llama_index_tools
from devin_tools.presets import CORE

both = pytest.mark.parametrize(
    "way", ["sync", "async", "async over a sync client", "sync over an async client"]
)


def answer(way: str, name: str, arguments: dict[str, Any]) -> tuple[ToolOutput, Any]:
    with clients() as (client, async_client, simulator):
        one = {"sync": "client", "async over a sync client": "client"}.get(way, "async_client")
        given: Any = {one: client if one == "client" else async_client}
        tools = {tool.metadata.name: tool for tool in llama_index_tools(**given, specs=GIVEN)}
        if way.startswith("sync"):
            return call_tool(tools[name], arguments), simulator
        return asyncio.run(acall_tool(tools[name], arguments)), simulator


def test_models_see_every_schema_whole() -> None:
    with clients() as (client, _, _):
        shown = [
            tool.metadata.to_openai_tool()["function"] for tool in llama_index_tools(client, specs=GIVEN)
        ]
        check_schemas({part["name"]: part["parameters"] for part in shown})
        assert [part["description"] for part in shown] == [spec.description for spec in SPECS]


def test_the_schema_that_prompts_show_is_the_same() -> None:
    with clients() as (client, _, _):
        tools = llama_index_tools(client, specs=GIVEN)
        tools[0].metadata.get_parameters_dict().clear()
        check_schemas({tool.metadata.get_name(): json.loads(tool.metadata.fn_schema_str) for tool in tools})


@both
def test_a_good_call_gives_text_and_the_output(way: str) -> None:
    output, simulator = answer(way, CREATE, GOOD)
    assert (output.is_error, output.tool_name, output.raw_input) == (False, CREATE, GOOD)
    check_created(output.content, simulator)
    check_created(output.raw_output, simulator)


@both
@pytest.mark.parametrize(
    ("name", "arguments", "kind"), [(CREATE, BAD, "invalid_arguments"), (GET, UNKNOWN, "not_found")]
)
def test_a_failure_is_our_error_with_the_flag_of_one(
    way: str, name: str, arguments: dict[str, Any], kind: str
) -> None:
    output, _ = answer(way, name, arguments)
    assert output.is_error
    assert json.loads(output.content) == output.raw_output
    assert output.exception.kind == kind
    check_error(output.content, kind)


def test_consent_is_given_for_all_calls_or_none() -> None:
    with clients(confirm=True) as (client, _, simulator):
        refusing, running = (
            next(tool for tool in llama_index_tools(client, confirm=confirm) if tool.metadata.name == CREATE)
            for confirm in (False, True)
        )
        check_error(refusing(**GOOD).content, "refused")
        check_created(running(**GOOD).content, simulator)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # its workflows read old names of pydantic
def test_a_scripted_model_creates_a_session_and_answers() -> None:
    turns: Any = iter(
        [
            [
                ToolCallBlock(tool_call_id="1", tool_name=CREATE, tool_kwargs=GOOD),
                ToolCallBlock(tool_call_id="2", tool_name=CREATE, tool_kwargs=BAD),
            ],
            [TextBlock(text="Done.")],
        ]
    )
    model = MockFunctionCallingLLM(
        response_generator=lambda *_, **__: ChatMessage(role="assistant", blocks=next(turns))
    )

    async def work(tools: list[Any]) -> tuple[list[ToolOutput], str]:
        handler = FunctionAgent(tools=tools, llm=model, streaming=False).run("Go.")
        events = [event async for event in handler.stream_events() if type(event) is ToolCallResult]
        outputs = {event.tool_id: event.tool_output for event in events}
        return [outputs["1"], outputs["2"]], str(await handler)

    with clients() as (_, async_client, simulator):
        (good, bad), said = asyncio.run(work(list(llama_index_tools(async_client=async_client))))
        check_created(good.content, simulator)
    assert (good.is_error, bad.is_error, said) == (False, True, "Done.")
    check_error(bad.content, "invalid_arguments")


def played(turns: list[tuple[str, Any]], said: str, **given: Any) -> tuple[list[ToolOutput], list[set[str]]]:
    """Play an agent with a scripted model; return what its calls gave, and what it was shown each turn."""
    calls = [
        ToolCallBlock(tool_call_id=str(number), tool_name=name, tool_kwargs=arguments)
        for number, (name, arguments) in enumerate(turns)
    ]
    left = iter([*calls, TextBlock(text="Done.")])
    shown: list[set[str]] = []

    def answer(_: Any, tools: Any = (), **__: Any) -> ChatMessage:
        shown.append({tool.metadata.name for tool in tools})
        return ChatMessage(role="assistant", blocks=[next(left)])

    async def work() -> list[ToolOutput]:
        model = MockFunctionCallingLLM(response_generator=answer)
        handler = FunctionAgent(llm=model, streaming=False, **given).run(said)
        events = [event async for event in handler.stream_events() if type(event) is ToolCallResult]
        assert str(await handler) == "Done."
        return [event.tool_output for event in events]

    return asyncio.run(work()), shown


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # its workflows read old names of pydantic
def test_a_model_finds_by_our_own_search_and_calls_what_it_found() -> None:
    with with_a_session() as (_, async_client, simulator, session_id):
        tools = llama_index_tools(async_client=async_client, specs=GIVEN, loaded="core")
        turns = [
            (FIND, {"query": FOUND_BY}),
            (CALL_WRITE, {"name": TERMINATE, "arguments": {}}),
            (CALL_WRITE, {"name": TERMINATE, "arguments": {"session_id": session_id}}),
        ]
        (found, bad, ended), shown = played(turns, "Go.", tools=tools)
        check_ended(simulator, session_id)
    assert found.raw_output["tools"][0]["name"] == TERMINATE
    assert bad.is_error and "session_id" in bad.content and not ended.is_error
    assert shown == [{*CORE, FIND, CALL_READ, CALL_WRITE}] * 4


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # its workflows read old names of pydantic
def test_a_retriever_gives_an_agent_what_fits_the_message_of_the_user() -> None:
    with with_a_session() as (_, async_client, simulator, session_id):
        retriever = llama_index_retriever(async_client=async_client, tools=GIVEN, loaded="core", limit=3)
        turns = [(TERMINATE, {"session_id": session_id})]
        [ended], shown = played(turns, f"Please {FOUND_BY}.", tool_retriever=retriever)
        check_ended(simulator, session_id)
    assert not ended.is_error
    assert shown[0] == shown[1] and len(shown[0]) == len(CORE) + 3 and shown[0] > {*CORE, TERMINATE}


def test_a_retriever_finds_a_tool_by_its_name_alone_and_nothing_for_no_known_word() -> None:
    with clients() as (client, _, _):
        retriever = llama_index_retriever(client, tools=GIVEN)
        assert [tool.metadata.name for tool in retriever.retrieve(GET)] == [GET]
        assert retriever.retrieve("xyzzy") == []
        some = asyncio.run(retriever.aretrieve("send a message to a session"))
        assert len(some) == 5 and some[0].metadata.name == "devin_send_message"


def test_only_what_was_chosen_is_there_to_call() -> None:
    check_chosen(lambda tool: tool.metadata.name, llama_index_tools)


def test_the_documented_example_runs_and_prints_what_it_says() -> None:
    check_documented("LlamaIndex")
