"""What is not a call is refused with what to pass instead, however it is run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from devin_tools import AsyncClient, Client, GetSelf, GetSession, InvalidArguments, ListSessions, Simulator

WAYS: dict[str, Callable[[Client, Any], Any]] = {
    "run": lambda client, given: client.run(given),
    "preview": lambda client, given: client.preview(given),
    "events": lambda client, given: list(client.events(given)),
    "pages": lambda client, given: list(client.pages(given)),
    "items": lambda client, given: list(client.items(given)),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("given", [GetSession, "devin_get_session", {"session_id": "a"}, None, Simulator])
def test_what_is_not_a_call_is_refused_with_what_to_pass(way: str, given: Any, simulator: Simulator) -> None:
    with Client(**simulator.connection()) as client, pytest.raises(InvalidArguments) as caught:
        WAYS[way](client, given)
    assert caught.value.hint.startswith("Pass GetSession(...) with its arguments")
    assert "session_id" not in str(caught.value)


def test_the_asynchronous_client_refuses_it_the_same_way(simulator: Simulator) -> None:
    async def run() -> None:
        async with AsyncClient(**simulator.connection()) as client:
            await client.run(ListSessions)  # type: ignore[arg-type]

    with pytest.raises(InvalidArguments, match=r"the class ListSessions\. Pass ListSessions\("):
        asyncio.run(run())


def test_a_call_that_lists_nothing_has_no_pages(simulator: Simulator) -> None:
    with Client(**simulator.connection()) as client, pytest.raises(InvalidArguments, match="Use run for it"):
        next(client.pages(GetSelf()))  # type: ignore[type-var]
