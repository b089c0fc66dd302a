"""Conversations of the providers' own SDKs with providers that are played here: the model finds its tools.

Each loop is the one that somebody would write: send, answer what `needs_answer`, append, until nothing does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from external.providers.searching_providers import DONE, PROVIDERS, SearchingProvider
from support.simulated_api import simulated
from support.tools import built_in

from devin_tools import Client, Toolbox
from devin_tools.dispatch import needs_answer

Answer = Callable[[Any], dict[str, Any]]
ASK = "Remove the sample token from our secrets."
MOST_TURNS = 12
BOX = Toolbox(built_in(), loaded="core")
PAYLOADS: dict[str, Callable[..., Any]] = {
    "anthropic": BOX.anthropic,
    "responses": BOX.openai_responses,
    "interactions": BOX.gemini_interactions,
}


def data(item: Any) -> Any:
    """Return an object of a package as it was sent."""
    return item.model_dump(mode="json", by_alias=True, exclude_unset=True)


def anthropic_loop(url: str, kind: str, answer: Answer) -> str:
    anthropic = pytest.importorskip("anthropic")
    client = anthropic.Anthropic(api_key="k", base_url=url, max_retries=0)
    tools = BOX.anthropic(search=kind)
    messages: list[Any] = [{"role": "user", "content": ASK}]
    for _ in range(MOST_TURNS):
        message = client.messages.create(model="m", max_tokens=100, tools=tools, messages=messages)
        messages.append({"role": "assistant", "content": [data(block) for block in message.content]})
        answers = [answer(block) for block in message.content if needs_answer(block)]
        if not answers:
            return str(message.content[-1].text)
        messages.append({"role": "user", "content": answers})
    raise AssertionError("It does not end.")


def responses_loop(url: str, kind: str, answer: Answer) -> str:
    openai = pytest.importorskip("openai")
    client = openai.OpenAI(api_key="k", base_url=url, max_retries=0)
    tools = BOX.openai_responses(search=kind)
    items: list[Any] = [{"role": "user", "content": ASK}]
    for _ in range(MOST_TURNS):
        response = client.responses.create(model="m", tools=tools, input=items, store=False)
        items += [data(item) for item in response.output]
        answers = [answer(item) for item in response.output if needs_answer(item)]
        if not answers:
            return str(response.output_text)
        items += answers
    raise AssertionError("It does not end.")


def interactions_loop(url: str, kind: str, answer: Answer) -> str:
    genai = pytest.importorskip("google.genai")
    client = genai.Client(api_key="k", http_options={"base_url": url})
    tools = BOX.gemini_interactions(search=kind)
    steps: list[Any] = [{"type": "user_input", "content": [{"type": "text", "text": ASK}]}]
    for _ in range(MOST_TURNS):
        interaction = client.interactions.create(model="m", tools=tools, input=steps, store=False)
        steps += [data(step) for step in interaction.steps]
        answers = [answer(step) for step in interaction.steps if needs_answer(step)]
        if not answers:
            return str(interaction.steps[-1].content[0].text)
        steps += answers
    raise AssertionError("It does not end.")


def chat_loop(url: str, kind: str, answer: Answer) -> str:
    openai = pytest.importorskip("openai")
    client = openai.OpenAI(api_key="k", base_url=url, max_retries=0)
    messages: list[Any] = [{"role": "user", "content": ASK}]
    for _ in range(MOST_TURNS):
        reply = client.chat.completions.create(model="m", tools=BOX.openai_chat(), messages=messages)
        message = reply.choices[0].message
        messages.append(data(message))
        if not message.tool_calls:
            return str(message.content)
        messages += [answer(call) for call in message.tool_calls if needs_answer(call)]
    raise AssertionError("It does not end.")


def generate_content_loop(url: str, kind: str, answer: Answer) -> str:
    genai = pytest.importorskip("google.genai")
    client = genai.Client(api_key="k", http_options={"base_url": url})
    contents: list[Any] = [{"role": "user", "parts": [{"text": ASK}]}]
    for _ in range(MOST_TURNS):
        reply = client.models.generate_content(model="m", contents=contents, config={"tools": BOX.gemini()})
        content = reply.candidates[0].content
        contents.append(content)
        answers = [answer(part) for part in content.parts if needs_answer(part)]
        if not answers:
            return str(reply.text)
        contents.append({"role": "user", "parts": answers})
    raise AssertionError("It does not end.")


def converse_loop(url: str, kind: str, answer: Answer) -> str:
    session = pytest.importorskip("botocore.session")
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "k"}
    client = session.Session().create_client("bedrock-runtime", "us-east-1", endpoint_url=url, **keys)
    messages: list[Any] = [{"role": "user", "content": [{"text": ASK}]}]
    for _ in range(MOST_TURNS):
        reply = client.converse(modelId="m", messages=messages, toolConfig=BOX.bedrock())
        message = reply["output"]["message"]
        messages.append(message)
        answers = [answer(part) for part in message["content"] if needs_answer(part)]
        if not answers:
            return str(message["content"][0]["text"])
        messages.append({"role": "user", "content": answers})
    raise AssertionError("It does not end.")


LOOPS = {
    ("anthropic", "bm25"): anthropic_loop,
    ("anthropic", "own"): anthropic_loop,
    ("responses", "hosted"): responses_loop,
    ("responses", "own"): responses_loop,
    ("interactions", "hosted"): interactions_loop,
    ("interactions", "own"): interactions_loop,
    ("chat", "own"): chat_loop,
    ("generate-content", "own"): generate_content_loop,
    ("converse", "own"): converse_loop,
}


@pytest.mark.parametrize(("provider", "kind"), LOOPS)
def test_a_model_finds_its_tools_and_calls_them(provider: str, kind: str) -> None:
    simulator = simulated(sessions=1)
    with (
        Client(**simulator.connection(), guards=()) as devin,
        PROVIDERS[provider](kind) as server,
    ):

        def answer(call: Any) -> dict[str, Any]:
            return BOX.dispatch(devin, call)

        assert LOOPS[provider, kind](server.url, kind, answer) == DONE
        assert [len(output) > 0 for output in server.outputs] == [True, True]
    done = [(method, path.rsplit("/", 1)[-1]) for method, path in simulator.requests]
    assert done == [("GET", "secrets"), ("DELETE", f"secret-{1:016}")]


def begun(provider: str, kind: str) -> tuple[SearchingProvider, dict[str, Any]]:
    """Return a provider that was asked once, and the request that answers it as it should be."""
    server = PROVIDERS[provider](kind)
    key = "messages" if provider == "anthropic" else "input"
    text = {"type": "text", "text": ASK}
    first: dict[str, Any] = {"role": "user", "content": [text]}
    if provider == "interactions":
        first = {"type": "user_input", "content": [text]}
    request = {"tools": PAYLOADS[provider](search=kind), key: [first]}
    status, reply = server.answer(request)
    assert status == 200, reply
    parts = reply["content" if provider == "anthropic" else "output" if provider == "responses" else "steps"]
    with Client(**simulated(sessions=1).connection(), guards=()) as devin:
        answers = [BOX.dispatch(devin, part) for part in parts if needs_answer(part)]
    if provider == "anthropic":
        turns = [{"role": "assistant", "content": parts}, {"role": "user", "content": answers}]
        return server, request | {key: [first, *turns]}
    return server, request | {key: [first, *parts, *answers]}


def changed(request: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    """Return a copy of a request in which a part was changed."""
    copy = json.loads(json.dumps(request))
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = change(holder[path[-1]])
    return copy


MISTAKES: dict[str, tuple[str, str, tuple[Any, ...], Callable[[Any], Any], str]] = {
    "no answer": ("anthropic", "own", ("messages", 2, "content"), lambda _: [], "without tool_result"),
    "an answer to the provider's own search": (
        "anthropic",
        "bm25",
        ("messages", 2, "content"),
        lambda parts: [*parts, {"type": "tool_result", "tool_use_id": "srvtoolu_0", "content": "x"}],
        "unexpected tool_use_id",
    ),
    "nothing in an answer": (
        "anthropic", "own", ("messages", 2, "content", 0, "content"), lambda _: [], "must not be empty",
    ),
    "a reference to nothing": (
        "anthropic",
        "own",
        ("messages", 2, "content", 0, "content", 0, "tool_name"),
        lambda _: "devin_nothing",
        "not found in available tools",
    ),
    "a reference to what is loaded": (
        "anthropic",
        "own",
        ("messages", 2, "content", 0, "content", 0, "tool_name"),
        lambda _: "devin_create_session",
        "is not deferred",
    ),
    "all deferred": (
        "anthropic",
        "own",
        ("tools",),
        lambda tools: [tool | {"defer_loading": True} for tool in tools],
        "At least one tool",
    ),
    "another turn": (
        "anthropic", "bm25", ("messages", 1, "content"), lambda parts: parts[1:], "has changed",
    ),
    "a call without its namespace": (
        "responses", "hosted", ("input", 3, "namespace"), lambda _: None, "have changed",
    ),
    "no output": ("responses", "own", ("input",), lambda items: items[:-1], "No tool output"),
    "an output of another kind": (
        "responses", "own", ("input", -1, "type"), lambda _: "function_call_output", "tool_search_output",
    ),
    "a search that was the server's": (
        "responses", "own", ("input", -1, "execution"), lambda _: "server", "have changed",
    ),
    "a step less": ("interactions", "hosted", ("input",), lambda steps: [steps[0], *steps[2:]], "changed"),
    "no signature": ("interactions", "hosted", ("input", 1, "signature"), lambda _: None, "signatures"),
    "another id": ("interactions", "own", ("input", -1, "call_id"), lambda _: "x", "has its function_result"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_provider_that_is_played_refuses_mistakes(mistake: str) -> None:
    provider, kind, path, change, words = MISTAKES[mistake]
    server, request = begun(provider, kind)
    status, reply = server.answer(changed(request, path, change))
    assert status == 400 and words in reply["message"]
    server, request = begun(provider, kind)
    assert server.answer(request)[0] == 200
