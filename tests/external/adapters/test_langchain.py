"""LangChain and LangGraph: messages, artifacts and the status of failures, in their own packages.

Run with `nox -s langchain`, or where the extra is installed with
`pytest tests/external/adapters/test_langchain.py`.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="needs pip install -e '.[test,langchain]'")

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
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool

from devin_tools.adapters import langchain_approvals, langchain_tools
from devin_tools.presets import CORE

both = pytest.mark.parametrize("way", ["sync", "async", "async over a sync client"])


def asked(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"type": "tool_call", "id": "call-1", "name": name, "args": arguments}


def answer(way: str, name: str, arguments: dict[str, Any], **settings: Any) -> tuple[ToolMessage, Any]:
    with clients(**settings) as (client, async_client, simulator):
        given = {} if way == "async over a sync client" else {"async_client": async_client}
        tools = {tool.name: tool for tool in langchain_tools(client, specs=GIVEN, **given)}
        call = asked(name, arguments)
        if way == "sync":
            return tools[name].invoke(call), simulator
        return asyncio.run(tools[name].ainvoke(call)), simulator


def test_models_see_every_schema_whole() -> None:
    with clients() as (client, _, _):
        tools = langchain_tools(client, specs=GIVEN)
        check_schemas({tool.name: convert_to_openai_tool(tool)["function"]["parameters"] for tool in tools})


def test_a_changed_schema_changes_no_other() -> None:
    with clients() as (client, _, _):
        [tool] = langchain_tools(client, specs=GIVEN[:1])
        tool.args_schema["properties"].clear()
        tools = langchain_tools(client, specs=GIVEN)
        check_schemas({tool.name: tool.args_schema for tool in tools})


def test_the_effect_is_in_the_metadata() -> None:
    with clients() as (client, _, _):
        found = {tool.name: tool.metadata for tool in langchain_tools(client, specs=GIVEN)}
    assert found[TERMINATE]["annotations"]["destructiveHint"] is True
    assert found[GET]["annotations"]["readOnlyHint"] is True
    assert found[GET].keys() == {"title", "annotations", "needs_approval"}  # they go into every trace
    assert {name for name in found if found[name]["needs_approval"]} == {
        spec.name for spec in SPECS if spec.effect.needs_consent
    }


@both
def test_a_good_call_gives_text_and_an_artifact(way: str) -> None:
    message, simulator = answer(way, CREATE, GOOD)
    assert message.status == "success"
    check_created(message.content, simulator)
    check_created(message.artifact, simulator)


@both
@pytest.mark.parametrize(
    ("name", "arguments", "kind"), [(CREATE, BAD, "invalid_arguments"), (GET, UNKNOWN, "not_found")]
)
def test_a_failure_is_our_error_with_the_status_of_one(
    way: str, name: str, arguments: dict[str, Any], kind: str
) -> None:
    message, _ = answer(way, name, arguments)
    assert message.status == "error"
    check_error(message.content, kind)


def test_a_tool_without_a_sync_client_is_only_asynchronous() -> None:
    with clients() as (_, async_client, _):
        [tool] = [tool for tool in langchain_tools(async_client=async_client) if tool.name == GET]
        with pytest.raises(NotImplementedError):
            tool.invoke(asked(GET, UNKNOWN))
        message = asyncio.run(tool.ainvoke(asked(GET, UNKNOWN)))
    check_error(message.content, "not_found")


def test_consent_is_given_for_all_calls_or_none() -> None:
    message, _ = answer("sync", CREATE, GOOD, confirm=True)
    check_error(message.content, "refused")
    with clients(confirm=True) as (client, _, simulator):
        tools = {tool.name: tool for tool in langchain_tools(client, confirm=True)}
        check_created(tools[CREATE].invoke(asked(CREATE, GOOD)).content, simulator)


class Scripted(GenericFakeChatModel):
    """A model that says what it was given, whatever its tools."""

    def bind_tools(self, tools: Any, **_: Any) -> Any:
        return self


def test_a_scripted_model_creates_a_session_and_answers() -> None:
    script = iter([AIMessage("", tool_calls=[asked(CREATE, GOOD)]), AIMessage("It is on its way.")])
    with clients() as (client, _, simulator):
        tools = {tool.name: tool for tool in langchain_tools(client, specs=GIVEN)}
        model = Scripted(messages=script).bind_tools(list(tools.values()))
        messages: list[Any] = [HumanMessage("Go.")]
        while not messages[1:] or messages[-1].type == "tool":
            messages.append(model.invoke(messages))
            messages += [tools[call["name"]].invoke(call) for call in messages[-1].tool_calls]
        check_created(messages[-2].content, simulator)
    assert messages[-1].content == "It is on its way."


@pytest.mark.parametrize("way", ["sync", "async"])
def test_a_graph_with_a_tool_node_plays_good_and_bad_calls(way: str) -> None:
    pytest.importorskip("langgraph", reason="needs langgraph: nox -s langchain")
    from langgraph.graph import START, MessagesState, StateGraph
    from langgraph.prebuilt import ToolNode, tools_condition

    calls = [
        asked(CREATE, GOOD),
        asked(CREATE, BAD) | {"id": "call-2"},
        asked(GET, UNKNOWN) | {"id": "call-3"},
    ]
    model = Scripted(messages=iter([AIMessage("", tool_calls=calls), AIMessage("It is on its way.")]))
    graph = StateGraph(MessagesState)
    with clients() as (client, async_client, simulator):
        tools = langchain_tools(client, async_client=async_client, specs=GIVEN)
        graph.add_node("model", lambda state: {"messages": [model.invoke(state["messages"])]})
        graph.add_node("tools", ToolNode(tools))
        graph.add_edge(START, "model")
        graph.add_conditional_edges("model", tools_condition)
        graph.add_edge("tools", "model")
        playing, start = graph.compile(), {"messages": [HumanMessage("Go.")]}
        state = playing.invoke(start) if way == "sync" else asyncio.run(playing.ainvoke(start))
        _, _, created, bad, unknown, last = state["messages"]
        check_created(created.artifact, simulator)
    assert [message.status for message in (created, bad, unknown)] == ["success", "error", "error"]
    check_error(bad.content, "invalid_arguments")
    check_error(unknown.content, "not_found")
    assert last.content == "It is on its way."


def test_a_graph_runs_the_calls_that_were_offered_and_no_other() -> None:
    pytest.importorskip("langgraph", reason="needs langgraph: nox -s langchain")
    from langgraph.graph import START, MessagesState, StateGraph
    from langgraph.prebuilt import ToolNode

    calls = [asked(TERMINATE, UNKNOWN), asked(CREATE, GOOD) | {"id": "call-2"}]
    graph = StateGraph(MessagesState)
    with clients() as (client, _, simulator):
        graph.add_node("tools", ToolNode(langchain_tools(client, preset="core")))
        graph.add_edge(START, "tools")
        state = graph.compile().invoke({"messages": [AIMessage("", tool_calls=calls)]})
        refused, created = state["messages"][1:]
        check_created(created.artifact, simulator)
    assert refused.status == "error" and "not a valid tool" in refused.content
    assert not any("terminate" in path or method == "DELETE" for method, path in simulator.requests)


NEEDS_LANGCHAIN = "needs langchain and langchain-anthropic: nox -s langchain"


@pytest.mark.parametrize("way", ["sync", "async"])
def test_a_model_finds_by_our_own_search_and_a_person_sees_the_call_of_what_was_found(way: str) -> None:
    pytest.importorskip("langchain", reason=NEEDS_LANGCHAIN)
    from langchain.agents import create_agent
    from langchain.agents.middleware import HumanInTheLoopMiddleware
    from langgraph.checkpoint.memory import InMemorySaver
    from langgraph.types import Command

    with with_a_session(confirm=True) as (client, async_client, simulator, session_id):
        given = {"session_id": session_id}
        calls = [
            asked(FIND, {"query": FOUND_BY}),
            asked(CALL_WRITE, {"name": "devin_archive_session", "arguments": given}),
            asked(CALL_WRITE, {"name": TERMINATE, "arguments": {}}),
            asked(CALL_WRITE, {"name": TERMINATE, "arguments": given}),
        ]
        script = [AIMessage("", tool_calls=[call | {"id": str(i)}]) for i, call in enumerate(calls)]
        tools = langchain_tools(client, async_client=async_client, specs=GIVEN, loaded="core", confirm=True)
        assert {tool.name for tool in tools} == {*CORE, FIND, CALL_READ, CALL_WRITE}
        agent = create_agent(
            Scripted(messages=iter([*script, AIMessage("Done.")])),
            tools,
            middleware=[HumanInTheLoopMiddleware(interrupt_on=langchain_approvals(tools))],
            checkpointer=InMemorySaver(),
        )

        def play(start: Any) -> Any:
            config: Any = {"configurable": {"thread_id": "1"}}
            return agent.invoke(start, config) if way == "sync" else asyncio.run(agent.ainvoke(start, config))

        stopped = play({"messages": [HumanMessage("Go.")]})
        found, archived, bad = [one for one in stopped["messages"] if isinstance(one, ToolMessage)]
        assert found.artifact["tools"][0]["name"] == TERMINATE
        assert archived.artifact["is_archived"] is True
        assert bad.status == "error" and "session_id" in bad.content
        [interrupt] = stopped["__interrupt__"]
        [request] = interrupt.value["action_requests"]
        assert (request["name"], request["args"]["name"]) == (CALL_WRITE, TERMINATE)
        assert not any(method == "DELETE" for method, _ in simulator.requests)
        played = play(Command(resume={"decisions": [{"type": "approve"}]}))
        check_ended(simulator, session_id)
    assert played["messages"][-1].content == "Done."


def test_a_provider_s_search_finds_what_is_deferred() -> None:
    pytest.importorskip("langchain", reason=NEEDS_LANGCHAIN)
    anthropic = pytest.importorskip("langchain_anthropic", reason=NEEDS_LANGCHAIN)
    from langchain.agents import create_agent
    from langchain.agents.middleware import ProviderToolSearchMiddleware

    search = {"id": "srvtoolu_1", "name": "tool_search_tool_bm25", "input": {"query": FOUND_BY}}
    reference = {"type": "tool_reference", "tool_name": TERMINATE}
    references = {"type": "tool_search_tool_search_result", "tool_references": [reference]}
    result = {"type": "tool_search_tool_result", "tool_use_id": "srvtoolu_1", "content": references}
    with with_a_session() as (client, _, simulator, session_id):
        tools = langchain_tools(client, specs=GIVEN, loaded="core", search="provider")
        call = anthropic_call(TERMINATE, session_id=session_id)
        answers = (
            anthropic_answer({"type": "server_tool_use", **search}, result, call),
            anthropic_answer({"type": "text", "text": "Done."}),
        )
        with Provider(*answers) as provider:
            model = anthropic.ChatAnthropic(
                model="claude-sonnet-4-6", api_key="k", base_url=provider.url, max_tokens=1000
            )
            agent = create_agent(model, tools, middleware=[ProviderToolSearchMiddleware()])
            played = agent.invoke({"messages": [HumanMessage("Go.")]})
        check_ended(simulator, session_id)
    assert played["messages"][-1].content == "Done."
    first, second = (body["tools"] for body in provider.sent)
    assert first == second and len(first) == len(SPECS) + 1
    assert {tool["name"] for tool in first if not tool.get("defer_loading")} == {*CORE, search["name"]}


def test_only_what_was_chosen_is_there_to_call() -> None:
    check_chosen(lambda tool: tool.name, langchain_tools)


def test_the_documented_example_runs_and_prints_what_it_says() -> None:
    check_documented("LangChain and LangGraph")


def test_the_chain_of_two_agents_fixes_and_reviews() -> None:
    pytest.importorskip("langgraph", reason="needs langgraph: nox -s langchain")
    check_example("langgraph_chain.py")
    check_example_without_a_fix("langgraph_chain.py")
