"""Calls of many at once: bounded for each caller, and nobody waits for another's."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from support.loops import on_a_loop
from support.served_apps import SESSION, Held, few_tools, until

from devin_tools import AsyncClient, Settings
from devin_tools.mcp import Service
from devin_tools.simulator.clock import SimulatedClock

ADA, BOB = SecretStr("cog_ada"), SecretStr("cog_bob")


def service_over(api: Held, **more: Any) -> Service:
    def connect(settings: Settings) -> AsyncClient:
        return AsyncClient(settings, transport=api, clock=SimulatedClock(), guards=())

    return Service(few_tools(), Settings(org_id="org-1"), connect, **more)


def asked(
    service: Service, key: SecretStr, name: str = "devin_get_session", through: str = "", **given: Any
) -> Any:
    async def tell(message: str) -> None:
        pass

    params = SimpleNamespace(name=name, arguments=SESSION | given)
    if through:
        params = SimpleNamespace(name=through, arguments=vars(params))
    exchange: Any = SimpleNamespace(params=params, key=key, tell=tell)
    return asyncio.ensure_future(service.call_tool(exchange))


def error_of(result: Any) -> Any:
    return json.loads(result["content"][0]["text"])["error"]


@pytest.mark.parametrize("through", ["", "devin_call_read"])
@on_a_loop
async def test_a_call_too_many_of_one_caller_is_refused_while_another_is_answered(through: str) -> None:
    api = Held()
    service = service_over(api, calls_at_once=2, listing="core")
    first = [asked(service, ADA, through=through) for _ in range(2)]
    await until(lambda: len(api.asked) == 2)
    error = error_of(await asked(service, ADA, through=through))
    assert (error["kind"], error["retryable"], error["retry_after"]) == ("rate_limited", True, 1.0)
    other = asked(service, BOB)
    await until(lambda: len(api.asked) == 3)
    api.let()
    assert not any(result["isError"] for result in await asyncio.gather(*first, other))
    assert not (await asked(service, ADA))["isError"]
    await service.aclose()


@on_a_loop
async def test_of_300_waits_of_one_caller_few_ask_the_api_and_none_goes_on_when_it_leaves() -> None:
    api = Held()
    service = service_over(api)
    waits = [asked(service, ADA, "devin_wait_session") for _ in range(300)]
    await until(lambda: sum(wait.done() for wait in waits) == 300 - 64 and len(api.asked) == 64)
    assert {error_of(wait.result())["kind"] for wait in waits if wait.done()} == {"rate_limited"}
    other = asked(service, BOB)
    await until(lambda: len(api.asked) == 65)
    for wait in waits:
        wait.cancel()
    await asyncio.gather(*waits, return_exceptions=True)
    api.let()
    assert not (await other)["isError"]
    assert len(api.asked) == 65 and not service.calls._running
    await service.aclose()
