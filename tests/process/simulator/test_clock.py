"""A simulated clock that runs by itself."""

from __future__ import annotations

import asyncio
import time

from devin_tools.simulator.clock import SimulatedClock


def test_a_clock_with_a_speed_shortens_waiting():
    clock = SimulatedClock(speed=2_000)
    started, real = clock.now(), time.perf_counter()
    clock.sleep(100)
    asyncio.run(clock.sleep_async(100))
    clock.step(500)
    assert clock.now() - started >= 700
    assert clock.now() - started >= 100 * (time.perf_counter() - real)
