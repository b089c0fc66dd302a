"""A key's session is adopted while no list of the API shows it yet."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import SecretStr
from support.misbehaving_api import misbehaving
from support.simulated_api import simulated

from devin_tools import AsyncClient, Client, CreateSession, Settings
from devin_tools.api import CreatedSession, ListSessions, ReplaceSessionTags
from devin_tools.client.recent_outputs import LATELY, RecentOutputs
from devin_tools.simulator.clock import SimulatedClock

CALL = CreateSession(prompt="Fix it.", idempotency_key="fix-1")


def test_a_second_call_with_a_key_adopts_what_no_list_shows_yet() -> None:
    simulator = misbehaving("stale", seconds=30)
    with Client(**simulator.connection()) as client:
        made = client.run(CALL)
        assert made.creation == "created" and not list(client.items(ListSessions(tags=made.tags)))
        again = client.run(CALL)
    assert (again.creation, again.session_id) == ("adopted", made.session_id)
    assert len(simulator.world.sessions) == 1


def test_clients_of_asyncio_and_of_another_account_go_by_the_same_rule() -> None:
    simulator = misbehaving("stale", seconds=30)

    async def main() -> list[CreatedSession]:
        async with AsyncClient(**simulator.connection()) as client:
            same = client.acting_as(org_id=client.settings.org_id)
            return [await client.run(CALL), await client.run(CALL), await same.run(CALL)]

    assert [made.creation for made in asyncio.run(main())] == ["created", "adopted", "adopted"]


def test_a_session_that_lost_the_tag_of_its_key_is_not_adopted() -> None:
    simulator = simulated()
    with Client(**simulator.connection()) as client:
        made = client.run(CALL)
        client.run(ReplaceSessionTags(session_id=made.session_id, tags=["other"]))
        assert client.run(CALL).creation == "created"
    assert len(simulator.world.sessions) == 2


@pytest.mark.parametrize(
    "settings, key, seconds, is_known",
    [
        (Settings(SecretStr("cog_a"), org_id="org-1"), "fix-1", LATELY - 1, True),
        (Settings(SecretStr("cog_a"), org_id="org-1"), "fix-1", LATELY + 1, False),
        (Settings(SecretStr("cog_a"), org_id="org-1"), "fix-2", 0, False),
        (Settings(SecretStr("cog_a"), org_id="org-2"), "fix-1", 0, False),
        (Settings(SecretStr("cog_b"), org_id="org-1"), "fix-1", 0, False),
    ],
)
def test_it_is_remembered_for_a_minute_and_for_its_own_account(
    settings: Settings, key: str, seconds: float, is_known: bool
) -> None:
    clock = SimulatedClock()
    made = RecentOutputs(clock)
    output = CreatedSession(session_id="a" * 32, url="https://app.devin.ai/sessions/a", status="new")
    made.note(Settings(SecretStr("cog_a"), org_id="org-1"), CALL, output)
    made.note(Settings(SecretStr("cog_a"), org_id="org-1"), CreateSession(prompt="x"), output)
    clock.step(seconds)
    assert (made.recall(settings, key) is output) is is_known
