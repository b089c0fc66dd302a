"""What a workflow answers to a step that means something on one machine only."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from typing import Any

import pytest

from devin_tools.api import CreateServiceUserKey
from devin_tools.engines.temporal.driver import Driver
from devin_tools.engines.temporal.payloads import Ask, Job
from devin_tools.engines.temporal.worker_client import WorkerClient
from devin_tools.errors import Refused
from devin_tools.flow import Before, Hold, KeepSecret
from devin_tools.local import locks
from devin_tools.tool import READ, Input, Output, Spending, Tool
from devin_tools.wire import POST


class Found(Output):
    """What was found."""


class Bounds(Input):
    """What bounds it."""

    acus: int | None = None
    """The most ACUs."""


class ReadForMoney(Tool[Found]):
    """Read, for money."""

    route = POST("/v3/readings")
    effect = READ.billable(Spending(starts="one", limit="bounds.acus"))

    bounds: Bounds | None = None
    """What bounds it."""


def test_a_workflow_holds_no_lock() -> None:
    driver = object.__new__(Driver)  # a whole one needs a workflow around it
    for _ in range(2):
        got = asyncio.run(driver._perform(Hold("k", 0)))
        assert isinstance(got, AbstractContextManager) and not locks._taken


def test_no_history_holds_a_secret() -> None:
    """Neither one that is to be kept in a file, nor the answer of a call that shows one."""
    driver = object.__new__(Driver)
    with pytest.raises(Refused, match="its history would hold it"):
        asyncio.run(driver._perform(KeepSecret("key", "reserve")))
    reach = object.__new__(WorkerClient)  # it is not asked for more
    call = CreateServiceUserKey(service_user_id="service-user-1", name="CI")
    for is_inside in (False, True):
        ask = Ask("devin_create_service_user_key", {}, is_inside, True, is_again=False, outer="")
        with pytest.raises(Refused, match="the history of a workflow would keep it"):
            reach.admit(call, ask)


def test_a_part_that_reads_for_money_is_asked_about_and_a_nested_limit_stays_typed() -> None:
    asked: list[Ask] = []

    async def answer(ask: Ask) -> dict[str, Any]:
        asked.append(ask)
        return {"arguments": {"bounds": {"acus": 5}}, "error": None}

    driver = object.__new__(Driver)
    driver._job, driver.admitted = Job("devin_change_and_read", {}), set()
    driver.ask = answer  # type: ignore[method-assign]
    call = asyncio.run(driver._before(Before(ReadForMoney(), is_inside=True)))
    assert [(ask.tool, ask.outer) for ask in asked] == [("devin_read_for_money", "devin_change_and_read")]
    assert isinstance(call, ReadForMoney) and call.bounds == Bounds(acus=5)
    assert call.model_dump(exclude_unset=True) == {"bounds": {"acus": 5}}
