"""What a workflow answers to a step that means something on one machine only."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager

from devin_tools import locks
from devin_tools.engines.temporal.driving import Driver
from devin_tools.wire import Hold


def test_a_workflow_holds_no_lock() -> None:
    driver = object.__new__(Driver)  # a whole one needs a workflow around it
    for _ in range(2):
        got = asyncio.run(driver._perform(Hold("k", 0)))
        assert isinstance(got, AbstractContextManager) and not locks._taken
