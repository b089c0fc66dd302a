"""What a plugin's tool spends, at every door: held by each rule before anything is sent, and told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from support.laws import for_every
from support.served_apps import ask, simulated, together
from support.shell import in_place_of_the_network
from support.shell import run as typed
from support.tools import built_in

from devin_tools import AsyncClient, Catalog, Client, Output, Settings, Simulator, Tool, describe
from devin_tools.adapters.function import Function
from devin_tools.adapters.sim import run as run_for_sim
from devin_tools.cli.options import Options
from devin_tools.dispatch import dispatch
from devin_tools.engines.temporal.payloads import Ask
from devin_tools.engines.temporal.worker_client import WorkerClient
from devin_tools.errors import DevinToolsError
from devin_tools.flow import Flow
from devin_tools.mcp import Service
from devin_tools.server.console import Console
from devin_tools.settings import VARIABLES
from devin_tools.tool import READ, WRITE, Spending, perform
from devin_tools.wire import POST


class Answered(Output):
    """What came of it."""


class AskForMoney(Tool[Answered]):
    """Ask something, for money."""

    route = POST("/v3/organizations/{org_id}/questions")
    effect = READ.billable(Spending(starts="one", limit="acus"))

    acus: int | None = None
    """The most ACUs."""


class KeepAsking(Tool[Answered]):
    """Ask something again and again."""

    route = POST("/v3/organizations/{org_id}/inquiries")
    effect = WRITE.billable(Spending(starts="standing", limit="acus", cron="every"))

    every: str = "* * * * *"
    """When."""

    acus: int | None = None
    """The most ACUs of each."""


class AskAtLength(Tool[Answered]):
    """Ask something, and more."""

    effect = WRITE.billable(Spending(starts="parts", limit="acus"))

    acus: int | None = None
    """The most ACUs of each."""

    def flow(self) -> Flow[Answered]:
        """Ask for money."""
        return (yield from perform(AskForMoney(acus=self.acus)))


@cache
def catalog() -> Catalog:
    """Return a catalog with them, each chosen by a person."""
    specs = [replace(describe(tool), is_chosen=True) for tool in (AskForMoney, KeepAsking, AskAtLength)]
    others = [built_in().spec("devin_get_self"), built_in().spec("devin_list_sessions")]
    return replace(built_in(), specs={spec.name: spec for spec in (*specs, *others)})


Rule = dict[str, Any]


def settings_of(simulator: Simulator, rule: Rule) -> Settings:
    reached = simulator.connection()
    return Settings(api_key=reached["api_key"], org_id=reached["org_id"], **rule)


def client_of(simulator: Simulator, rule: Rule) -> Client:
    return Client(**simulator.connection(), guards=(), **rule)


def by_python(simulator: Simulator, rule: Rule, name: str, given: Any) -> str:
    with client_of(simulator, rule) as client, pytest.raises(DevinToolsError) as caught:
        client.run(catalog().call(name, given))
    return json.dumps(caught.value.as_dict())


def by_command_line(simulator: Simulator, rule: Rule, name: str, given: Any) -> str:
    with pytest.MonkeyPatch.context() as patch, in_place_of_the_network(simulator):
        for variable, value in {"api_key": "cog_any", "org_id": "org-1", **rule}.items():
            patch.setenv(VARIABLES[variable], str(int(value)) if variable in rule else value)
        patch.setattr(Options, "catalog", catalog())
        got = typed("--json-errors", "call", name, json.dumps(given))
    assert got.code not in (0, 1) and not got.out
    return got.err


def by_server(simulator: Simulator, rule: Rule, name: str, given: Any) -> str:
    got = ask(simulated(simulator, catalog=catalog(), **rule), name, given)
    assert got.status_code in (403, 404)
    return got.text


def by_console(simulator: Simulator, rule: Rule, name: str, given: Any) -> str:
    app = simulated(simulator, catalog=catalog(), console=Console(), **rule)
    consent = {} if "confirm" in rule else {"X-Devin-Confirm": "true"}
    path = f"/console/api/tools/{name}/run"
    got = together(app, lambda client: client.post(path, json=given, headers=consent))
    assert got.status_code == 403
    return str(got.text)


def by_mcp(simulator: Simulator, rule: Rule, name: str, given: Any) -> str:
    reached = simulator.connection()

    def connect(settings: Settings) -> AsyncClient:
        return AsyncClient(settings, transport=reached["transport"], clock=reached["clock"], guards=())

    async def nobody(question: Any) -> None:
        return None

    async def go() -> Any:
        service = Service(catalog(), settings_of(simulator, rule), connect)
        params = SimpleNamespace(name=name, arguments=given)
        exchange: Any = SimpleNamespace(params=params, key=None, ask=nobody)
        result = await service.call_tool(exchange)
        await service.aclose()
        return result

    result = asyncio.run(go())
    assert result["isError"]
    return str(result["content"][0]["text"])


def by_dispatch(simulator: Simulator, rule: Rule, name: str, given: Any) -> str:
    with client_of(simulator, rule) as client:
        call = {"type": "tool_use", "id": "1", "name": name, "input": given}
        message = dispatch(client, call, catalog=catalog())
    assert message["is_error"]
    return str(message["content"])


def by_adapter(simulator: Simulator, rule: Rule, name: str, given: Any) -> str:
    with client_of(simulator, rule) as client:
        function = Function(catalog().spec(name), client, None)  # `functions` would leave it out
        assert function.needs_approval and function.metadata["annotations"]["readOnlyHint"] is False
        with pytest.raises(DevinToolsError) as caught:
            function.run(given)
    return json.dumps(caught.value.as_dict())


def by_sim(simulator: Simulator, rule: Rule, name: str, given: Any) -> str:
    with client_of(simulator, rule) as client, pytest.raises(DevinToolsError) as caught:
        run_for_sim(client, name, given, catalog=catalog())
    return json.dumps(caught.value.as_dict())


def by_worker(simulator: Simulator, rule: Rule, name: str, given: Any) -> str:
    """Ask as a workflow does: of what is made of parts, about the part."""
    reached, outer = simulator.connection(), catalog().spec(name)
    asked = ONCE if name == WHOLE else name
    reach = WorkerClient(AsyncClient(settings_of(simulator, rule), transport=reached["transport"], guards=()))
    ask = Ask(asked, given, is_inside=asked != name, confirm=False, outer=name)
    with pytest.raises(DevinToolsError) as caught:
        reach.admit(catalog().call(asked, given), ask, outer)
    asyncio.run(reach.aclose())
    return json.dumps(caught.value.as_dict())


Door = Callable[[Simulator, Rule, str, Any], str]
PROGRAMS: list[Door] = [by_python, by_dispatch, by_adapter, by_sim, by_worker]
SERVERS: list[Door] = [by_server, by_console, by_mcp]
ONCE, EVER, WHOLE = "devin_ask_for_money", "devin_keep_asking", "devin_ask_at_length"
CASES: list[tuple[str, Rule, dict[str, Any]]] = [
    *((name, {"max_acu": 5}, {"acus": 6}) for name in (ONCE, EVER, WHOLE)),
    *((name, {"max_sessions": 0}, {}) for name in (EVER, WHOLE)),
    *((name, {"read_only": True}, {}) for name in (ONCE, EVER)),
    (EVER, {"confirm": True}, {}),
    (EVER, {"dry_run": True}, {}),
]


def holds(simulator: Simulator, door: Door, name: str, rule: Rule, given: Any) -> None:
    said = door(simulator, rule, name, given)
    assert simulator.requests == []
    reasons = VARIABLES[next(iter(rule))], "rule of this server", "No tool", "needs consent"
    assert any(reason in said for reason in reasons)
    if rule.keys() & {"confirm", "dry_run"}:
        assert "1,440 sessions start by themselves" in said


@for_every("door, name, rule, given", lambda: [(door, *case) for door, case in product(PROGRAMS, CASES)])
def test_what_spends_is_held_by_every_rule_at_the_doors_of_programs(
    simulator: Simulator, door: Door, name: str, rule: Rule, given: dict[str, Any]
) -> None:
    holds(simulator, door, name, rule, given)


@for_every("door, name, rule, given", lambda: [(door, *case) for door, case in product(SERVERS, CASES)])
def test_what_spends_is_held_by_every_rule_at_the_doors_of_servers(
    simulator: Simulator, door: Door, name: str, rule: Rule, given: dict[str, Any]
) -> None:
    holds(simulator, door, name, rule, given)


@for_every("name, rule, given", lambda: CASES)
def test_what_spends_is_held_by_every_rule_at_the_command_line(
    simulator: Simulator, name: str, rule: Rule, given: dict[str, Any]
) -> None:
    holds(simulator, by_command_line, name, rule, given)
