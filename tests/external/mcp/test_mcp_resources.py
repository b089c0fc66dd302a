"""Sessions as resources, prompts for the common tasks, and what a server says of itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("mcp.types", reason="needs pip install -e '.[mcp]'")

from external.mcp.mcp_doors import DOORS, Caller, in_memory, protocol_error, run, service_over
from pydantic import AnyUrl

from devin_tools import Simulator, load_catalog
from devin_tools.mcp.prompts import PROMPTS

every_door = pytest.mark.parametrize("door", DOORS)
CATALOG = load_catalog(plugins=())
SESSION = "devin-4f3a2b1c0d9e8f7a6b5c4d3e2f1a0b9c"
GIVEN = {
    "start_task": {"task": "Fix the flaky test."},
    "follow_up": {"session_id": SESSION, "message": "Use staging."},
    "review_session": {"session_id": SESSION},
}


async def read(caller: Caller, uri: str) -> dict[str, Any]:
    try:
        return await caller.asked("read_resource", uri=AnyUrl(uri))
    except Exception as error:  # the second major takes text, and refuses anything else
        if hasattr(protocol_error(error), "code"):
            raise
        return await caller.asked("read_resource", uri=uri)


async def refused(work: Any) -> Any:
    """Return the error of the protocol that an answer is."""
    try:
        await work
    except Exception as error:
        return protocol_error(error)
    raise AssertionError("it was answered")


@every_door
def test_a_session_is_read_as_a_resource(door: str) -> None:
    async def work() -> None:
        async with DOORS[door](service_over(Simulator(seed=1))) as caller:
            made = await caller.output("devin_create_session", {"prompt": "Fix it."})
            [template] = (await caller.asked("list_resource_templates"))["resourceTemplates"]
            assert template["uriTemplate"] == "devin://sessions/{id}"
            assert (await caller.asked("list_resources"))["resources"] == []
            for name in (made["session_id"], f"devin-{made['session_id']}"):
                [content] = (await read(caller, f"devin://sessions/{name}"))["contents"]
                session = json.loads(content["text"])
                assert session == await caller.output("devin_get_session", {"session_id": name})
                assert (content["mimeType"], content["uri"]) == (
                    "application/json",
                    f"devin://sessions/{name}",
                )

    run(work)


@every_door
def test_what_is_no_session_is_an_error_of_the_protocol_with_ours_in_it(door: str) -> None:
    simulator = Simulator(seed=1)
    cases = {
        f"devin://sessions/{SESSION}": (-32002, "not_found"),
        "devin://sessions/a%2Fb": (-32602, "invalid_arguments"),
        "devin://knowledge/1": (-32602, "invalid_arguments"),
        "https://example.com/": (-32602, "invalid_arguments"),
    }

    async def work() -> None:
        async with DOORS[door](service_over(simulator)) as caller:
            for uri, (code, kind) in cases.items():
                error = await refused(read(caller, uri))
                assert error.data["error"]["kind"] == kind
                assert error.code in (code, -32602)

    run(work)
    assert len(simulator.requests) == 1


def test_a_session_cannot_be_read_where_its_tool_is_not_offered() -> None:
    simulator = Simulator(seed=1)

    async def work() -> None:
        async with in_memory(service_over(simulator, denied_tools=("devin_get_session",))) as caller:
            assert (await caller.asked("list_resource_templates"))["resourceTemplates"] == []
            error = await refused(read(caller, f"devin://sessions/{SESSION}"))
            assert error.data["error"]["kind"] == "refused"

    run(work)
    assert simulator.requests == []


@every_door
def test_every_prompt_is_listed_and_filled_in(door: str) -> None:
    async def work() -> None:
        async with DOORS[door](service_over(Simulator(seed=1))) as caller:
            listed = (await caller.asked("list_prompts"))["prompts"]
            assert [prompt["name"] for prompt in listed] == list(GIVEN)
            for prompt in listed:
                given = GIVEN[prompt["name"]]
                assert {a["name"] for a in prompt["arguments"] if a["required"]} == set(given)
                got = await caller.asked("get_prompt", name=prompt["name"], arguments=given)
                [message] = got["messages"]
                assert message["role"] == "user"
                assert all(value in message["content"]["text"] for value in given.values())

    run(work)


def test_what_a_prompt_may_be_told_is_in_its_text() -> None:
    async def work() -> None:
        async with in_memory(service_over(Simulator(seed=1))) as caller:
            given = {"task": "Fix it.", "repository": "acme/shop", "max_acu_limit": "5"}
            got = await caller.asked("get_prompt", name="start_task", arguments=given)
            assert got["messages"][0]["content"]["text"] == (
                "Start one Devin session on the task below with devin_create_session, on the repository "
                "acme/shop, with max_acu_limit 5. Then tell me its id and its URL.\n\nThe task:\nFix it."
            )

    run(work)


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: prompt.name)
def test_a_prompt_speaks_of_the_tools_it_names_and_of_no_other(prompt: Any) -> None:
    text = prompt.text(dict.fromkeys(prompt.arguments, "x"))
    spoken = {spec.name for spec in CATALOG if spec.name in text.replace(",", " ").replace(".", " ").split()}
    assert spoken == set(prompt.tools)


@every_door
def test_a_prompt_that_lacks_something_is_an_error_that_says_what(door: str) -> None:
    async def work() -> None:
        async with DOORS[door](service_over(Simulator(seed=1))) as caller:
            given = {"message": " ", "mood": "good"}
            error = await refused(caller.asked("get_prompt", name="follow_up", arguments=given))
            assert error.code == -32602
            assert {item["path"] for item in error.data["error"]["details"]} == {
                "session_id",
                "message",
                "mood",
            }
            error = await refused(caller.asked("get_prompt", name="sing", arguments={}))
            assert "start_task" in error.data["error"]["hint"]

    run(work)


@every_door
def test_the_client_is_told_the_instructions(door: str) -> None:
    service = service_over(Simulator(seed=1))

    async def work() -> None:
        async with DOORS[door](service) as caller:
            assert caller.instructions == service.instructions()

    run(work)
