"""Clients by key come and go; what a key has started is not forgotten with them."""

from __future__ import annotations

import asyncio

from pydantic import SecretStr
from support.loops import on_a_loop

from devin_tools import AsyncClient, Settings, Simulator, load_catalog
from devin_tools.api import CreateSession
from devin_tools.errors import Refused
from devin_tools.mcp.client_pool import ClientPool

EVERYTHING = frozenset(spec.permission for spec in load_catalog(plugins=()) if spec.permission)


@on_a_loop
async def test_other_keys_do_not_make_the_server_forget_what_a_caller_started() -> None:
    simulator = Simulator(seed=1, keys={f"cog_{name}": EVERYTHING for name in "abc"})
    reached = simulator.connection()

    def connect(settings: Settings) -> AsyncClient:
        return AsyncClient(settings, transport=reached["transport"], clock=reached["clock"], guards=())

    callers = ClientPool(Settings(org_id=reached["org_id"], max_sessions=1), connect, most=1)

    async def started(name: str) -> bool:
        try:
            async with callers.client(SecretStr(f"cog_{name}")) as client:
                await client.run(CreateSession(prompt="x"))
        except Refused:
            return False
        return True

    assert [await started(name) for name in "ababcca"] == [True, True, False, False, True, False, False]
    assert len(simulator.world.sessions) == 3
    await callers.aclose()


@on_a_loop
async def test_keys_that_started_nothing_leave_nothing_behind() -> None:
    reached = Simulator(seed=1).connection()
    callers = ClientPool(
        Settings(org_id=reached["org_id"]),
        lambda settings: AsyncClient(settings, transport=reached["transport"], guards=()),
        most=2,
    )
    for number in range(20):
        async with callers.client(SecretStr(f"cog_{number}")):
            await asyncio.sleep(0)
    assert (len(callers._entries), len(callers._limits)) == (2, 0)
    await callers.aclose()
