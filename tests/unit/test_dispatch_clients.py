"""The client of the other kind: a call would be made, and its answer lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from devin_tools import AsyncClient, Client, Simulator, Toolbox, UsageError
from devin_tools.adapters import sim
from devin_tools.adapters.function import Function, functions
from devin_tools.dispatch import adispatch, dispatch, require_async_client, require_client

CREATE = {"type": "tool_use", "id": "c1", "name": "devin_create_session", "input": {"prompt": "x"}}
BOX = Toolbox("core")

Door = Callable[[Any, Any], Any]


def created_by(tools: list[Function]) -> Function:
    """Return the function that creates a session."""
    return next(one for one in tools if one.name == "devin_create_session")


DOORS: dict[str, Door] = {
    "dispatch": lambda client, _: dispatch(client, CREATE),
    "adispatch": lambda _, client: asyncio.run(adispatch(client, CREATE)),
    "Toolbox.dispatch": lambda client, _: BOX.dispatch(client, CREATE),
    "Toolbox.adispatch": lambda _, client: asyncio.run(BOX.adispatch(client, CREATE)),
    "sim.run": lambda client, _: sim.run(client, "devin_create_session", {"prompt": "x"}),
    "sim.arun": lambda _, client: asyncio.run(sim.arun(client, "devin_create_session", {"prompt": "x"})),
    "client=": lambda client, _: created_by(functions(client, None, "core")).run({"prompt": "x"}),
    "async_client=": lambda _, client: asyncio.run(
        created_by(functions(None, client, "core")).arun({"prompt": "x"})
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_the_other_client_is_refused_before_anything_is_paid_for(door: str) -> None:
    simulator = Simulator()
    given = AsyncClient(**simulator.connection()), Client(**simulator.connection())
    with pytest.raises(UsageError) as caught:
        DOORS[door](*given)
    is_async = door in ("adispatch", "Toolbox.adispatch", "sim.arun", "async_client=")
    wanted = (
        "an AsyncClient, and what is given is of type Client" if is_async else "a Client, and what is given"
    )
    assert f"This takes {wanted}" in str(caught.value)
    assert not simulator.requests


@pytest.mark.parametrize("door", DOORS)
def test_the_right_client_runs_the_call(door: str) -> None:
    simulator = Simulator()
    DOORS[door](Client(**simulator.connection()), AsyncClient(**simulator.connection()))
    assert len(simulator.world.sessions) == 1


def test_what_is_no_client_is_neither() -> None:
    for require in (require_client, require_async_client):
        with pytest.raises(UsageError, match="of type dict"):
            require({})  # type: ignore[arg-type]
