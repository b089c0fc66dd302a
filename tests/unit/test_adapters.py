"""What holds for every adapter without its framework: safe names, late imports, clients that are there."""

from __future__ import annotations

import ast
import asyncio
import inspect
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.laws import for_every
from support.simulated_api import simulated
from support.tools import tools

from devin_tools import AsyncClient, Catalog, Client, CreateSession, Spec, adapters, describe
from devin_tools.adapters.function import Function, functions
from devin_tools.declarations import RESERVED_NAMES
from devin_tools.errors import BadDeclaration, InvalidArguments, NotFound, Refused, UnknownTool, UsageError
from devin_tools.export.providers import variants
from devin_tools.model_input import call_from_model
from devin_tools.presets import CORE
from devin_tools.tool import READ, Output, Tool

FIND, CALL_READ, CALL_WRITE = "devin_find_tools", "devin_call_read", "devin_call_write"
FOLDER = Path(adapters.__file__).parent
FRAMEWORKS = {"agents", "crewai", "langchain_core", "llama_index", "pydantic_ai"}
CREATE = "devin_create_session"
TERMINATE = "devin_terminate_session"
ADAPTERS = [name for name in adapters.__all__ if name.endswith("_tools")]
REFUSING: list[dict[str, Any]] = [
    {"read_only": True},
    {"allowed_tools": "devin_get_session"},
    {"denied_tools": CREATE},
]
NOWHERE = {"session_id": "devin-00000000000000000000000000000000"}


def imported(nodes: list[Any]) -> set[str]:
    """Name the packages that these nodes import from outside this one."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_no_framework_is_imported_before_it_is_asked_for() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.py"))]
    assert imported([node for tree in trees for node in tree.body]) & FRAMEWORKS == set()
    assert imported([node for tree in trees for node in ast.walk(tree)]) >= FRAMEWORKS


@for_every("name", lambda: sorted(RESERVED_NAMES))
def test_a_name_that_a_framework_swallows_is_refused(name: str) -> None:
    fields = {
        "__annotations__": {name: str},
        "__module__": __name__,
        "__doc__": "Find a thing.",
        "effect": READ,
    }
    tool: Any = type("FindThing", (Tool[Output],), fields)
    tool.model_fields[name].description = "A thing."
    with pytest.raises(BadDeclaration, match=f"{name}: agent frameworks swallow this name"):
        describe(tool)


@for_every("spec", tools)
def test_no_tool_has_an_argument_that_a_framework_swallows(spec: Spec) -> None:
    assert spec.input_schema["properties"].keys() & RESERVED_NAMES == set()


@pytest.mark.parametrize("adapter", [*ADAPTERS, "llama_index_retriever"])
def test_tools_without_any_client_are_refused(adapter: str) -> None:
    with pytest.raises(UsageError, match="need a client"):
        getattr(adapters, adapter)()


def test_schemas_are_copies_and_metadata_says_the_effect(client: Client, catalog: Catalog) -> None:
    for function in functions(client, None, catalog):
        function.schema["properties"].clear()
        assert function.schema == variants.inline(function.spec)
        assert function.metadata["annotations"]["readOnlyHint"] is function.spec.effect.only_reads
        assert len(function.description) <= 1024


def test_approval_is_for_what_spends_or_destroys(client: Client, catalog: Catalog) -> None:
    needs = {function.name: function.needs_approval for function in functions(client, None, catalog)}
    for name in ("create_session", "run_task", "send_message", "terminate_session"):
        assert needs[f"devin_{name}"]
    for name in ("get_session", "list_sessions", "wait_session", "archive_session", "append_session_tags"):
        assert not needs[f"devin_{name}"]


def test_one_client_serves_both_ways_as_far_as_it_can(catalog: Catalog) -> None:
    specs = [catalog.spec("devin_get_session")]
    with Client(**simulated(seed=1).connection(), guards=()) as client:
        [function] = functions(client, None, specs)
        with pytest.raises(NotFound):
            asyncio.run(function.arun(NOWHERE))
    [function] = functions(None, AsyncClient(**simulated(seed=1).connection(), guards=()), specs)
    with pytest.raises(UsageError, match="no client for synchronous calls"):
        function.run(NOWHERE)
    with pytest.raises(NotFound):
        asyncio.run(function.arun(NOWHERE))


def test_a_person_s_fields_are_refused_from_a_model(client: Client, catalog: Catalog) -> None:
    [function] = functions(client, None, [catalog.spec("devin_create_session")])
    fault = function.fault({"prompt": "Go.", "createAsUserId": "user-1"})
    assert fault is not None
    assert fault.details == ({"path": "create_as_user_id", "reason": "only a person may fill this"},)
    assert function.fault({"prompt": "Go."}) is None


OUTSIDE = (TERMINATE, "devin_get_self", "devin_create_secret", "devin_create_schedule")


@for_every("choice", lambda: [{"preset": "core"}, {"tools": "core"}, {"tools": CORE}])
def test_only_what_was_chosen_is_bound(client: Client, choice: dict[str, Any]) -> None:
    bound = functions(client, None, **{"tools": None} | choice)
    assert {function.name for function in bound} == CORE
    for function in bound:
        for name in OUTSIDE:
            with pytest.raises(UnknownTool, match="not offered"):  # each knows of itself alone
                call_from_model(function._catalog, name, {})


@for_every("rule", lambda: REFUSING)
def test_what_the_settings_refuse_in_any_case_is_not_bound(rule: dict[str, Any]) -> None:
    with Client(**simulated(seed=1).connection(), **rule, guards=()) as client:
        names = {function.name for function in functions(client, None, "core")}
    assert "devin_get_session" in names and CREATE not in names


def test_metadata_are_short_as_they_go_into_every_trace(client: Client) -> None:
    for function in functions(client, None, None):
        assert function.metadata.keys() == {"title", "annotations", "needs_approval"}
        assert len(json.dumps(function.metadata)) < 400


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_adapter_takes_the_same_choice(client: Client, adapter: str) -> None:
    make = getattr(adapters, adapter)
    taken = inspect.signature(make).parameters
    assert {"tools", "preset", "specs", "loaded"} <= taken.keys()
    assert make(client, tools=[]) == make(client, specs=[]) == make(client, tools=[], loaded="core") == []
    for wrong in (
        {"preset": "cor"},
        {"tools": "devin_nope"},
        {"tools": ""},
        {"tools": "core", "specs": "core"},
        {"loaded": "cor"},
        {"preset": "core", "loaded": TERMINATE},  # shown, and not to be called
    ):
        with pytest.raises(UsageError):
            make(client, **wrong)
    with pytest.raises(Refused, match="devin_create_secret is offered to no model"):
        make(client, tools="devin_create_secret")


@pytest.mark.parametrize("adapter", ["langchain_tools", "openai_agents_tools"])
def test_a_search_that_there_is_not_is_refused(client: Client, adapter: str) -> None:
    with pytest.raises(UsageError, match="search is one of"):
        getattr(adapters, adapter)(client, loaded="core", search="bm25")


def meta(client: Client, **more: Any) -> dict[str, Function]:
    """Bind what a model is shown where it finds and calls the rest by the meta tools."""
    bound = functions(client, None, more.pop("tools", None), loaded="core", **more)
    return {function.name: function for function in bound}


def test_what_is_loaded_is_shown_whole_and_the_rest_by_the_meta_tools(client: Client) -> None:
    assert list(meta(client))[-3:] == [FIND, CALL_READ, CALL_WRITE]
    assert meta(client).keys() == {*CORE, FIND, CALL_READ, CALL_WRITE}
    assert all(len(function.description) <= 1024 for function in meta(client).values())
    own_way = functions(client, None, None, loaded="core", is_own=False)
    assert {function.name for function in own_way if not function.is_deferred} == CORE
    assert [function.name for function in own_way] == [one.name for one in functions(client, None, None)]


def test_where_all_are_loaded_there_is_nothing_to_find(client: Client) -> None:
    assert meta(client, tools="core").keys() == CORE


def test_what_only_reads_has_nothing_that_calls_what_writes(client: Client) -> None:
    assert meta(client, tools=["core", TERMINATE]).keys() >= {CALL_WRITE}
    assert CALL_WRITE not in meta(client, tools=["devin_get_*", "devin_list_*"])


def test_a_found_tool_is_called_as_itself(client: Client) -> None:
    made = client.run(CreateSession(prompt="Go."))
    bound = meta(client)
    first = bound[FIND].run({"query": "terminate a session for good"})["tools"][0]
    assert (first["name"], first["call_with"]) == (TERMINATE, CALL_WRITE)
    given = {
        "name": TERMINATE,
        "arguments": json.dumps({"session_id": made.session_id}),
    }  # as text, in a dialect
    assert bound[CALL_WRITE].run(given)["session_id"] == made.session_id


def test_what_is_wrong_is_said_of_the_tool_that_was_named(client: Client) -> None:
    bound = meta(client)
    with pytest.raises(InvalidArguments) as error:
        bound[CALL_WRITE].run({"name": TERMINATE, "arguments": {}})
    assert [detail["path"] for detail in error.value.details] == ["session_id"]
    with pytest.raises(InvalidArguments, match="calls only tools that read"):
        bound[CALL_READ].run({"name": TERMINATE, "arguments": NOWHERE})
    for name in ("devin_nope", "devin_create_secret", CALL_WRITE, FIND):
        with pytest.raises(UnknownTool):
            bound[CALL_WRITE].run({"name": name, "arguments": {}})
    with pytest.raises(NotFound):
        bound[CALL_WRITE].run({"name": TERMINATE, "arguments": NOWHERE})


def test_approval_is_due_for_what_is_called_and_can_run(client: Client) -> None:
    bound = meta(client)

    def due(name: str, arguments: Any) -> bool:
        return bound[CALL_WRITE].is_due({"name": name, "arguments": arguments})

    assert bound[CALL_WRITE].needs_approval and not bound[FIND].needs_approval
    assert due(TERMINATE, NOWHERE) and due(CREATE, {"prompt": "Go."})
    assert not due(TERMINATE, {}) and not due("devin_nope", {})  # go back to the model unasked
    assert not due("devin_archive_session", NOWHERE) and not due("devin_get_session", NOWHERE)
    assert not bound[FIND].is_due({"query": "x"}) and bound[CREATE].is_due({"prompt": "Go."})
    assert bound[FIND].fault({"limit": 0}) and not bound[FIND].fault({})


def test_a_call_that_shows_a_secret_is_due_through_what_calls_reads(client: Client, catalog: Catalog) -> None:
    shows = replace(catalog.spec("devin_get_self"), effect=replace(READ, reveals_secret=True))
    function = meta(client, tools=["core", shows.chosen()])[CALL_READ]
    assert function.needs_approval
    assert function.is_due({"name": shows.name}) and not function.is_due({"name": "devin_list_sessions"})


def test_rules_and_consent_see_the_tool_that_was_named() -> None:
    with Client(**simulated(seed=1).connection(), confirm=True, guards=()) as client:
        made = client.run(CreateSession(prompt="Go."), confirm=True)
        call = meta(client)[CALL_WRITE]
        given = {"name": TERMINATE, "arguments": {"session_id": made.session_id}}
        with pytest.raises(Refused, match=TERMINATE):
            call.run(given)
        assert call.run(given, confirm=True)["session_id"] == made.session_id


def test_a_wait_goes_on_by_a_call_that_the_model_can_make(client: Client) -> None:
    made = client.run(CreateSession(prompt="Go. #simulate:toils"))
    wait = {"session_id": made.session_id, "max_seconds": 5}
    tools = ["devin_wait_session", "devin_get_self"]
    bound = functions(client, None, tools, loaded="devin_get_self")
    [call] = [function for function in bound if function.name == CALL_READ]
    resumed = call.run({"name": "devin_wait_session", "arguments": wait})["resume_with"]
    assert resumed["name"] == CALL_READ and resumed["arguments"]["name"] == "devin_wait_session"
    assert call.fault(resumed["arguments"]) is None
