"""Tags that come as text, at every door: the session gets those that were meant, or keeps its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from support.laws import for_every
from support.served_apps import ask, simulated, together
from support.shell import in_place_of_the_network
from support.shell import run as typed
from support.tools import built_in

from devin_tools import AsyncClient, Catalog, Client, CreateSession, ReplaceSessionTags, Settings, Simulator
from devin_tools.adapters.form_values import filled
from devin_tools.adapters.function import functions
from devin_tools.adapters.sim import run as run_for_sim
from devin_tools.dispatch import dispatch
from devin_tools.engines.temporal.serialization import arguments_of
from devin_tools.errors import DevinToolsError
from devin_tools.export.builders.fields import fields_of
from devin_tools.mcp import Service
from devin_tools.server.console import Console

REPLACE = "devin_replace_session_tags"
OWN = ["keep", "me"]

MEANT: list[tuple[Any, list[str]]] = [
    ('["ops"]', ["ops"]),
    (' \ufeff["a, b", "c"]\n', ["a, b", "c"]),
    ("a, b", ["a", "b"]),
    (["a, b", "[x] y"], ["a, b", "[x] y"]),
]
GARBAGE: list[Any] = [
    '["CANARY"', "[CANARY, web]", "['CANARY']", '{"tags": ["CANARY"]}', '"[\\"CANARY\\"]"', "null",
    "undefined", "None", "", "[object Object]", '[["CANARY"]]', "[1]", "[null]",
    '["[\\"CANARY\\"]"]', '"CANARY", "b"',
    ['["CANARY"]'], ['["CANARY"', '"b"]'], ["[CANARY", "b]"], ["null"], ["undefined"], ['"CANARY"'],
    [["CANARY"]], ["['CANARY', 'b']"], "[CANARY]", "{CANARY, b}",
]  # fmt: skip

Given = Mapping[str, Any]
Door = Callable[[Simulator, Given], str | None]
"""Runs the tool with arguments; returns the text of the error that there was, if any."""


@cache
def catalog() -> Catalog:
    return Catalog({REPLACE: built_in().specs[REPLACE]})


def told(work: Callable[[], Any]) -> str | None:
    try:
        work()
    except DevinToolsError as error:
        assert error.kind == "invalid_arguments"
        return json.dumps(error.as_dict())
    return None


def by_python(simulator: Simulator, given: Given) -> str | None:
    with Client(**simulator.connection(), guards=()) as client:
        try:
            client.run(ReplaceSessionTags(**given))
        except ValueError as error:
            return str(error)
    return None


def by_catalog(simulator: Simulator, given: Given) -> str | None:
    with Client(**simulator.connection(), guards=()) as client:
        return told(lambda: client.run(catalog().call(REPLACE, given)))


def by_recorded_arguments(simulator: Simulator, given: Given) -> str | None:
    """As engines do: a call, its arguments in a history, and a call again."""
    with Client(**simulator.connection(), guards=()) as client:
        call = lambda: catalog().call(REPLACE, arguments_of(catalog().call(REPLACE, given)))  # noqa: E731
        return told(lambda: client.run(call()))


def by_command_line(simulator: Simulator, *words: str, stdin: str = "") -> str | None:
    with pytest.MonkeyPatch.context() as patch, in_place_of_the_network(simulator):
        patch.setenv("DEVIN_API_KEY", simulator.connection()["api_key"])
        patch.setenv("DEVIN_ORG_ID", simulator.connection()["org_id"])
        got = typed("--json-errors", "call", REPLACE, *words, stdin=stdin)
    assert got.code in (0, 2)
    return got.err if got.code else None


def by_json(simulator: Simulator, given: Given) -> str | None:
    return by_command_line(simulator, "-", stdin=json.dumps(given))


def by_flags(simulator: Simulator, given: Given) -> str | None:
    tags = given["tags"] if isinstance(given["tags"], list) else [given["tags"]]
    if not all(isinstance(tag, str) for tag in tags) or given["tags"] == MEANT[-1][0]:
        return by_json(simulator, given)
    words = [word for tag in tags for word in ("--tags", tag)]
    return by_command_line(simulator, "--session-id", given["session_id"], *words)


def by_server(simulator: Simulator, given: Given) -> str | None:
    got = ask(simulated(simulator, catalog=catalog()), REPLACE, given)
    assert got.status_code in (200, 422)
    return got.text if got.is_error else None


def by_console(simulator: Simulator, given: Given) -> str | None:
    app, path = (
        simulated(simulator, catalog=catalog(), console=Console()),
        f"/console/api/tools/{REPLACE}/run",
    )
    got = together(app, lambda client: client.post(path, json=given, headers={"X-Devin-Confirm": "true"}))
    assert got.status_code in (200, 422)
    return got.text if got.is_error else None


def by_mcp(simulator: Simulator, given: Given) -> str | None:
    reached = simulator.connection()

    def connect(settings: Settings) -> AsyncClient:
        return AsyncClient(settings, transport=reached["transport"], clock=reached["clock"], guards=())

    async def go() -> Any:
        settings = Settings(api_key=reached["api_key"], org_id=reached["org_id"])
        service = Service(catalog(), settings, connect)
        exchange: Any = SimpleNamespace(params=SimpleNamespace(name=REPLACE, arguments=given), key=None)
        result = await service.call_tool(exchange)
        await service.aclose()
        return result

    result = asyncio.run(go())
    return str(result["content"][0]["text"]) if result.get("isError") else None


def dispatched(simulator: Simulator, call: dict[str, Any]) -> str | None:
    with Client(**simulator.connection(), guards=()) as client:
        text = json.dumps(dispatch(client, call, catalog=catalog()))
    return text if "invalid_arguments" in text else None


def by_openai(simulator: Simulator, given: Given) -> str | None:
    function = {"name": REPLACE, "arguments": json.dumps(given)}
    return dispatched(simulator, {"type": "function", "id": "1", "function": function})


def by_openai_responses(simulator: Simulator, given: Given) -> str | None:
    arguments = json.dumps(given)
    call = {"type": "function_call", "call_id": "1", "name": REPLACE, "arguments": arguments}
    return dispatched(simulator, call)


def by_anthropic(simulator: Simulator, given: Given) -> str | None:
    return dispatched(simulator, {"type": "tool_use", "id": "1", "name": REPLACE, "input": given})


def by_gemini(simulator: Simulator, given: Given) -> str | None:
    return dispatched(simulator, {"functionCall": {"name": REPLACE, "args": given}})


def by_bedrock(simulator: Simulator, given: Given) -> str | None:
    return dispatched(simulator, {"toolUse": {"toolUseId": "1", "name": REPLACE, "input": given}})


def by_langchain(simulator: Simulator, given: Given) -> str | None:
    return dispatched(simulator, {"type": "tool_call", "id": "1", "name": REPLACE, "args": given})


def by_frameworks(simulator: Simulator, given: Given) -> str | None:
    with Client(**simulator.connection(), guards=()) as client:
        (function,) = functions(client, None, list(catalog()))
        return told(lambda: function.run(given))


def by_form(simulator: Simulator, given: Given) -> str | None:
    """As Dify's tools and Langflow's components do."""
    fields = [(field, given[field.name]) for field in fields_of(catalog().spec(REPLACE))]
    with Client(**simulator.connection(), guards=()) as client:
        return told(lambda: client.run(catalog().call(REPLACE, filled(fields))))


def by_sim(simulator: Simulator, given: Given) -> str | None:
    params = {"sessionId": given["session_id"], "tags": given["tags"]}
    with Client(**simulator.connection(), guards=()) as client:
        return told(lambda: run_for_sim(client, REPLACE, params, catalog=catalog()))


DOORS: list[Door] = [
    by_python, by_catalog, by_recorded_arguments, by_json, by_flags, by_server, by_console, by_mcp, by_openai,
    by_openai_responses, by_anthropic, by_gemini, by_bedrock, by_langchain, by_frameworks, by_form, by_sim,
]  # fmt: skip
MEANT_THERE: list[tuple[Door, Any]] = [
    (by_flags, ['["CANARY"]']),
    (by_flags, ['["CANARY"', '"b"]']),
    (by_form, ['["CANARY"]']),
    (by_sim, "[1]"),
]
"""What is a list all the same where a text comes as a list of it, repeated options are joined, or a number is
written as text."""


def tags_after(door: Door, tags: Any) -> tuple[list[str], str | None]:
    """Replace the tags of a new session through a door; return those it has, and the error."""
    simulator = Simulator(seed=7, catalog=built_in())
    with Client(**simulator.connection(), guards=()) as client:
        made = client.run(CreateSession(prompt="x", tags=OWN))
    said = door(simulator, {"session_id": made.session_id, "tags": tags})
    record = simulator.world.sessions[made.session_id]
    return [tag for tag in record.tags if not tag.startswith("devin-tools-key:")], said


def cases(values: list[Any]) -> Callable[[], Iterator[tuple[Door, Any]]]:
    return lambda: ((door, value) for door in DOORS for value in values)


@for_every("door, case", cases(MEANT))
def test_tags_are_those_that_were_meant(door: Door, case: tuple[Any, list[str]]) -> None:
    given, meant = case
    tags, said = tags_after(door, given)
    assert said is None
    assert tags == meant


@pytest.mark.parametrize("door", DOORS)
def test_garbage_replaces_nothing(door: Door) -> None:
    for given in GARBAGE:
        if (door, given) in MEANT_THERE:
            continue
        tags, said = tags_after(door, given)
        assert tags == OWN, given
        assert said is not None and "tags" in said, given
        assert "CANARY" not in said, given
