"""The packages of the model providers take the payloads, and their clients the answers.

Each client talks to a server on this machine that plays the provider: it replays one turn with three
tool calls, and keeps the request that follows for the test to check. Run with

    nox -s providers
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from external.providers.replayed_provider import Provider
from pydantic import TypeAdapter

from devin_tools import AsyncClient, Client, Simulator, load_catalog
from devin_tools.dispatch import adispatch, dispatch
from devin_tools.export.providers import payloads
from devin_tools.export.providers.variants import strict
from devin_tools.model_input import for_models

CATALOG = load_catalog(plugins=())
SPECS = for_models(CATALOG)
ALL = for_models([spec.chosen() for spec in CATALOG])
"""All tools that a person can choose for a model."""

SCHEMA = {"type": "object", "properties": {"url": {"type": "string"}}}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("devin_create_session", {"prompt": "Go.", "structured_output_schema": json.dumps(SCHEMA), "tags": None}),
    ("devin_create_session", {"prompt": "Go.", "max_acu_limit": 0}),
    ("devin_get_session", {"session_id": "devin-00000000000000000000000000000000"}),
]
"""A good call as a strict model makes it, one with a bad argument, one that the API refuses."""

KINDS = [None, "invalid_arguments", "not_found"]


def sdk(name: str) -> Any:
    """Import a provider's package, or skip the test and say what to install."""
    return pytest.importorskip(name, reason=f"needs {name}: pip install 'devin-tools[providers-test]'")


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Provider() as provider:
        yield provider


def check(contents: list[Any], flags: list[bool] | None, simulator: Simulator) -> None:
    """Check three answers: what each says, and the flag where the provider has one."""
    [record] = simulator.world.sessions.values()
    assert contents[0]["session_id"] == record.session_id
    assert record.asked["structured_output_schema"] == SCHEMA
    assert [content.get("error", {}).get("kind") for content in contents] == KINDS
    assert flags in (None, [False, True, True])


@pytest.mark.parametrize("is_strict", [False, True])
def test_openai_takes_the_tools_of_both_apis(is_strict: bool) -> None:
    sdk("openai")
    from openai.types.chat import ChatCompletionFunctionToolParam
    from openai.types.responses import FunctionToolParam

    chat = payloads.openai_chat(SPECS, strict=is_strict)
    assert TypeAdapter(list[ChatCompletionFunctionToolParam]).validate_python(chat, strict=True) == chat
    responses = payloads.openai_responses(SPECS, strict=is_strict)
    assert TypeAdapter(list[FunctionToolParam]).validate_python(responses, strict=True) == responses


@pytest.mark.parametrize("is_strict", [False, True])
def test_openai_takes_deferred_tools_in_namespaces_and_by_a_search_of_ours(is_strict: bool) -> None:
    sdk("openai")
    from openai.types.chat import ChatCompletionFunctionToolParam
    from openai.types.responses import ToolParam
    from openai.types.responses.namespace_tool_param import Tool as InNamespace

    for search in ("hosted", "own"):
        made = payloads.openai_responses(ALL, loaded="core", search=search, strict=is_strict)
        read = TypeAdapter(list[ToolParam]).validate_python(made)
        for tool, given in zip(read, made, strict=True):
            inside = given.get("tools", [])  # which are validated only when they are taken
            assert dict(tool) | {"tools": inside} == given | {"tools": inside}
            assert TypeAdapter(list[InNamespace]).validate_python(inside) == inside
    chat = payloads.openai_chat(ALL, loaded="core", strict=is_strict)
    assert TypeAdapter(list[ChatCompletionFunctionToolParam]).validate_python(chat, strict=True) == chat
    for tool in payloads.openai_chat(ALL, loaded="core", search="defer_loading", strict=is_strict):
        marked = tool.pop("defer_loading", None)  # no field of OpenAI's own: the servers' that read it
        assert (marked is None) == (tool in chat)
        adapter = TypeAdapter(ChatCompletionFunctionToolParam)
        assert adapter.validate_python(tool, strict=True) == tool


@pytest.mark.parametrize("is_strict", [False, True])
@pytest.mark.parametrize("search", ["bm25", "regex", "own"])
def test_anthropic_takes_deferred_tools(search: str, is_strict: bool) -> None:
    sdk("anthropic")
    from anthropic.types.tool_union_param import ToolUnionParam

    made = payloads.anthropic(ALL, loaded="core", search=search, strict=is_strict)
    assert TypeAdapter(list[ToolUnionParam]).validate_python(made) == made


def test_gemini_takes_deferred_tools_by_both_of_its_apis() -> None:
    sdk("google.genai")
    from google.genai import interactions, types

    for given in ({}, {"loaded": "core"}, {"loaded": "core", "search": "hosted"}):
        made = payloads.gemini_interactions(ALL, **given)
        assert TypeAdapter(list[interactions.ToolParam]).validate_python(made) == made
        read = [TypeAdapter(interactions.Tool).validate_python(tool) for tool in made]
        assert [tool.model_dump(exclude_unset=True) for tool in read] == made
    for is_json_schema in (False, True):
        [tool] = payloads.gemini(ALL, loaded="core", json_schema=is_json_schema)
        types.Tool.model_validate(tool)


def test_bedrock_takes_the_tools_that_find_and_call_others() -> None:
    sdk("botocore")
    import botocore.session
    from botocore.validate import ParamValidator

    model = botocore.session.get_session().get_service_model("bedrock-runtime")
    shape = model.operation_model("Converse").input_shape.members["toolConfig"]
    report = ParamValidator().validate(payloads.bedrock(ALL, loaded="core"), shape)
    assert report.generate_report() == ""


def chat_reply(message: dict[str, Any]) -> dict[str, Any]:
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": None} | message,
    }
    return {"id": "c", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}


def chat_turn() -> list[Any]:
    calls = [
        {"id": f"call-{n}", "type": "function", "function": {"name": name, "arguments": json.dumps(given)}}
        for n, (name, given) in enumerate(ASKED)
    ]
    return [chat_reply({"tool_calls": calls}), chat_reply({"content": "done"})]


def check_chat(sent: dict[str, Any], simulator: Simulator) -> None:
    from openai.types.chat import ChatCompletionToolMessageParam

    answers = sent["messages"][2:]
    assert TypeAdapter(list[ChatCompletionToolMessageParam]).validate_python(answers, strict=True) == answers
    assert [answer["tool_call_id"] for answer in answers] == ["call-0", "call-1", "call-2"]
    check([json.loads(answer["content"]) for answer in answers], None, simulator)


def test_openai_chat_completes_a_round_trip(provider: Provider, client: Client, simulator: Simulator) -> None:
    openai = sdk("openai")
    provider.replies = chat_turn()
    tools = payloads.openai_chat(SPECS, strict=True)
    messages: list[Any] = [{"role": "user", "content": "go"}]
    with openai.OpenAI(api_key="x", base_url=provider.url) as model:
        said = model.chat.completions.create(model="m", messages=messages, tools=tools).choices[0].message
        messages += [said, *(dispatch(client, call) for call in said.tool_calls)]
        last = model.chat.completions.create(model="m", messages=messages, tools=tools)
    assert last.choices[0].message.content == "done"
    assert provider.requests[0]["tools"] == tools
    check_chat(provider.requests[1], simulator)


def test_openai_chat_completes_a_round_trip_on_an_event_loop(
    provider: Provider, simulator: Simulator
) -> None:
    openai = sdk("openai")
    provider.replies = chat_turn()

    async def go() -> None:
        messages: list[Any] = [{"role": "user", "content": "go"}]
        async with (
            openai.AsyncOpenAI(api_key="x", base_url=provider.url) as model,
            AsyncClient(**simulator.connection(), guards=()) as client,
        ):
            said = (await model.chat.completions.create(model="m", messages=messages)).choices[0].message
            messages += [said, *[await adispatch(client, call) for call in said.tool_calls]]
            await model.chat.completions.create(model="m", messages=messages)

    asyncio.run(go())
    check_chat(provider.requests[1], simulator)


def response_reply(output: list[Any]) -> dict[str, Any]:
    fixed = {"parallel_tool_calls": True, "tool_choice": "auto", "tools": []}
    return {"id": "r", "object": "response", "created_at": 0, "model": "m", "output": output} | fixed


def test_openai_responses_completes_a_round_trip(
    provider: Provider, client: Client, simulator: Simulator
) -> None:
    openai = sdk("openai")
    from openai.types.responses.response_input_item_param import FunctionCallOutput

    text = {"type": "output_text", "text": "done", "annotations": []}
    calls = [
        {"type": "function_call", "id": f"fc-{n}", "call_id": f"call-{n}", "name": name}
        | {"arguments": json.dumps(given), "status": "completed"}
        for n, (name, given) in enumerate(ASKED)
    ]
    last = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [text]}
    provider.replies = [response_reply(calls), response_reply([last])]
    tools = payloads.openai_responses(SPECS, strict=True)
    with openai.OpenAI(api_key="x", base_url=provider.url) as model:
        said = model.responses.create(model="m", input="go", tools=tools).output
        follow_up = [*said, *(dispatch(client, call) for call in said)]
        assert model.responses.create(model="m", input=follow_up, tools=tools).output_text == "done"
    assert provider.requests[0]["tools"] == tools
    answers = provider.requests[1]["input"][3:]
    assert TypeAdapter(list[FunctionCallOutput]).validate_python(answers, strict=True) == answers
    assert [answer["call_id"] for answer in answers] == ["call-0", "call-1", "call-2"]
    check([json.loads(answer["output"]) for answer in answers], None, simulator)


@pytest.mark.parametrize("is_strict", [False, True])
def test_anthropic_takes_the_tools(is_strict: bool) -> None:
    sdk("anthropic")
    from anthropic.types import ToolParam

    made = payloads.anthropic(SPECS, strict=is_strict)
    assert TypeAdapter(list[ToolParam]).validate_python(made) == made


def test_anthropics_own_transform_finds_nothing_to_change_in_a_strict_schema() -> None:
    anthropic = sdk("anthropic")

    def untyped_enums(node: Any) -> Any:
        """Leave the type of an enum out, as the transform does: its values have one."""
        if isinstance(node, list):
            return [untyped_enums(part) for part in node]
        if not isinstance(node, dict):
            return node
        return {key: untyped_enums(part) for key, part in node.items() if key != "type" or "enum" not in node}

    schemas = [said.schema for said in (strict(spec, "anthropic") for spec in SPECS) if said.is_strict]
    assert len(schemas) > len(SPECS) // 2
    for schema in schemas:
        assert anthropic.transform_schema(schema) == untyped_enums(schema)


def test_anthropic_completes_a_round_trip(provider: Provider, client: Client, simulator: Simulator) -> None:
    anthropic = sdk("anthropic")
    from anthropic.types import ToolResultBlockParam

    def reply(content: list[Any], reason: str) -> dict[str, Any]:
        fixed = {"id": "m", "type": "message", "role": "assistant", "model": "m", "stop_sequence": None}
        usage = {"input_tokens": 1, "output_tokens": 1}
        return fixed | {"content": content, "stop_reason": reason, "usage": usage}

    calls = [
        {"type": "tool_use", "id": f"call-{n}", "name": name, "input": given}
        for n, (name, given) in enumerate(ASKED)
    ]
    provider.replies = [reply(calls, "tool_use"), reply([{"type": "text", "text": "done"}], "end_turn")]
    fixed = {"model": "m", "max_tokens": 9, "tools": payloads.anthropic(SPECS, strict=True)}
    messages: list[Any] = [{"role": "user", "content": "go"}]
    with anthropic.Anthropic(api_key="x", base_url=provider.url) as model:
        said = model.messages.create(messages=messages, **fixed).content
        messages.append({"role": "assistant", "content": said})
        messages.append({"role": "user", "content": [dispatch(client, block) for block in said]})
        assert model.messages.create(messages=messages, **fixed).content[0].text == "done"
    assert provider.requests[0]["tools"] == fixed["tools"]
    answers = provider.requests[1]["messages"][2]["content"]
    assert TypeAdapter(list[ToolResultBlockParam]).validate_python(answers) == answers
    assert [answer["tool_use_id"] for answer in answers] == ["call-0", "call-1", "call-2"]
    flags = [answer["is_error"] for answer in answers]
    check([json.loads(answer["content"]) for answer in answers], flags, simulator)


@pytest.mark.parametrize("is_json_schema", [False, True])
def test_gemini_completes_a_round_trip(
    provider: Provider, client: Client, simulator: Simulator, is_json_schema: bool
) -> None:
    sdk("google.genai")
    from google import genai
    from google.genai import types

    def reply(parts: list[Any]) -> dict[str, Any]:
        return {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}]}

    calls = [
        {"functionCall": {"id": f"call-{n}", "name": name, "args": given}}
        for n, (name, given) in enumerate(ASKED)
    ]
    provider.replies = [reply(calls), reply([{"text": "done"}])]
    tools = payloads.gemini(SPECS, json_schema=is_json_schema)
    [tool] = [types.Tool.model_validate(tool) for tool in tools]
    assert len(tool.function_declarations or ()) == len(SPECS)
    config = types.GenerateContentConfig(tools=[tool])
    with genai.Client(api_key="x", http_options=types.HttpOptions(base_url=provider.url)) as model:
        said = model.models.generate_content(model="gemini-x", contents="go", config=config)
        parts = [types.Part.model_validate(dispatch(client, call)) for call in said.function_calls or ()]
        answer = types.Content(role="user", parts=parts)
        contents = [types.UserContent("go"), said.candidates[0].content, answer]
        assert (
            model.models.generate_content(model="gemini-x", contents=contents, config=config).text == "done"
        )
    [sent] = provider.requests[0]["tools"]
    assert [item["name"] for item in sent["functionDeclarations"]] == [spec.name for spec in SPECS]
    answers = [part["functionResponse"] for part in provider.requests[1]["contents"][2]["parts"]]
    assert [answer["id"] for answer in answers] == ["call-0", "call-1", "call-2"]
    contents = [answer["response"].get("output", answer["response"]) for answer in answers]
    check(contents, ["error" in answer["response"] for answer in answers], simulator)


def test_bedrock_completes_a_round_trip(provider: Provider, client: Client, simulator: Simulator) -> None:
    sdk("botocore")
    import botocore.session
    from botocore.config import Config

    def reply(content: list[Any], reason: str) -> dict[str, Any]:
        usage = {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}
        message = {"role": "assistant", "content": content}
        fixed = {"usage": usage, "metrics": {"latencyMs": 1}}
        return fixed | {"output": {"message": message}, "stopReason": reason}

    calls = [
        {"toolUse": {"toolUseId": f"call-{n}", "name": name, "input": given}}
        for n, (name, given) in enumerate(ASKED)
    ]
    provider.replies = [reply(calls, "tool_use"), reply([{"text": "done"}], "end_turn")]
    session = botocore.session.get_session()
    session.set_credentials("x", "x")
    given = {"region_name": "us-east-1", "endpoint_url": provider.url}
    model = session.create_client("bedrock-runtime", config=Config(retries={"max_attempts": 0}), **given)
    fixed = {"modelId": "m", "toolConfig": payloads.bedrock(SPECS)}
    messages: list[Any] = [{"role": "user", "content": [{"text": "go"}]}]
    said = model.converse(messages=messages, **fixed)["output"]["message"]
    messages += [said, {"role": "user", "content": [dispatch(client, part) for part in said["content"]]}]
    last = model.converse(messages=messages, **fixed)["output"]["message"]
    model.close()
    assert last["content"] == [{"text": "done"}]
    assert provider.requests[0]["toolConfig"] == fixed["toolConfig"]
    answers = [part["toolResult"] for part in provider.requests[1]["messages"][2]["content"]]
    assert [answer["toolUseId"] for answer in answers] == ["call-0", "call-1", "call-2"]
    flags = [answer["status"] == "error" for answer in answers]
    check([answer["content"][0]["json"] for answer in answers], flags, simulator)


def test_langchain_takes_the_answers_as_tool_messages(client: Client, simulator: Simulator) -> None:
    sdk("langchain_core")
    from langchain_core.messages import AIMessage, convert_to_messages

    calls = [{"name": name, "args": given, "id": f"call-{n}"} for n, (name, given) in enumerate(ASKED)]
    said = AIMessage(content="", tool_calls=calls)
    answers = convert_to_messages([dispatch(client, call) for call in said.tool_calls])
    assert [type(answer).__name__ for answer in answers] == ["ToolMessage"] * 3
    assert [answer.tool_call_id for answer in answers] == ["call-0", "call-1", "call-2"]
    assert answers[0].artifact == json.loads(answers[0].content)
    flags = [answer.status == "error" for answer in answers]
    check([json.loads(answer.content) for answer in answers], flags, simulator)
