"""Calls of a model that finds its tools: searches of each provider, meta tools, namespaces, programs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import BaseModel
from support.laws import for_every
from support.simulated_api import simulated
from support.tools import built_in

from devin_tools import AsyncClient, Client, Simulator, Toolbox, UsageError
from devin_tools.dispatch import adispatch, dispatch, needs_answer
from devin_tools.dispatch.answers import found_message
from devin_tools.dispatch.requests import read
from devin_tools.model_input import for_models
from devin_tools.presets import CORE
from devin_tools.search.namespaces import namespaces
from devin_tools.search.offer import CALL_READ, CALL_WRITE, FIND, Offer

Call = dict[str, Any]
Make = Callable[[str, Any], Call]

BY_META: dict[str, Make] = {
    "openai-chat": lambda name, given: {
        "id": "c1",
        "type": "function",
        "function": {"name": name, "arguments": json.dumps(given)},
    },
    "gemini": lambda name, given: {"functionCall": {"id": "c1", "name": name, "args": given}},
    "bedrock": lambda name, given: {"toolUse": {"toolUseId": "c1", "name": name, "input": given}},
    "langchain": lambda name, given: {"type": "tool_call", "id": "c1", "name": name, "args": given},
}
"""Calls as providers send them whose models call what they found by a meta tool."""

DIRECT: dict[str, Make] = {
    "openai-responses": lambda name, given: {
        "type": "function_call",
        "call_id": "c1",
        "name": name,
        "arguments": json.dumps(given),
    },
    "anthropic": lambda name, given: {"type": "tool_use", "id": "c1", "name": name, "input": given},
    "gemini-interactions": lambda name, given: {
        "type": "function_call",
        "id": "c1",
        "name": name,
        "arguments": given,
    },
}
"""Those of providers that make callable what was found."""

EVERY = BY_META | DIRECT
FIRST_SESSION = "e3e70682c2094cac629f6fbed82c07cd"


def content_of(message: Mapping[str, Any]) -> Any:
    """Return what a model reads of an answer that holds an output or an error."""
    if "functionResponse" in message:
        response = message["functionResponse"]["response"]
        return response.get("output", response)
    if "toolResult" in message:
        return message["toolResult"]["content"][0]["json"]
    text = next(message[key] for key in ("content", "output", "result") if key in message)
    return json.loads(text)


def answered(call: Any, simulator: Simulator | None = None, **options: Any) -> dict[str, Any]:
    """Answer a call of a model that was shown the tools of `core` and finds those of the whole catalog."""
    settings = options.pop("settings", {})
    with Client(**(simulator or simulated(sessions=1)).connection(), guards=(), **settings) as client:
        return dispatch(client, call, **{"catalog": built_in(), "loaded": "core"} | options)


def found(provider: str, arguments: Any, **options: Any) -> Any:
    return content_of(answered(EVERY[provider](FIND.name, arguments), **options))


@for_every("provider", lambda: BY_META)
def test_the_find_tool_answers_rows_with_schemas_and_how_each_is_called(provider: str) -> None:
    said = found(provider, {"query": "delete a secret", "limit": 3})
    (row,) = (row for row in said["tools"] if row["name"] == "devin_delete_secret")
    assert said["fits"] and (row["call_with"], row["effect"]) == (CALL_WRITE.name, "destroy")
    assert row["input_schema"]["required"] == ["secret_id"] and len(said["tools"]) == 3


@for_every("provider, is_text", lambda: product(BY_META, (False, True)))
def test_a_meta_tool_calls_the_tool_that_it_names(provider: str, is_text: bool) -> None:
    inner: Any = {"session_id": FIRST_SESSION}
    given = {"name": "devin_list_session_attachments", "arguments": json.dumps(inner) if is_text else inner}
    said = content_of(answered(BY_META[provider](CALL_READ.name, given)))
    assert said["attachments"] == []


SET_LIMIT = "devin_set_organization_acu_limit"

WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    (CALL_READ.name, {"name": "devin_delete_secret"}, "invalid_arguments", "only tools that read"),
    (CALL_WRITE.name, {"name": "devin_launch_rocket"}, "unknown_tool", "'devin_launch_rocket'"),
    (CALL_WRITE.name, {"name": CALL_READ.name}, "unknown_tool", f"'{CALL_READ.name}'"),
    (CALL_WRITE.name, {"name": FIND.name}, "unknown_tool", f"'{FIND.name}'"),
    (CALL_WRITE.name, {"name": "devin_delete_secret"}, "invalid_arguments", "devin_delete_secret"),
    (CALL_WRITE.name, {"name": "devin_create_secret"}, "refused", "devin_create_secret"),
    (CALL_WRITE.name, {"name": SET_LIMIT}, "refused", "administers"),
    (CALL_WRITE.name, {"arguments": {}}, "invalid_arguments", CALL_WRITE.name),
    (CALL_WRITE.name, {"name": "devin_get_self", "arguments": "{hunter2"}, "invalid_arguments", "arguments"),
    (FIND.name, {"query": 7}, "invalid_arguments", FIND.name),
    (FIND.name, {"names": ["devin_launch_rocket"]}, "unknown_tool", "devin_launch_rocket"),
    ("devin_delete_secrt", {}, "unknown_tool", "Did you mean devin_delete_secret?"),
    ("functions.devin_call_read", {}, "unknown_tool", "Did you mean devin_call_read?"),
    ("mcp__devin__find_tools", {}, "unknown_tool", "Did you mean devin_find_tools?"),
    ("devin_launch_rocket", {}, "unknown_tool", f"{FIND.name} finds tools"),
]


@for_every("provider, wrong", lambda: product(BY_META, WRONG))
def test_what_is_wrong_is_an_error_that_names_the_tool_and_nothing_is_run(
    provider: str, wrong: tuple[str, dict[str, Any], str, str]
) -> None:
    name, given, kind, words = wrong
    simulator = simulated()
    error = content_of(answered(BY_META[provider](name, given), simulator))["error"]
    assert (error["kind"], simulator.requests) == (kind, [])
    assert words in json.dumps(error) and "hunter2" not in json.dumps(error)


@for_every("provider", lambda: BY_META)
def test_consent_is_asked_for_the_tool_that_is_named(provider: str) -> None:
    simulator = simulated(sessions=1)
    given = {"name": "devin_delete_secret", "arguments": {"secret_id": f"secret-{1:016}"}}
    call, rules = BY_META[provider](CALL_WRITE.name, given), {"confirm": True}
    error = content_of(answered(call, simulator, settings=rules))["error"]
    assert error["kind"] == "refused" and "devin_delete_secret" in error["message"]
    assert not [method for method, _ in simulator.requests if method == "DELETE"]
    assert "error" not in content_of(answered(call, simulator, settings=rules, confirm=True))
    assert [method for method, _ in simulator.requests] == ["DELETE"]


@for_every("provider", lambda: BY_META)
def test_what_the_settings_refuse_is_not_found_and_is_refused_by_its_rule(provider: str) -> None:
    rules = {"read_only": True}
    rows = found(provider, {"query": "delete a secret", "limit": 20}, settings=rules)["tools"]
    assert rows and not [row for row in rows if row["call_with"] == CALL_WRITE.name]
    given = {"name": "devin_delete_secret", "arguments": {"secret_id": "s"}}
    error = content_of(answered(BY_META[provider](CALL_WRITE.name, given), settings=rules))["error"]
    assert (error["kind"], error["details"][0]["rule"]) == ("refused", "read_only")


@for_every("provider, name", lambda: product(EVERY, (FIND.name, CALL_READ.name, CALL_WRITE.name)))
def test_meta_tools_are_unknown_where_all_was_shown(provider: str, name: str) -> None:
    said = content_of(answered(EVERY[provider](name, {"name": "devin_get_self"}), loaded=None))
    assert said["error"]["kind"] == "unknown_tool"


@for_every("provider, name", lambda: product(DIRECT, (CALL_READ.name, CALL_WRITE.name)))
def test_tools_that_call_others_are_unknown_where_no_payload_has_them(provider: str, name: str) -> None:
    error = content_of(answered(DIRECT[provider](name, {"name": "devin_get_self"})))["error"]
    assert error["kind"] == "unknown_tool" and f"{FIND.name} finds tools" in error["hint"]


@for_every("provider", lambda: EVERY)
def test_what_was_found_may_be_called_by_its_own_name_too(provider: str) -> None:
    assert "org_id" in content_of(answered(EVERY[provider]("devin_get_self", {})))


@for_every("provider", lambda: EVERY)
def test_a_wait_goes_on_by_a_call_that_the_model_can_make(provider: str) -> None:
    simulator = simulated()
    with Client(**simulator.connection(), guards=()) as client:
        made = client.run(built_in().call("devin_create_session", {"prompt": "x"}))
    name: str = "devin_wait_sessions"
    given: dict[str, Any] = {"session_ids": [made.session_id], "max_seconds": 1}
    if provider in BY_META:
        name, given = CALL_READ.name, {"name": name, "arguments": given}
    rest = content_of(answered(EVERY[provider](name, given), simulator))["resume_with"]
    assert rest["name"] == name
    again = content_of(answered(EVERY[provider](rest["name"], rest["arguments"]), simulator))
    assert again["resume_with"]["name"] == name


@for_every("provider", lambda: EVERY)
def test_tools_go_by_the_names_that_were_offered_in_searches_too(provider: str) -> None:
    names = {
        spec.name: f"d{number}" for number, spec in enumerate((*built_in(), FIND, CALL_READ, CALL_WRITE))
    }
    given: dict[str, Any] = {"ids": {name: tool for tool, name in names.items()}}
    short = names["devin_get_self"]
    said = json.dumps(answered(EVERY[provider](names[FIND.name], {"names": [short]}), **given))
    assert short in said and "devin_get_self" not in said
    name, arguments = short, {}
    if provider in BY_META:
        name, arguments = names[CALL_READ.name], {"name": short, "arguments": {}}
    assert "org_id" in content_of(answered(EVERY[provider](name, arguments), **given))
    other = {"name": "devin_get_self", "arguments": {}} if provider in BY_META else {}
    wrong = name if provider in BY_META else "devin_get_self"
    assert content_of(answered(EVERY[provider](wrong, other), **given))["error"]["kind"] == "unknown_tool"


def test_anthropic_is_referred_to_tools_of_the_payload_and_to_nothing_else() -> None:
    said = answered(DIRECT["anthropic"](FIND.name, {"query": "delete a secret"}))
    assert said["content"][0] == {"type": "tool_reference", "tool_name": "devin_delete_secret"}
    assert {part["type"] for part in said["content"]} == {"tool_reference"}
    payload = {spec.name for spec in for_models(built_in())} - CORE
    assert {part["tool_name"] for part in said["content"]} <= payload and said["is_error"] is False


NOT_REFERRED: dict[str, tuple[dict[str, Any], str]] = {
    "nothing fits": ({"query": "book a flight to Berlin"}, "no tool"),
    "no word is known": ({"query": "zzzz qqqq"}, "no tool"),
    "shown already": ({"names": ["devin_create_session"]}, "shown these already"),
    "the whole list": ({}, "devin_delete_secret"),
    "an error": ({"names": ["devin_launch_rocket"]}, "devin_launch_rocket"),
}


@for_every("provider, case", lambda: product(("anthropic", "gemini-interactions"), NOT_REFERRED))
def test_a_text_says_what_no_reference_can(provider: str, case: str) -> None:
    given, words = NOT_REFERRED[case]
    said = answered(DIRECT[provider](FIND.name, given))
    text = said["content"] if provider == "anthropic" else said["result"]
    assert isinstance(text, str) and words in text
    assert said["is_error"] is (case == "an error")


@for_every("provider", lambda: ("anthropic", "gemini-interactions"))
def test_a_doubtful_tool_is_named_and_not_made_callable(provider: str) -> None:
    offer = Offer(for_models(built_in()))
    doubtful = offer.search({"query": "delete a secret"}).model_copy(update={"fits": False})
    said = content_of(found_message(read(DIRECT[provider](FIND.name, {})), doubtful, offer))
    assert said["tools"][0].keys() == {"name", "summary", "effect"}
    assert said["tools"][0]["name"] == "devin_delete_secret" and "in `names`" in said["note"]


SEARCH = {"type": "tool_search_call", "id": "ts1", "status": "completed"}


def ask(arguments: Any, **more: Any) -> Call:
    return SEARCH | {"execution": "client", "call_id": "c1", "arguments": arguments} | more


def test_openai_gets_functions_that_it_can_call_by_a_search_of_its_client() -> None:
    said = answered(ask({"query": "delete a secret"}))
    assert {key: said[key] for key in said.keys() - {"tools"}} == {
        "type": "tool_search_output",
        "execution": "client",
        "call_id": "c1",
        "status": "completed",
    }
    first = said["tools"][0]
    assert (first["type"], first["name"], first["strict"]) == ("function", "devin_delete_secret", False)
    assert first["defer_loading"] is True and first["parameters"]["required"] == ["secret_id"]
    assert not {tool["name"] for tool in said["tools"]} & CORE
    for wrong in ({"query": 7}, {"names": ["devin_launch_rocket"]}, "{", {}):
        assert answered(ask(wrong)) == said | {"tools": []}


def test_geminis_interactions_get_functions_as_the_result_of_a_search() -> None:
    for call in (
        DIRECT["gemini-interactions"](FIND.name, {"query": "delete a secret"}),
        SEARCH | {"id": "c1", "arguments": {"query": "delete a secret"}},
    ):
        said = answered(call)
        assert (said["type"], said["name"], said["call_id"]) == ("function_result", FIND.name, "c1")
        assert [one["type"] for one in said["result"]] == ["function"] * len(said["result"])
        assert said["result"][0]["name"] == "devin_delete_secret" and "strict" not in said["result"][0]


def test_an_interactions_search_is_answered_by_the_name_that_it_was_offered_by() -> None:
    box = Toolbox("*", loaded="core", catalog=built_in(), prefix="p" * 50)
    (offered,) = (tool["name"] for tool in box.gemini_interactions() if tool["type"] == "tool_search")
    assert offered != FIND.name
    with Client(**simulated().connection()) as client:
        for arguments in ({"query": "delete a secret"}, {"query": 7}):
            step = SEARCH | {"id": "c1", "execution": None, "arguments": arguments}
            said = box.dispatch(client, step)
            assert (said["name"], said["is_error"]) == (offered, arguments["query"] == 7)


def test_a_search_is_the_same_as_an_object_whose_arguments_are_one() -> None:
    class Arguments(BaseModel, extra="allow"):
        function_names: list[str] | None = None

    step = SEARCH | {"id": "c1"}
    asked = SimpleNamespace(**step, arguments=Arguments.model_validate({"query": "delete a secret"}))
    assert needs_answer(asked)
    assert answered(asked) == answered(step | {"arguments": {"query": "delete a secret"}})
    for chosen in (Arguments(function_names=["devin_get_self"]), Arguments()):
        assert not needs_answer(SimpleNamespace(**step, arguments=chosen))


def test_what_is_found_mentions_tools_by_the_names_that_a_model_is_shown() -> None:
    box = Toolbox("*", loaded="core", catalog=built_in(), prefix="p" * 50)
    names = {tool: name for name, tool in box._called["ids"].items()}
    with Client(**simulated().connection()) as client:
        (one,) = box.dispatch(client, ask({"names": [names["devin_archive_session"]]}))["tools"]
    other = "devin_unarchive_session"
    assert names[other] != other and f"`{names[other]}`" in one["description"]
    assert "devin_" not in one["description"]


def test_an_interaction_is_answered_by_a_function_result() -> None:
    simulator = simulated(sessions=1)
    said = answered(DIRECT["gemini-interactions"]("devin_get_self", {}), simulator)
    assert {key: said[key] for key in said.keys() - {"result"}} == {
        "type": "function_result",
        "name": "devin_get_self",
        "call_id": "c1",
        "is_error": False,
    }
    assert json.loads(said["result"])["org_id"] == simulator.world.org_id
    failed = answered(DIRECT["gemini-interactions"]("devin_get_session", {"session_id": "devin-0"}))
    assert failed["is_error"] is True and "error" in json.loads(failed["result"])


ANSWERED: list[Any] = [
    SEARCH | {"execution": "server", "call_id": None, "arguments": {"paths": ["devin_secrets"]}},
    SEARCH | {"arguments": {"function_names": ["devin_get_self"]}},
    SEARCH | {"arguments": {}},
    SimpleNamespace(type="tool_search_call", id="c1", arguments=SimpleNamespace(function_names=["x"])),
    {"type": "server_tool_use", "id": "srvtoolu_1", "name": "tool_search_tool_bm25", "input": {"query": "x"}},
    {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}},
    {"type": "mcp_tool_use", "id": "m1", "name": "x", "server_name": "y", "input": {}},
    {"type": "web_search_call", "id": "w1", "status": "completed"},
    {"type": "mcp_call", "id": "w1", "name": "x", "arguments": "{}", "server_label": "y"},
    {"type": "program", "id": "p1"},
    {"toolUse": {"toolUseId": "t1", "name": "nova_grounding", "input": {}, "type": "server_tool_use"}},
]
NOTHING_TO_ANSWER: list[Any] = [
    *({"type": kind} for kind in ("text", "thinking", "reasoning", "message", "tool_search_output")),
    {"type": "tool_search_tool_result", "tool_use_id": "srvtoolu_1", "content": {}},
    {"type": "tool_search_result", "call_id": "c1", "result": []},
    {"text": "devin_get_self"},
    SimpleNamespace(type="text", text="x"),
    *(None, "x", 7, [], {}),
]


@for_every("item", lambda: ANSWERED)
def test_what_the_provider_answered_is_told_apart_and_refused_with_what_to_do(item: Any) -> None:
    assert needs_answer(item) is False
    with pytest.raises(UsageError, match="No answer is due") as caught:
        answered(item)
    assert "Send it back unchanged" in caught.value.hint and "needs_answer" in caught.value.hint


@for_every("item", lambda: NOTHING_TO_ANSWER)
def test_text_and_results_need_no_answer(item: Any) -> None:
    assert needs_answer(item) is False


@for_every("provider", lambda: EVERY)
def test_each_call_needs_an_answer(provider: str) -> None:
    assert needs_answer(EVERY[provider]("devin_get_self", {}))
    assert needs_answer(EVERY[provider]("somebodys_own_tool", {}))
    assert needs_answer(ask({"query": "x"}))


def test_a_search_is_refused_where_nothing_says_what_was_shown() -> None:
    with pytest.raises(UsageError, match="was shown all") as caught:
        answered(ask({"query": "x"}), loaded=None)
    assert "loaded" in caught.value.hint
    with pytest.raises(UsageError, match="was shown all"):
        answered(ask({"query": "x"}), loaded=built_in())


@for_every("provider", lambda: BY_META)
def test_meta_tools_are_unknown_where_nothing_was_left_to_be_found(provider: str) -> None:
    said = content_of(answered(EVERY[provider](FIND.name, {"query": "x"}), preset="core"))
    assert said["error"]["kind"] == "unknown_tool"


def in_namespace(name: str, namespace: str | None, **more: Any) -> Any:
    call = DIRECT["openai-responses"](name, more.pop("given", {})) | {"namespace": namespace}
    return content_of(answered(call, **more))


def test_only_the_namespace_that_was_offered_is_taken() -> None:
    groups = namespaces(Offer(for_models(built_in())).deferred.values())
    (own,) = (name for name, specs in groups.items() if "devin_get_self" in {spec.name for spec in specs})
    for namespace in (own, "devin_get_self", None):
        assert "org_id" in in_namespace("devin_get_self", namespace)
    simulator = simulated()
    for namespace in ("devin_secrets", "github", "", 7):
        error = in_namespace("devin_get_self", namespace, simulator=simulator)["error"]
        assert error["kind"] == "unknown_tool" and "namespace" in error["message"]
    assert in_namespace("devin_list_sessions", own, simulator=simulator)["error"]["kind"] == "unknown_tool"
    assert in_namespace("devin_get_self", own, loaded=None, simulator=simulator)["error"]
    assert simulator.requests == []


@for_every("kind", lambda: ("dict", "object"))
def test_a_program_is_answered_as_the_caller_that_it_was(kind: str) -> None:
    caller = {"type": "program", "caller_id": "p1"}
    call = DIRECT["openai-responses"]("devin_get_self", {})
    asked: Any = call | {"caller": caller if kind == "dict" else SimpleNamespace(**caller)}
    assert answered(asked)["caller"] == caller
    assert answered(SimpleNamespace(**asked))["caller"] == caller
    for other in (None, {"type": "direct"}):
        assert "caller" not in answered(call | {"caller": other})


CODE = {"caller": {"type": "code_execution_20260120", "tool_id": "srvtoolu_1"}}


def test_code_gets_text_alone_and_waits_that_end_in_time() -> None:
    simulator = simulated(scenario="toils")
    with Client(**simulator.connection(), guards=()) as client:
        made = client.run(built_in().call("devin_create_session", {"prompt": "x"}))
    wait = DIRECT["anthropic"]("devin_wait_session", {"session_id": made.session_id})
    begun = simulator.clock.now()
    said = answered(wait | CODE, simulator)
    assert json.loads(said["content"])["resume_with"]["name"] == "devin_wait_session"
    assert simulator.clock.now() - begun < 120
    searched = answered(DIRECT["anthropic"](FIND.name, {"query": "delete a secret"}) | CODE)
    rows = json.loads(searched["content"])["tools"]
    assert rows[0]["name"] == "devin_delete_secret" and all(row["call_with"] == row["name"] for row in rows)
    direct = answered(wait | {"caller": {"type": "direct"}}, simulator)
    assert json.loads(direct["content"])["waited_seconds"] > 240


def test_an_event_loop_is_answered_alike() -> None:
    async def go(call: Call) -> Any:
        async with AsyncClient(**simulated(sessions=1).connection(), guards=()) as client:
            return await adispatch(client, call, catalog=built_in(), loaded="core")

    for call in (
        ask({"query": "delete a secret"}),
        EVERY["anthropic"](FIND.name, {"query": "delete a secret"}),
        EVERY["openai-chat"](CALL_READ.name, {"name": "devin_get_self"}),
        EVERY["openai-chat"](CALL_WRITE.name, {"name": "devin_get_slf"}),
    ):
        assert asyncio.run(go(call)) == answered(call)


def test_a_choice_bounds_what_is_found() -> None:
    said = found("openai-chat", {"query": "delete a secret", "limit": 20}, preset="observe", loaded=[])
    names = [row["name"] for row in said["tools"]]
    assert "devin_list_secrets" not in names and "devin_delete_secret" not in names and names
    call = EVERY["openai-chat"](CALL_WRITE.name, {"name": "devin_delete_secret", "arguments": {}})
    assert content_of(answered(call, preset="observe"))["error"]["kind"] == "unknown_tool"
