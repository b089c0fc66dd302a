"""Virtual time: sleepers wake in order, time passes once for all of them, and never goes back."""

from __future__ import annotations

import asyncio
import math
import random

import pytest
from support.simulated_api import simulated

from devin_tools import Client, CreateSession, GetSession, ListSessionMessages, SendMessage
from devin_tools.simulator.clock import EPOCH, SimulatedClock


def elapsed(clock: SimulatedClock) -> float:
    return clock.now() - EPOCH


def test_tasks_wake_in_order_of_due_time_and_time_is_the_longest_not_the_sum():
    clock, woken = SimulatedClock(), []

    async def sleep(seconds: float) -> None:
        await clock.sleep_async(seconds)
        woken.append((seconds, elapsed(clock)))

    async def main() -> None:
        await asyncio.gather(*(sleep(seconds) for seconds in (30, 5, 20, 0, 10)))

    asyncio.run(main())
    assert woken == [(0, 0), (5, 5), (10, 10), (20, 20), (30, 30)]


def test_tasks_that_sleep_again_and_again_share_one_time():
    clock, woken = SimulatedClock(), []

    async def sleep(name: str, seconds: float, times: int) -> None:
        for _ in range(times):
            await clock.sleep_async(seconds)
            woken.append((elapsed(clock), name))

    async def main() -> None:
        await asyncio.gather(sleep("a", 10, 3), sleep("b", 15, 3), sleep("c", 4, 2))

    asyncio.run(main())
    assert woken == [(4, "c"), (8, "c"), (10, "a"), (15, "b"), (20, "a"), (30, "b"), (30, "a"), (45, "b")]


def test_time_waits_for_tasks_that_still_have_work_to_do():
    clock, woken = SimulatedClock(), []

    async def work_then_sleep(turns: int, seconds: float) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await clock.sleep_async(seconds)
        woken.append(elapsed(clock))

    async def main() -> None:
        await asyncio.gather(*(work_then_sleep(turns, 20 - turns) for turns in (0, 15)))

    asyncio.run(main())
    assert woken == [5, 20]


def test_thousands_of_sleepers_are_woken_in_order():
    clock, woken = SimulatedClock(), []

    async def sleep(seconds: float) -> None:
        await clock.sleep_async(seconds)
        woken.append(seconds)

    async def main() -> None:
        await asyncio.gather(*(sleep(seconds) for seconds in wanted))

    wanted = random.Random(1).sample(range(100_000), 2_000)
    asyncio.run(main())
    assert woken == sorted(wanted)
    assert elapsed(clock) == max(wanted)


def test_a_cancelled_sleeper_moves_no_time():
    clock = SimulatedClock()

    async def main() -> None:
        cancelled = asyncio.create_task(clock.sleep_async(1))
        kept = asyncio.create_task(clock.sleep_async(5))
        await asyncio.sleep(0)
        cancelled.cancel()
        await clock.sleep_async(3)
        assert elapsed(clock) == 3
        await kept

    asyncio.run(main())
    assert elapsed(clock) == 5


def test_a_loop_that_was_abandoned_does_not_stop_the_next_one():
    clock = SimulatedClock()

    async def abandon() -> None:
        asyncio.create_task(clock.sleep_async(1_000))  # noqa: RUF006 - the end of the loop cancels it
        await asyncio.sleep(0)

    asyncio.run(abandon())
    asyncio.run(clock.sleep_async(7))
    assert elapsed(clock) == 7


def test_a_step_from_outside_wakes_whoever_is_due():
    clock = SimulatedClock()

    async def main() -> None:
        sleeper = asyncio.create_task(clock.sleep_async(50))
        await asyncio.sleep(0)
        clock.step(80)
        await sleeper

    asyncio.run(main())
    assert elapsed(clock) == 80


def test_time_never_goes_back():
    clock = SimulatedClock()
    clock.sleep(10)
    clock.step(-5)
    clock.sleep(-5)
    clock.step(math.nan)
    assert elapsed(clock) == 10


@pytest.mark.parametrize("speed", [0, -1, math.inf, math.nan])
def test_an_impossible_speed_is_refused(speed):
    with pytest.raises(ValueError, match="above 0"):
        SimulatedClock(speed)


def test_time_stands_still_while_a_request_is_answered():
    simulator = simulated(speed=1_000_000)
    with Client(**simulator.connection()) as client:
        on = {"session_id": client.run(CreateSession(prompt="Look.")).session_id}
        for _ in range(40):
            client.run(SendMessage(message="And?", **on))
        times = [message.created_at for message in client.run(ListSessionMessages(**on)).messages]
        session = client.run(GetSession(**on))
    assert times == sorted(times)
    assert session.created_at <= session.updated_at
