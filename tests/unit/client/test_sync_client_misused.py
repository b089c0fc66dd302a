"""What is not a call is refused with what to pass instead, however it is run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from devin_tools import (
    AsyncClient,
    BadDeclaration,
    Client,
    DevinToolsError,
    GetSelf,
    GetSession,
    InvalidArguments,
    ListSessions,
    Simulator,
    Toolbox,
    describe,
    expecting,
    load_catalog,
)

WAYS: dict[str, Callable[[Client, Any], Any]] = {
    "run": lambda client, given: client.run(given),
    "preview": lambda client, given: client.preview(given),
    "events": lambda client, given: list(client.events(given)),
    "pages": lambda client, given: list(client.pages(given)),
    "items": lambda client, given: list(client.items(given)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "given", [GetSession, "devin_get_hunter2", {"hunter2": 1}, None, Simulator, [GetSelf()]]
)
def test_what_is_not_a_call_is_refused_with_what_to_pass(way: str, given: Any, simulator: Simulator) -> None:
    with Client(**simulator.connection()) as client, pytest.raises(InvalidArguments) as caught:
        WAYS[way](client, given)
    assert caught.value.hint.startswith("Pass GetSession(...) with its arguments")
    assert "such as GetSession(session_id=...), and this is " in caught.value.message
    assert "hunter2" not in str(caught.value)


def test_the_asynchronous_client_refuses_it_the_same_way(simulator: Simulator) -> None:
    async def run() -> None:
        async with AsyncClient(**simulator.connection()) as client:
            await client.run(ListSessions)  # type: ignore[arg-type]

    with pytest.raises(InvalidArguments, match=r"the class ListSessions\. Pass ListSessions\("):
        asyncio.run(run())


def test_a_call_that_lists_nothing_has_no_pages(simulator: Simulator) -> None:
    with Client(**simulator.connection()) as client, pytest.raises(InvalidArguments, match="Use run for it"):
        next(client.pages(GetSelf()))  # type: ignore[type-var]


@pytest.mark.parametrize("make", [Client, AsyncClient])
def test_a_walk_over_what_has_no_pages_is_refused_before_it_begins(make: Any, simulator: Simulator) -> None:
    client = make(**simulator.connection())
    for way, given in product(("pages", "items", "events"), (GetSelf(), GetSession, None)):
        if (way, given) != ("events", GetSelf()):
            with pytest.raises(InvalidArguments):
                getattr(client, way)(given)
    assert simulator.requests == []


def test_a_call_is_no_flow(simulator: Simulator) -> None:
    with Client(**simulator.connection()) as client, pytest.raises(InvalidArguments, match="give it to run"):
        client.drive(GetSelf())  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [GetSession, GetSession(session_id="hunter2"), None, 5, ["hunter2"]])
def test_a_tool_is_named_by_text(name: Any) -> None:
    catalog = load_catalog()
    for ask in (catalog.spec, lambda given: catalog.call(given, {})):
        with pytest.raises(InvalidArguments, match="A tool is named by text") as caught:
            ask(name)
        assert "devin_get_session" in caught.value.hint and "hunter2" not in str(caught.value)


@pytest.mark.parametrize("arguments", [None, "hunter2", ["hunter2"], 5, GetSession(session_id="hunter2")])
def test_arguments_are_names_with_values(arguments: Any) -> None:
    with pytest.raises(InvalidArguments, match="names with values") as caught:
        load_catalog().call("devin_get_session", arguments)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("tool", ["devin_get_session", GetSession(session_id="hunter2"), None, Simulator])
def test_only_the_class_of_a_tool_is_described(tool: Any) -> None:
    with pytest.raises(BadDeclaration, match="derives from Tool") as caught:
        describe(tool)
    assert "hunter2" not in str(caught.value)


def test_a_class_in_the_place_of_something_else_is_told_by_its_name() -> None:
    """And not by the class that it is an instance of."""
    with Client(**Simulator().connection()) as client:
        wrong: list[Callable[[], Any]] = [
            lambda: client.drive(GetSession),  # type: ignore[arg-type]
            lambda: load_catalog().call(GetSession, {}),  # type: ignore[arg-type]
            lambda: expecting(Simulator, prompt="x"),  # type: ignore[type-var]
            lambda: describe(Simulator),  # type: ignore[arg-type]
            lambda: Toolbox("core", catalog=GetSession),  # type: ignore[arg-type]
            lambda: Toolbox(Simulator),  # type: ignore[arg-type]
        ]
        for attempt in wrong:
            with pytest.raises(DevinToolsError, match=r"this is the class (GetSession|Simulator)\b"):
                attempt()
