"""Half of a character in an argument, at every door: refused with its place, not repeated, nothing sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from support.laws import for_every
from support.served_apps import ask, simulated
from support.shell import in_place_of_the_network
from support.shell import run as typed
from support.tools import built_in

from devin_tools import AsyncClient, Client, Settings, Simulator
from devin_tools.adapters.sim import run
from devin_tools.dispatch import dispatch
from devin_tools.errors import InvalidArguments
from devin_tools.mcp import Service

CREATE = "devin_create_session"
ODD = "CANARY \ud83d"


def by_command_line(simulator: Simulator, given: dict[str, Any]) -> str:
    with pytest.MonkeyPatch.context() as patch, in_place_of_the_network(simulator):
        patch.setenv("DEVIN_API_KEY", "cog_any")
        patch.setenv("DEVIN_ORG_ID", "org-1")
        got = typed("--json-errors", "call", CREATE, json.dumps(given))
    assert got.code == 2 and not got.out
    return got.err


def by_server(simulator: Simulator, given: dict[str, Any]) -> str:
    head = {"Content-Type": "application/json"}
    got = ask(simulated(simulator), CREATE, json.dumps(given).encode(), headers=head)
    assert got.status_code == 422
    return got.text


def by_mcp(simulator: Simulator, given: dict[str, Any]) -> str:
    reached = simulator.connection()

    def connect(settings: Settings) -> AsyncClient:
        return AsyncClient(settings, transport=reached["transport"], clock=reached["clock"], guards=())

    async def go() -> Any:
        settings = Settings(api_key=reached["api_key"], org_id=reached["org_id"])
        service = Service(built_in(), settings, connect)
        params = SimpleNamespace(name=CREATE, arguments=given)
        exchange: Any = SimpleNamespace(params=params, key=None)
        result = await service.call_tool(exchange)
        await service.aclose()
        return result

    result = asyncio.run(go())
    assert result["isError"]
    return str(result["content"][0]["text"])


def by_dispatch(simulator: Simulator, given: dict[str, Any]) -> str:
    with Client(**simulator.connection(), guards=()) as client:
        call = {"type": "tool_use", "id": "1", "name": CREATE, "input": given}
        message = dispatch(client, call, catalog=built_in())
    assert message["is_error"]
    return str(message["content"])


def by_sim(simulator: Simulator, given: dict[str, Any]) -> str:
    names = {"structured_output_schema": "structuredOutputSchema", "idempotency_key": "idempotencyKey"}
    params = {names.get(name, name): value for name, value in given.items()}
    with Client(**simulator.connection(), guards=()) as client:
        with pytest.raises(InvalidArguments) as caught:
            run(client, CREATE, params, catalog=built_in())
    return json.dumps(caught.value.as_dict())


DOORS: list[Callable[[Simulator, dict[str, Any]], str]] = [
    by_command_line, by_server, by_mcp, by_dispatch, by_sim,
]  # fmt: skip
FIELDS = {"prompt": ODD, "title": ODD, "idempotency_key": ODD, "tags": ["ok", ODD]}


@for_every("door, field", lambda: product(DOORS, FIELDS))
def test_half_of_a_character_is_refused_at_the_door(
    simulator: Simulator, door: Callable[..., str], field: str
) -> None:
    given = {"prompt": "a"} | {field: FIELDS[field]}
    said = door(simulator, given)
    assert "lone surrogate" in said and field in said
    assert "CANARY" not in said
    said.encode()
    assert not simulator.requests
