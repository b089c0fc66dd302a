"""Calls that come over MCP with one key take turns, count once, and are answered within a slice."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from support.loops import on_a_loop

from devin_tools import AsyncClient, Settings, Simulator, load_catalog
from devin_tools.errors import InvalidArguments
from devin_tools.local.locks import HeldLocks
from devin_tools.mcp.service import Service

TASK = {"prompt": "Look.", "idempotency_key": "k"}


@dataclass
class Asking:
    """A request of a client without a key of its own that asks for no progress."""

    name: str
    arguments: dict[str, Any]
    key: None = None

    @property
    def params(self) -> Any:
        return SimpleNamespace(name=self.name, arguments=self.arguments)

    async def tell(self, message: str) -> None:
        pass

    async def ask(self, question: Any) -> None:
        raise AssertionError("nobody is to be asked")


def service_over(simulator: Simulator, **settings: Any) -> Service:
    reached = simulator.connection()

    def connect(given: Settings) -> AsyncClient:
        return AsyncClient(given, transport=reached["transport"], clock=reached["clock"], guards=())

    given = Settings(api_key=reached["api_key"], org_id=reached["org_id"], **settings)
    return Service(load_catalog(plugins=()), given, connect)


@on_a_loop
async def test_twenty_calls_at_once_with_one_key_start_one_session_and_count_once() -> None:
    simulator = Simulator(seed=1)
    service = service_over(simulator, max_sessions=1)
    names = ["devin_create_session", "devin_run_task"] * 10
    answers = await asyncio.gather(*(service.call_tool(Asking(name, TASK)) for name in names))
    told = [answer["structuredContent"] for answer in answers]
    assert sorted(one["creation"] for one in told) == ["adopted"] * 19 + ["created"]
    assert len({one["session_id"] for one in told}) == len(simulator.world.sessions) == 1
    await service.aclose()


@pytest.mark.parametrize("name", ["devin_create_session", "devin_run_task"])
@on_a_loop
async def test_a_call_whose_turn_does_not_come_is_told_so_within_a_slice(name: str) -> None:
    service = service_over(Simulator(seed=1))
    settings = service.settings
    with HeldLocks() as turns, turns.take("key", f"{settings.base_url}\0{settings.require_key()}\0k", 0):
        answer = await service.call_tool(Asking(name, TASK))
    (text,) = (content["text"] for content in answer["content"])
    assert answer["isError"] and '"busy"' in text.replace(" ", "") and "more than 45 seconds" in text
    await service.aclose()


@on_a_loop
async def test_of_calls_at_once_only_what_was_not_offered_fails() -> None:
    simulator = Simulator(seed=1)
    service = service_over(simulator, allowed_tools=("devin_get_self", "devin_create_session"))
    end = ("devin_terminate_session", {"session_id": "1"})
    calls = [("devin_get_self", {}), end, ("devin_create_session", TASK)]
    answers = await asyncio.gather(*(service.call_tool(Asking(*call)) for call in calls))
    assert [answer["isError"] for answer in answers] == [False, True, False]
    error = json.loads(answers[1]["content"][0]["text"])["error"]
    assert (error["kind"], "DEVIN" in json.dumps(error)) == ("unknown_tool", False)
    await service.aclose()


@pytest.mark.parametrize("rule", [{"read_only": True}, {"denied_tools": ("devin_create_session",)}])
@on_a_loop
async def test_nobody_corrects_the_arguments_of_what_a_rule_refuses(rule: dict[str, Any]) -> None:
    service = service_over(Simulator(seed=1), **rule)
    answer = await service.call_tool(Asking("devin_create_session", {"colour": "red"}))
    error = json.loads(answer["content"][0]["text"])["error"]
    assert (error["kind"], [detail["rule"] for detail in error["details"]]) == ("refused", list(rule))
    await service.aclose()


@on_a_loop
async def test_a_session_is_no_resource_where_the_choice_leaves_out_what_reads_it() -> None:
    simulator = Simulator(seed=1)
    service = service_over(simulator, allowed_tools=("devin_list_sessions",))
    asked: Any = SimpleNamespace(params=SimpleNamespace(uri="devin://sessions/devin-0"), key=None)
    with pytest.raises(InvalidArguments, match="No resource has this URI") as caught:
        await service.calls.read_resource(asked)
    told = json.dumps(caught.value.as_dict("model"))
    assert "devin_get_session" not in told and "DEVIN_" not in told
    assert simulator.requests == []
    await service.aclose()


def test_its_list_goes_without_output_schemas_unless_they_are_asked_for() -> None:
    settings = Settings(api_key="cog_x", org_id="org-1", allowed_tools=("devin_get_session",))

    def connect(given: Settings) -> AsyncClient:
        raise AssertionError("nothing is run")

    catalog = load_catalog(plugins=())
    short, long = (
        Service(catalog, settings, connect),
        Service(catalog, settings, connect, output_schemas=True),
    )
    [tool], [whole] = (json.loads(service.tools_json())["tools"] for service in (short, long))
    assert tool | {"outputSchema": whole["outputSchema"]} == whole
    assert "outputSchema" not in tool
