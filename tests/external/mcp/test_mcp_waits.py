"""Waits over MCP: in slices, with progress, and over at once when the client calls them off."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

pytest.importorskip("mcp.types", reason="needs pip install -e '.[mcp]'")

from external.mcp.mcp_doors import (
    DOORS,
    MAJOR,
    Caller,
    in_memory,
    listening,
    over_http,
    quiet,
    run,
    service_over,
)

from devin_tools import Simulator, load_catalog
from devin_tools.tasks.wait_session import cut

every_door = pytest.mark.parametrize("door", DOORS)
CATALOG = load_catalog(plugins=())


@pytest.mark.parametrize(
    "name", [n for n, s in CATALOG.specs.items() if "max_seconds" in s.tool.model_fields]
)
def test_every_tool_that_can_wait_is_sliced_unless_less_was_asked_for(name: str) -> None:
    spec = CATALOG.spec(name)
    needed = {key: spec.examples[0][key] for key in spec.input_schema["required"]}
    for given, expected in ((None, 45), (600, 45), (45, 45), (7, 7)):
        arguments = needed if given is None else needed | {"max_seconds": given}
        assert cut(CATALOG.call(name, arguments), 45).max_seconds == expected  # type: ignore[attr-defined]


def test_a_call_that_cannot_wait_is_left_as_it_is() -> None:
    call = CATALOG.call("devin_get_self", {})
    assert cut(call, 45) is call


@every_door
def test_a_cut_wait_gives_the_call_that_goes_on_to_the_end(door: str) -> None:
    async def work() -> None:
        async with DOORS[door](service_over(Simulator(seed=1), slice_seconds=10)) as caller:
            output = await caller.output("devin_run_task", {"prompt": "Fix it."})
            slices = 1
            while output["resume_with"] is not None:
                assert output["outcome"] == "still_running"
                assert output["waited_seconds"] <= 10
                output = await caller.output(**output["resume_with"])
                slices += 1
            assert (output["outcome"], output["creation"]) == ("finished", "adopted")
            assert slices > 3
            page = await caller.output("devin_list_sessions")
            assert [session["session_id"] for session in page["sessions"]] == [output["session_id"]]

    run(work)


@every_door
def test_progress_is_told_to_a_caller_who_wants_it(door: str) -> None:
    async def work() -> None:
        async with DOORS[door](service_over(Simulator(seed=1), slice_seconds=3600)) as caller:
            told: list[str] = []
            await caller.call("devin_run_task", {"prompt": "Fix it."}, told)
            await asyncio.sleep(0.1)
            assert told[:3] == ["created", "new", "running working"]
            assert sorted(told[3:]) == ["pull request", "running finished"]

    run(work)


def test_progress_reaches_a_caller_over_http_on_the_stream_of_its_call() -> None:
    async def work() -> None:
        with listening(service_over(Simulator(seed=1), slice_seconds=3600)) as url:
            async with over_http(url) as caller:
                told: list[str] = []
                await caller.call("devin_run_task", {"prompt": "Fix it."}, told)
                assert "running finished" in told

    run(work)


async def call_off(caller: Caller, waiting: asyncio.Future[Any]) -> None:
    """Cancel the call as a client of each major does."""
    if MAJOR == 1:
        from mcp import types

        number = caller.session._request_id - 1
        params = types.CancelledNotificationParams(requestId=number, reason="no longer wanted")
        notification = types.CancelledNotification(params=params)
        await caller.session.send_notification(types.ClientNotification(notification))
        await asyncio.wait([waiting])
        assert waiting.exception() is not None
    else:
        waiting.cancel()
        await asyncio.wait([waiting])


LONG = "Fix it. #simulate:toils"
"""A task of hours, which no machine is too slow to call off."""


async def follow_cancelled(caller: Caller, simulator: Simulator) -> None:
    made = await caller.output("devin_create_session", {"prompt": LONG})
    waiting = asyncio.ensure_future(caller.call("devin_wait_session", {"session_id": made["session_id"]}))
    while len(simulator.requests) < 5:
        await asyncio.sleep(0.01)
    await call_off(caller, waiting)
    await quiet(simulator)
    assert {method for method, _ in simulator.requests[1:]} == {"GET"}
    session = await caller.output("devin_get_session", {"session_id": made["session_id"]})
    assert (session["status"], session["is_archived"]) == ("running", False)


@every_door
def test_calling_a_wait_off_stops_its_requests_and_leaves_the_session_alone(door: str) -> None:
    simulator = Simulator(seed=1, speed=100)

    async def work() -> None:
        async with DOORS[door](service_over(simulator, slice_seconds=3000)) as caller:
            await follow_cancelled(caller, simulator)

    run(work)


def test_calling_a_wait_off_over_http_stops_its_requests_too() -> None:
    simulator = Simulator(seed=1, speed=100)

    async def work() -> None:
        with listening(service_over(simulator, slice_seconds=3000)) as url:
            async with over_http(url) as caller:
                await follow_cancelled(caller, simulator)

    run(work)


def test_a_client_that_goes_away_stops_the_requests_of_its_waits() -> None:
    simulator = Simulator(seed=1, speed=100)

    async def work() -> None:
        async with in_memory(service_over(simulator, slice_seconds=3000)) as caller:
            waiting = asyncio.ensure_future(caller.call("devin_run_task", {"prompt": LONG}))
            while len(simulator.requests) < 5:
                await asyncio.sleep(0.01)
        waiting.cancel()
        await quiet(simulator)
        await asyncio.wait([waiting])

    run(work)


def test_no_request_is_repeated_for_longer_than_a_slice() -> None:
    simulator = Simulator(seed=1)
    assert service_over(simulator, slice_seconds=20).settings.max_retry_seconds == 20
    assert service_over(simulator, max_retry_seconds=5).settings.max_retry_seconds == 5
