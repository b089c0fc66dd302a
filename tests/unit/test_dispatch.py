"""Tool calls as each provider sends them, answered in the form it reads."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from support.laws import for_every
from support.tools import built_in

from devin_tools import AsyncClient, Catalog, Client, Simulator, UsageError, describe
from devin_tools.api import GetSession
from devin_tools.dispatch import adispatch, dispatch
from devin_tools.export.providers.payloads import aliases

MISSING = "devin-00000000000000000000000000000000"

Ask = Callable[[str, Any], dict[str, Any]]


def text(arguments: Any) -> Any:
    return arguments if isinstance(arguments, str) else json.dumps(arguments)


ASKS: dict[str, Ask] = {
    "openai-chat": lambda name, given: {
        "id": "c1",
        "type": "function",
        "function": {"name": name, "arguments": text(given)},
    },
    "openai-responses": lambda name, given: {
        "type": "function_call",
        "id": "fc1",
        "call_id": "c1",
        "name": name,
        "arguments": text(given),
    },
    "anthropic": lambda name, given: {"type": "tool_use", "id": "c1", "name": name, "input": given},
    "gemini": lambda name, given: {"functionCall": {"id": "c1", "name": name, "args": given}},
    "bedrock": lambda name, given: {"toolUse": {"toolUseId": "c1", "name": name, "input": given}},
    "langchain": lambda name, given: {"type": "tool_call", "id": "c1", "name": name, "args": given},
}

READ: dict[str, Callable[[dict[str, Any]], tuple[Any, Any, Any]]] = {
    "openai-chat": lambda m: (m["tool_call_id"], None, json.loads(m["content"])),
    "openai-responses": lambda m: (m["call_id"], None, json.loads(m["output"])),
    "anthropic": lambda m: (m["tool_use_id"], m["is_error"], json.loads(m["content"])),
    "gemini": lambda m: (
        m["functionResponse"]["id"],
        "error" in m["functionResponse"]["response"],
        m["functionResponse"]["response"].get("output", m["functionResponse"]["response"]),
    ),
    "bedrock": lambda m: (
        m["toolResult"]["toolUseId"],
        m["toolResult"]["status"] == "error",
        m["toolResult"]["content"][0]["json"],
    ),
    "langchain": lambda m: (m["tool_call_id"], m["status"] == "error", json.loads(m["content"])),
}
"""The id of the call a message answers, its error flag (`None`: the provider has none), its content."""


@pytest.fixture(params=["sync", "async"])
def answer(request: pytest.FixtureRequest, simulator: Simulator) -> Callable[..., dict[str, Any]]:
    """Return `dispatch`, or `adispatch` to be called alike."""

    def sync(tool_call: Any, settings: Any = None, **options: Any) -> dict[str, Any]:
        with Client(**simulator.connection() | (settings or {}), guards=()) as client:
            return dispatch(client, tool_call, **{"catalog": built_in()} | options)

    def asynchronous(tool_call: Any, settings: Any = None, **options: Any) -> dict[str, Any]:
        async def go() -> dict[str, Any]:
            async with AsyncClient(**simulator.connection() | (settings or {}), guards=()) as client:
                return await adispatch(client, tool_call, **{"catalog": built_in()} | options)

        return asyncio.run(go())

    return sync if request.param == "sync" else asynchronous


def as_objects(value: Any) -> Any:
    """Make objects with attributes of dictionaries, as the providers' packages do, arguments aside."""
    if not isinstance(value, dict):
        return value
    plain = {"args", "input"}
    return SimpleNamespace(**{n: part if n in plain else as_objects(part) for n, part in value.items()})


@for_every("provider, is_object, is_text", lambda: product(ASKS, [False, True], [False, True]))
def test_a_call_is_run_and_its_output_is_the_answer(
    answer: Any, simulator: Simulator, provider: str, is_object: bool, is_text: bool
) -> None:
    given: Any = {"prompt": "Say “é”.", "tags": [], "title": None}
    asked: Any = ASKS[provider]("devin_create_session", json.dumps(given) if is_text else given)
    message = answer(as_objects(asked) if is_object else asked)
    call_id, is_error, content = READ[provider](message)
    assert (call_id, is_error or False) == ("c1", False)
    assert content["session_id"] in simulator.world.sessions
    assert content["creation"] == "created"


def test_answers_have_exactly_the_form_each_provider_documents(answer: Any) -> None:
    said = {provider: answer(ask("devin_get_self", {})) for provider, ask in ASKS.items()}
    content = said["bedrock"]["toolResult"]["content"][0]["json"]
    words = json.dumps(content, ensure_ascii=False)
    assert content["org_id"]
    assert said == {
        "openai-chat": {"role": "tool", "tool_call_id": "c1", "content": words},
        "openai-responses": {"type": "function_call_output", "call_id": "c1", "output": words},
        "anthropic": {"type": "tool_result", "tool_use_id": "c1", "content": words, "is_error": False},
        "gemini": {
            "functionResponse": {"id": "c1", "name": "devin_get_self", "response": {"output": content}}
        },
        "bedrock": {"toolResult": {"toolUseId": "c1", "content": [{"json": content}], "status": "success"}},
        "langchain": {
            "role": "tool",
            "tool_call_id": "c1",
            "name": "devin_get_self",
            "content": words,
            "artifact": content,
            "status": "success",
        },
    }


SHAPE = {"kind", "message", "retryable", "retry_after", "tries", "hint", "details"}

FAILURES = {
    "not_found": ("devin_get_session", {"session_id": MISSING}),
    "unknown_tool": ("devin_launch_rocket", {}),
    "invalid_arguments": ("devin_create_session", {"prompt": 7, "tags": ["hunter2"] * 51}),
}


@for_every("provider, kind", lambda: product(ASKS, FAILURES))
def test_a_failure_is_an_answer_with_the_providers_own_flag(answer: Any, provider: str, kind: str) -> None:
    call_id, is_error, content = READ[provider](answer(ASKS[provider](*FAILURES[kind])))
    assert (call_id, is_error in (None, True)) == ("c1", True)
    assert content.keys() == {"error"}
    assert content["error"].keys() == SHAPE
    assert content["error"]["kind"] == kind
    assert "hunter2" not in json.dumps(content)


@for_every("provider, given", lambda: product(ASKS, ["{", '["hunter2"]', "hunter2", "7"]))
def test_arguments_that_are_no_object_are_answered_not_raised(answer: Any, provider: str, given: str) -> None:
    _, is_error, content = READ[provider](answer(ASKS[provider]("devin_get_self", given)))
    assert is_error in (None, True)
    assert content["error"]["kind"] == "invalid_arguments"
    assert "hunter2" not in json.dumps(content)


@pytest.mark.parametrize("name", ["session_secrets", "sessionSecrets", "bypass_approval", "bypassApproval"])
def test_a_model_cannot_fill_what_is_a_persons(answer: Any, simulator: Simulator, name: str) -> None:
    value: Any = [{"key": "k", "value": "hunter2"}] if "ecrets" in name else True
    asked = ASKS["anthropic"]("devin_create_session", {"prompt": "x", name: value})
    message = answer(asked)
    assert message["is_error"]
    assert "only a person may fill this" in message["content"]
    assert "hunter2" not in message["content"]
    assert simulator.requests == []


def test_consent_is_passed_on(answer: Any, simulator: Simulator) -> None:
    asked = ASKS["anthropic"]("devin_create_session", {"prompt": "x"})
    refused = answer(asked, {"confirm": True})
    assert json.loads(refused["content"])["error"]["kind"] == "refused"
    assert simulator.requests == []
    assert not answer(asked, {"confirm": True}, confirm=True)["is_error"]


def test_a_shorter_name_leads_back_to_its_tool(answer: Any) -> None:
    chosen = aliases(built_in(), "p" * 50)
    short = chosen.names["devin_get_session"]
    asked = ASKS["gemini"](short, {"session_id": MISSING})
    said = answer(asked, ids=chosen.ids)["functionResponse"]
    assert (said["name"], said["response"]["error"]["kind"]) == (short, "not_found")
    assert answer(asked)["functionResponse"]["response"]["error"]["kind"] == "unknown_tool"


def test_only_the_tools_of_the_catalog_can_be_called(answer: Any, simulator: Simulator) -> None:
    few = Catalog(specs={"devin_get_session": describe(GetSession)})
    said = answer(ASKS["anthropic"]("devin_create_session", {"prompt": "x"}), catalog=few)
    assert json.loads(said["content"])["error"]["kind"] == "unknown_tool"
    assert simulator.requests == []


def test_without_a_catalog_every_installed_tool_can_be_called(answer: Any) -> None:
    assert not answer(ASKS["anthropic"]("devin_get_self", {}), catalog=None)["is_error"]


def test_free_form_objects_nulls_and_empty_lists_arrive_as_they_were_meant(
    answer: Any, simulator: Simulator
) -> None:
    schema = {"type": "object", "properties": {"x": {"type": "string", "default": None}}}
    strict = {
        "prompt": "x",
        "structured_output_schema": json.dumps(schema),
        "knowledge_ids": [],
        "tags": None,
    }
    said = json.loads(answer(ASKS["openai-chat"]("devin_create_session", strict))["content"])
    asked = simulator.world.sessions[said["session_id"]].asked
    assert (asked["structured_output_schema"], asked["knowledge_ids"]) == (schema, [])


BARE: list[Any] = [
    {"name": "devin_get_self"},
    {"name": "devin_get_self", "args": {}},
    {"id": None, "name": "devin_get_self", "args": None, "partial_args": None, "will_continue": None},
    {"function_call": {"name": "devin_get_self", "args": {}}, "thought_signature": b"x"},
    SimpleNamespace(id=None, name="devin_get_self", args=None),
]


@for_every("bare", lambda: BARE)
def test_gemini_calls_are_known_without_an_id_and_without_the_part_around_them(
    answer: Any, bare: Any
) -> None:
    said = answer(bare)
    assert said["functionResponse"].keys() == {"name", "response"}
    assert said["functionResponse"]["response"]["output"]["org_id"]


def test_the_use_alone_of_bedrock_and_a_call_langchain_could_not_parse_are_known(answer: Any) -> None:
    use = ASKS["bedrock"]("devin_get_self", {})["toolUse"]
    assert answer(use)["toolResult"]["status"] == "success"
    invalid = {"type": "invalid_tool_call", "id": None, "name": "devin_get_self", "args": "{", "error": "bad"}
    said = answer(invalid)
    assert (said["status"], said["tool_call_id"], said["artifact"]) == ("error", "", None)
    assert "not valid JSON" in said["content"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ('{"session_id": "hunter2",}', "are not valid JSON at line 1, column 2"),
        (
            '{"session_id":\n "hunter2',
            "are not valid JSON at line 2, column 2: Unterminated string starting.",
        ),
        ("hunter2", "are not valid JSON at line 1, column 1: Expecting value."),
        ("[" * 100_000, "are not valid JSON: it is nested too deeply."),
        ('["hunter2"]', "must be a JSON object, and these are a list."),
        ('"hunter2"', "must be a JSON object, and these are text."),
        ("7", "must be a JSON object, and these are a number."),
    ],
)
def test_arguments_that_are_no_json_object_are_refused_with_the_place(
    answer: Any, arguments: str, said: str
) -> None:
    error = json.loads(answer(ASKS["openai-chat"]("devin_get_session", arguments))["content"])["error"]
    assert f"The arguments {said}" in error["message"] and "hunter2" not in json.dumps(error)
    assert error["hint"].startswith("Write one object with the fields of the tool")


def test_a_hint_for_a_model_says_what_a_model_can_do(simulator: Simulator) -> None:
    def hint(name: str, given: dict[str, Any], **settings: Any) -> str:
        with Client(**simulator.connection(), guards=(), **settings) as client:
            said = dispatch(client, ASKS["openai-chat"](name, given))
        return str(json.loads(said["content"])["error"]["hint"])

    assert hint("devin_create_session", {"prompt": "x"}, confirm=True).startswith(
        "Ask the person you work for"
    )
    assert hint("devin_create_session", {"prompt": "x"}, read_only=True).startswith("Nothing was done")
    assert hint("qqqqqqqq", {}) == "Call only tools that you were offered."
    assert hint("devin_get_sesion", {}).startswith("Did you mean devin_get_session")


UNKNOWN: list[Any] = [
    {},
    [],
    None,
    "devin_get_self",
    7,
    {"role": "assistant", "tool_calls": []},
    {"type": "custom", "id": "c1", "custom": {"name": "devin_get_self", "input": ""}},
    {"type": "server_tool_use", "id": "c1", "name": "web_search", "input": {}},
    {"method": "tools/call", "params": {"name": "devin_get_self", "arguments": {}}},
    {"name": "devin_get_self", "arguments": {}},
    {"text": "hunter2"},
    SimpleNamespace(function_call=None, text="hunter2"),
    {"toolUse": {}},
]


@for_every("unknown", lambda: UNKNOWN)
def test_what_is_no_tool_call_is_an_error_that_names_what_is(answer: Any, unknown: Any) -> None:
    with pytest.raises(UsageError, match="not a tool call of a known provider") as caught:
        answer(unknown)
    assert "toolUse of Bedrock" in caught.value.hint
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("broken", "lacks"),
    [
        ({"type": "tool_use", "name": "devin_get_self", "input": {}}, "has no id"),
        ({"type": "function", "function": {"name": "devin_get_self", "arguments": "{}"}}, "has no id"),
        ({"type": "tool_use", "id": "c1", "input": {}}, "has no name"),
        ({"type": "tool_use", "id": 7, "name": "devin_get_self"}, "an id that is not text"),
        ({"toolUse": {"toolUseId": "c1", "input": {}}}, "has no name"),
    ],
)
def test_a_call_without_a_name_or_id_is_an_error(answer: Any, broken: Any, lacks: str) -> None:
    with pytest.raises(UsageError, match=lacks):
        answer(broken)
