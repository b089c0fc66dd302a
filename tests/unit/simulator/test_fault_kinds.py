"""How the simulated API misbehaves: what a plain client sees of each fault, and what took effect."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest
from support.misbehaving_api import HEADERS, PROMPT, in_process, misbehaving, sessions
from support.misbehaviour_laws import *  # noqa: F403 - collected here
from support.misbehaviour_laws import AFTER, BEFORE, BROKEN

from devin_tools import Simulator
from devin_tools.simulator import FAULTS


def test_every_kind_is_described_and_tried_here():
    assert {*BEFORE, *AFTER, *BROKEN, "repeated_rows", "shifted"} == FAULTS.keys()
    assert all(re.fullmatch(r"[^.\n]{10,70}", summary) for summary in FAULTS.values())


@pytest.mark.parametrize("kind", [*BROKEN, "slow"])
def test_an_async_client_in_process_sees_the_same(kind):
    async def create(simulator: Simulator) -> int:
        options = {"transport": simulator.transport(), "base_url": "http://api", "headers": HEADERS}
        async with httpx.AsyncClient(timeout=0.5, **options) as client:
            return (await client.post(sessions(simulator), json=PROMPT)).status_code

    simulator = misbehaving(kind)
    error, effects = BROKEN.get(kind, (httpx.ReadTimeout, 1))
    with pytest.raises(error):
        asyncio.run(create(simulator))
    assert len(simulator.world.sessions) == effects


def test_a_client_in_process_stops_waiting_at_its_own_timeout():
    simulator = misbehaving("slow")
    began = simulator.clock.now()
    with in_process(simulator, timeout=0.5) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.post(sessions(simulator), json=PROMPT)
    assert simulator.clock.now() - began == 0.5
    with in_process(simulator, timeout=None) as client:
        assert client.post(sessions(simulator), json=PROMPT).status_code == 200
    assert len(simulator.world.sessions) == 2
