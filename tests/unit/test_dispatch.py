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
from devin_tools.api import CreateSession, GetSession
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

    assert "Tell them what you want to do" in hint("devin_create_session", {"prompt": "x"}, confirm=True)
    assert "only a person may change it" in hint("devin_create_session", {"prompt": "x"}, read_only=True)
    assert hint("qqqqqqqq", {}).startswith("Call only the tools that you were offered")
    assert hint("devin_get_sesion", {}).startswith("Did you mean devin_get_session")


def test_no_hint_names_what_the_settings_refuse_in_any_case(simulator: Simulator) -> None:
    rules: list[dict[str, Any]] = [{}, {"read_only": True}, {"denied_tools": "devin_create_session"}]
    for rule in rules:
        with Client(**simulator.connection(), guards=(), **rule) as client:
            said = dispatch(client, ASKS["openai-chat"]("functions.devin_create_session", {"prompt": "x"}))
        assert ("mean devin_create_session" in said["content"]) is (rule == {})


def test_a_tool_that_was_offered_by_another_name_goes_by_no_other(simulator: Simulator) -> None:
    """Whoever asks a person about calls of a name would not be asked about the same call by the tool's id."""
    ids = {"start": "devin_create_session"}
    with Client(**simulator.connection(), guards=()) as client:

        def said(name: str) -> str:
            asked = ASKS["anthropic"](name, {"prompt": "x"} if name != "devin_get_self" else {})
            return str(dispatch(client, asked, tools=[*ids.values(), "devin_get_self"], ids=ids)["content"])

        assert '"unknown_tool"' in said("devin_create_session") and not simulator.world.sessions
        assert '"error"' not in said("start") + said("devin_get_self") and len(simulator.world.sessions) == 1


UNKNOWN: list[Any] = [
    {},
    [],
    None,
    "devin_get_self",
    7,
    {"role": "assistant", "tool_calls": []},
    {"type": "custom", "id": "c1", "custom": {"name": "devin_get_self", "input": ""}},
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


OFFERS: list[dict[str, Any]] = [
    {"preset": "core"},
    {"tools": "core"},
    {"tools": ["devin_get_session", "devin_create_*"]},
    {"tools": [GetSession, CreateSession]},
    {"tools": [describe(GetSession), describe(CreateSession)]},
    {"tools": [GetSession], "preset": "core"},
    {"catalog": Catalog({spec.name: spec for spec in (describe(GetSession), describe(CreateSession))})},
]
"""Choices that hold `devin_get_session` and `devin_create_session`, and none of those below."""

OUTSIDE = {
    "devin_terminate_session": {"session_id": MISSING},
    "devin_get_self": {},
    "devin_delete_secret": {"secret_id": "s"},
    "devin_launch_rocket": {},
}


@for_every("provider, offer, name", lambda: product(ASKS, OFFERS, OUTSIDE))
def test_what_was_not_offered_is_refused_as_if_it_did_not_exist(
    answer: Any, simulator: Simulator, provider: str, offer: dict[str, Any], name: str
) -> None:
    call_id, is_error, content = READ[provider](answer(ASKS[provider](name, OUTSIDE[name]), **offer))
    assert (call_id, is_error in (None, True)) == ("c1", True)
    told = content["error"]
    assert (told["kind"], told["retryable"], told["details"]) == ("unknown_tool", False, [])
    assert told["message"] == f"You were not offered a tool called {name!r}; nothing was run."
    assert told["hint"] == "Call only the tools that you were offered, by exactly their names."
    assert simulator.requests == []


@for_every("provider, offer", lambda: product(ASKS, OFFERS))
def test_what_was_offered_runs(answer: Any, provider: str, offer: dict[str, Any]) -> None:
    said = READ[provider](answer(ASKS[provider]("devin_create_session", {"prompt": "x"}), **offer))
    assert said[2]["creation"] == "created"


@for_every("provider", lambda: ASKS)
def test_of_several_calls_only_the_one_that_was_not_offered_fails(
    answer: Any, simulator: Simulator, provider: str
) -> None:
    create = ("devin_create_session", {"prompt": "x"})
    asked = [("devin_list_sessions", {}), ("devin_terminate_session", {}), create]
    said = [READ[provider](answer(ASKS[provider](*call), preset="core"))[2] for call in asked]
    assert ["error" in one for one in said] == [False, True, False]
    assert [method for method, path in simulator.requests if "/sessions" in path][-2:] == ["GET", "POST"]


@for_every("provider, offer", lambda: product(ASKS, [{"tools": []}, {"tools": iter(())}]))
def test_an_empty_choice_offers_nothing(answer: Any, provider: str, offer: dict[str, Any]) -> None:
    _, _, content = READ[provider](answer(ASKS[provider]("devin_get_self", {}), **offer))
    assert content["error"]["hint"] == "No tools are offered here: answer without calling any."


GARBLED = [
    "functions.devin_get_self", "default_api.devin_get_self", "mcp__devin__devin_get_self", "devin-get-self",
    "DEVIN_GET_SELF", "get_self", "devin:devin_get_self", "devin/devin_get_self", " devin_get_self",
    "devin_get_slef",
    "devin.get_self", "devinGetSelf_devin_get_self", "devinGetSelf", "DevinGetSelf",
    "functions.devin_get_self:0", "devin_get_self:12", "devin_get_self<|channel|>json",
    "devin_get_self{", "default_api:devin_get_self()",
]  # fmt: skip


@for_every("provider, name", lambda: product(ASKS, GARBLED))
def test_a_garbled_name_runs_nothing_and_is_told_the_right_one(
    answer: Any, simulator: Simulator, provider: str, name: str
) -> None:
    _, _, content = READ[provider](answer(ASKS[provider](name, {}), tools="devin_get_self, core"))
    assert content["error"]["hint"].startswith("Did you mean devin_get_self?")
    assert simulator.requests == []


OTHERS = ["devin_unarchive_session", "devin_make_coffee", "devin_nope", "devin_create_sessions_now"]


@for_every("name", lambda: [*OTHERS, *(name.replace("get_self", "terminate_session") for name in GARBLED)])
def test_a_garbled_name_of_what_was_not_offered_tells_of_nothing_else(answer: Any, name: str) -> None:
    given = {"preset": "core", "tools": "devin_archive_session"}
    said = answer(ASKS["anthropic"](name, {"session_id": MISSING}), **given)["content"]
    assert said.count("terminate") <= 1 and "Did you mean" not in said


def test_shorter_names_are_those_that_were_offered(answer: Any) -> None:
    chosen = aliases(built_in(), "p" * 50)
    short = chosen.names["devin_get_session"]
    said = answer(ASKS["anthropic"](f"functions.{short}", {}), preset="core", ids=chosen.ids)["content"]
    assert f"Did you mean {short}?" in said


WRONG: list[dict[str, Any]] = [
    {"preset": "cor"},
    {"tools": "devin_nope"},
    {"tools": ""},
    {"tools": GetSession(session_id="1")},
    {"tools": [None]},
    {"catalog": [describe(GetSession)]},
    {"tools": "devin_create_secret"},
]


@for_every("wrong", lambda: WRONG)
def test_a_choice_that_is_wrong_is_told_to_the_program_and_not_to_the_model(
    answer: Any, simulator: Simulator, wrong: dict[str, Any]
) -> None:
    with pytest.raises(UsageError) as caught:
        answer(ASKS["anthropic"]("devin_get_self", {}), **wrong)
    assert caught.value.hint
    assert simulator.requests == []


RULES: list[tuple[dict[str, Any], str]] = [
    ({"read_only": True}, "read_only"),
    ({"allowed_tools": ("devin_get_self",)}, "allowed_tools"),
    ({"denied_tools": ("devin_create_session",)}, "denied_tools"),
    ({"max_sessions": 0}, "max_sessions"),
    ({"confirm": True}, "confirm"),
]


@for_every("settings, rule", lambda: RULES)
def test_a_choice_lets_nothing_pass_that_the_settings_refuse(
    answer: Any, simulator: Simulator, settings: dict[str, Any], rule: str
) -> None:
    said = answer(ASKS["anthropic"]("devin_create_session", {"prompt": "x"}), settings, preset="core")
    assert json.loads(said["content"])["error"]["details"][0]["rule"] == rule
    assert simulator.requests == []


def test_what_repeats_by_itself_runs_only_where_it_was_chosen(answer: Any) -> None:
    given = {"name": "n", "prompt": "x", "frequency": "0 1 * * *"}
    create = ASKS["anthropic"]("devin_create_schedule", given)
    offers: list[dict[str, Any]] = [
        {},
        {"tools": list(built_in())},
        {"preset": "core"},
        {"preset": "automate"},
    ]
    said = [json.loads(answer(create, **offer)["content"]) for offer in offers]
    kinds = [one.get("error", {}).get("kind") for one in said]
    assert kinds == ["refused", "unknown_tool", "unknown_tool", None]
