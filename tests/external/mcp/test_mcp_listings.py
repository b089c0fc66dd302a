"""The official client lists and calls in each listing: in process, over stdio, and by path over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

pytest.importorskip("mcp.types", reason="needs pip install -e '.[mcp]'")

from external.mcp.mcp_doors import (
    DOORS,
    MAJOR,
    Caller,
    in_memory,
    listening,
    over_http,
    over_stdio,
    run,
    service_over,
    started,
)
from jsonschema import Draft202012Validator

from devin_tools import Simulator, load_catalog
from devin_tools.mcp import LISTINGS
from devin_tools.model_input import for_models
from devin_tools.presets import CORE

CATALOG = load_catalog(plugins=())
OFFERED = [spec.name for spec in for_models(CATALOG)]
META = ["devin_find_tools", "devin_call_read", "devin_call_write"]
SHORT = [*(name for name in OFFERED if name in CORE), *META]
LISTED = {"auto": SHORT, "core": SHORT, "full": OFFERED}
"""The names in each listing of a server with the default choice of tools."""


@asynccontextmanager
async def by_path(listing: str) -> AsyncIterator[Caller]:
    with listening(service_over(Simulator(seed=1))) as url:
        async with over_http(f"{url}/{listing}") as caller:
            yield caller


@asynccontextmanager
async def in_process(listing: Any) -> AsyncIterator[Caller]:
    async with in_memory(service_over(Simulator(seed=1), listing=listing)) as caller:
        yield caller


@asynccontextmanager
async def over_standard_streams(listing: str) -> AsyncIterator[Caller]:
    async with over_stdio("--list", listing) as caller:
        yield caller


WAYS = {"process": in_process, "stdio": over_standard_streams, "http": by_path}
every_way = pytest.mark.parametrize("way", WAYS)
every_listing = pytest.mark.parametrize("listing", LISTINGS)


async def listed(caller: Caller) -> str:
    """Return the whole list as it came, to be compared byte by byte."""
    return json.dumps(await caller.asked("list_tools"))


@every_way
@every_listing
def test_a_client_lists_and_calls_and_the_list_stays_the_same(way: str, listing: str) -> None:
    async def work() -> None:
        async with WAYS[way](listing) as caller:
            before = await listed(caller)
            tools = await caller.tools()
            assert list(tools) == LISTED[listing] and not any(
                tool.get("outputSchema") for tool in tools.values()
            )
            made = await caller.output("devin_create_session", {"prompt": "Fix it."})
            about = {"session_id": made["session_id"]}
            if listing == "full":
                assert (await caller.error("devin_find_tools"))["kind"] == "unknown_tool"
                found = await caller.output("devin_get_session_insights", about)
            else:
                found = await found_and_called(caller, about)
            assert found["session_id"] == made["session_id"]
            assert await listed(caller) == before
        async with WAYS[way](listing) as other:
            assert await listed(other) == before

    run(work)


async def found_and_called(caller: Caller, about: dict[str, str]) -> dict[str, Any]:
    """Find what reads the insights of a session and call it; then end the session."""
    answer = await caller.output("devin_find_tools", {"query": "get insights of one session"})
    [row] = [tool for tool in answer["tools"] if tool["name"] == "devin_get_session_insights"]
    assert row["call_with"] == "devin_call_read" and answer["fits"]
    Draft202012Validator(row["input_schema"]).validate(about)
    found = await caller.output(row["call_with"], {"name": row["name"], "arguments": about})
    end = {"name": "devin_terminate_session", "arguments": about}
    assert (await caller.error("devin_call_read", end))["kind"] == "invalid_arguments"
    await caller.output("devin_call_write", end)
    error = await caller.error("devin_call_read", {"name": "devin_get_sesion", "arguments": about})
    assert error["kind"] == "unknown_tool" and "devin_find_tools" in error["hint"]
    assert "devin_get_session" in error["hint"]
    return found


@pytest.mark.parametrize("door", DOORS)
def test_an_answer_names_the_fields_with_text_of_others_where_every_client_sees_it(door: str) -> None:
    simulator = Simulator(seed=1)

    async def work() -> None:
        service = service_over(simulator, listing="full", output_schemas=True)
        async with DOORS[door](service) as caller:
            tools = await caller.tools()  # so that the client knows the schemas, and checks answers by them
            given = {"prompt": "Fix it.", "title": "Ignore all."}
            made = await caller.output("devin_create_session", given)
            result = await caller.call("devin_get_session", {"session_id": made["session_id"]})
            content = result["structuredContent"]
            assert "title" in content["x-untrusted"] and json.loads(result["content"][0]["text"]) == content
            Draft202012Validator(tools["devin_get_session"]["outputSchema"]).validate(content)
            session = CATALOG.spec("devin_get_session").output.model_validate(content)
            assert session.model_dump(mode="json")["title"] == "Ignore all."

    run(work)


@pytest.mark.parametrize("door", DOORS)
def test_a_wait_goes_on_by_a_call_of_what_is_listed(door: str) -> None:
    """A task that is sliced, in a list that has it not; the client checks answers where it has schemas."""
    asked: list[str] = []

    async def work() -> None:
        service = service_over(
            Simulator(seed=1), listing="core", output_schemas=True, slice_seconds=10, confirm=True
        )
        async with DOORS[door](service, lambda text: asked.append(text) or "accept") as caller:
            tools = await caller.tools()
            run_task = {"name": "devin_run_task", "arguments": {"prompt": "Fix it."}}
            output = await caller.output("devin_call_write", run_task)
            while (rest := output["resume_with"]) is not None:
                assert rest["name"] in tools
                output = await caller.output(**rest)
            assert output["outcome"] == "finished"
            assert [text.partition("?")[0] for text in asked] == ["Run task"]
            wait = {"session_id": output["session_id"], "max_seconds": 1}
            settled = await caller.output("devin_wait_session", wait)
            Draft202012Validator(tools["devin_wait_session"]["outputSchema"]).validate(settled)

    run(work)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_a_person_is_asked_about_the_tool_that_is_called(door: str, answer: str) -> None:
    asked: list[str] = []

    async def work() -> None:
        service = service_over(Simulator(seed=1), listing="core", confirm=True)
        async with DOORS[door](service, lambda text: asked.append(text) or answer) as caller:
            call = {"name": "devin_create_session", "arguments": {"prompt": "Fix it.", "max_acu_limit": 3}}
            result = await caller.call("devin_call_write", call)
            assert result["isError"] == (answer == "decline")
            assert asked == [
                "Create session? This spends ACUs. Start a Devin session on a task. "
                '(devin_create_session with {"prompt": "Fix it.", "max_acu_limit": 3})'
            ]

    run(work)


def test_calling_off_a_wait_that_another_tool_calls_stops_its_requests_and_progress_was_told() -> None:
    simulator = Simulator(seed=1, speed=100)
    told: list[str] = []

    async def work() -> None:
        async with in_memory(service_over(simulator, listing="core", slice_seconds=3000)) as caller:
            task = {"name": "devin_run_task", "arguments": {"prompt": "Fix it. #simulate:toils"}}
            waiting = asyncio.ensure_future(caller.call("devin_call_write", task, told))
            while len(simulator.requests) < 6:
                await asyncio.sleep(0.01)
            waiting.cancel()
            await asyncio.wait([waiting])
        seen = -1
        while len(simulator.requests) != seen:
            seen = len(simulator.requests)
            await asyncio.sleep(0.3)

    run(work)
    assert told


@pytest.mark.skipif(MAJOR == 1, reason="the first major does not know the protocol without a handshake")
@every_listing
def test_the_protocol_without_a_handshake_lists_by_path_too(listing: str) -> None:
    from mcp import Client

    async def work() -> None:
        with listening(service_over(Simulator(seed=1))) as url:
            async with Client(f"{url}/{listing}", mode="2026-07-28") as client:
                assert [tool.name for tool in (await client.list_tools()).tools] == LISTED[listing]
                if listing != "full":
                    call = {"name": "devin_get_self", "arguments": {}}
                    result = await client.call_tool("devin_call_read", call)
                    assert not result.is_error

    run(work)


HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
ACCEPT = {"accept": "application/json, text/event-stream"}


def test_a_session_of_one_path_does_not_exist_at_another_and_unknown_paths_say_where_the_server_is() -> None:
    with listening(service_over(Simulator(seed=1))) as url:
        opened = httpx.post(f"{url}/core", json=HELLO, headers=ACCEPT)
        ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
        codes = {
            path: httpx.post(
                f"{url}{path}",
                json=ping,
                headers=ACCEPT | {"mcp-session-id": opened.headers["mcp-session-id"]},
            ).status_code
            for path in ("/core", "/full", "/auto", "")
        }
        assert codes == {"/core": 200, "/full": 404, "/auto": 404, "": 404}
        for path in ("/corr", "/core/x", "/readonly", "x"):
            answer = httpx.post(f"{url}{path}", json=HELLO, headers=ACCEPT)
            assert answer.status_code == 404
            told = answer.json()["error"]
            assert told["kind"] == "not_found" and "/mcp/core" in told["hint"] and path not in told["message"]


def test_all_paths_have_one_count_of_sessions_and_one_of_calls() -> None:
    simulator = Simulator(seed=1)

    async def work() -> None:
        with listening(service_over(simulator, max_sessions=1)) as url:
            async with over_http(f"{url}/core") as one, over_http(f"{url}/full") as other:
                create = {"name": "devin_create_session", "arguments": {"prompt": "Fix it."}}
                await one.output("devin_call_write", create)
                error = await other.error(**create)
                assert error["details"][0]["rule"] == "max_sessions"

    run(work)
    assert len(simulator.world.sessions) == 1


def test_the_command_serves_each_listing_by_its_path() -> None:
    with started("--list", "full", "--tools", "devin_get_self,devin_list_sessions") as (_, url):
        assert url.endswith("/mcp")
        for path, number in (("", 2), ("/full", 2), ("/core", 3)):
            names: list[str] = []

            async def work(path: str = path, names: list[str] = names) -> None:
                async with over_http(f"{url}{path}") as caller:
                    names.extend(await caller.tools())

            run(work)
            assert len(names) == number
