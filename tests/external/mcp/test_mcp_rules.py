"""What a server offers, what it refuses, and when it asks the person at the client."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("mcp.types", reason="needs pip install -e '.[mcp]'")

from external.mcp.mcp_doors import DOORS, Caller, in_memory, listening, over_http, run, service_over

from devin_tools import Settings, Simulator, UsageError, load_catalog
from devin_tools.model_input import for_models
from devin_tools.presets import narrowed, offered

every_door = pytest.mark.parametrize("door", DOORS)
CATALOG = load_catalog(plugins=())
EVERY = {spec.name for spec in for_models(CATALOG)}
CREATE = ("devin_create_session", {"prompt": "Fix it."})


def offer(**given: Any) -> set[str]:
    return set(offered(CATALOG, narrowed(CATALOG, Settings(), **given)))


def test_naming_tools_only_narrows_what_the_settings_allow() -> None:
    settings = Settings(
        allowed_tools=("devin_get_session", "devin_get_self"), denied_tools=("devin_get_self",)
    )
    one = narrowed(CATALOG, settings, include=["devin_get_session", "devin_create_session"])
    assert set(offered(CATALOG, one)) == {"devin_get_session"}
    assert set(offered(CATALOG, narrowed(CATALOG, settings))) == {"devin_get_session"}
    assert offer(include=["devin_get_self"]) == {"devin_get_self"}
    assert offer(include=[]) == set()
    assert offer(exclude=["devin_get_self"]) == EVERY - {"devin_get_self"}
    assert narrowed(CATALOG, Settings(read_only=True), tools="*").read_only


@pytest.mark.parametrize("given", [{"include": ["devin_get_sesion"]}, {"exclude": ["devin_get_sesion"]}])
def test_a_tool_that_does_not_exist_is_a_mistake_of_the_command_line(given: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="devin_get_sesion") as caught:
        offer(**given)
    assert "devin_get_session" in caught.value.hint


@every_door
def test_a_read_only_server_lists_only_reads_and_refuses_the_rest(door: str) -> None:
    simulator = Simulator(seed=1)

    async def work() -> None:
        async with DOORS[door](service_over(simulator, read_only=True)) as caller:
            tools = await caller.tools()
            assert all(tool["annotations"]["readOnlyHint"] for tool in tools.values())
            assert "devin_get_session" in tools
            error = await caller.error(*CREATE)
            assert (error["kind"], error["details"][0]["rule"]) == ("refused", "read_only")
            prompts = (await caller.asked("list_prompts"))["prompts"]
            assert [prompt["name"] for prompt in prompts] == ["review_session"]

    run(work)
    assert simulator.requests == []


def test_a_tool_that_is_not_offered_is_refused_and_nobody_is_asked() -> None:
    simulator = Simulator(seed=1)
    asked: list[str] = []

    async def work() -> None:
        service = service_over(simulator, denied_tools=("devin_create_session",), confirm=True)
        async with in_memory(service, lambda text: asked.append(text) or "accept") as caller:
            error = await caller.error(*CREATE)
            assert error["details"][0]["rule"] == "denied_tools"

    run(work)
    assert (simulator.requests, asked) == ([], [])


def test_other_rules_of_the_settings_hold_too() -> None:
    async def work() -> None:
        async with in_memory(service_over(Simulator(seed=1), max_sessions=1, max_acu=5)) as caller:
            error = await caller.error("devin_create_session", {"prompt": "x", "max_acu_limit": 6})
            assert error["details"][0]["rule"] == "max_acu"
            await caller.output(*CREATE)
            error = await caller.error(*CREATE)
            assert error["details"][0]["rule"] == "max_sessions"

    run(work)


@every_door
def test_a_person_who_agrees_lets_the_call_through(door: str) -> None:
    asked: list[str] = []

    async def work() -> None:
        service = service_over(Simulator(seed=1), confirm=True)
        async with DOORS[door](service, lambda text: asked.append(text) or "accept") as caller:
            made = await caller.output("devin_create_session", {"prompt": "Fix it.", "max_acu_limit": 3})
            assert asked == [
                "Create session? This spends ACUs. Start a Devin session on a task. "
                '(devin_create_session with {"prompt": "Fix it.", "max_acu_limit": 3})'
            ]
            await caller.output("devin_get_session", {"session_id": made["session_id"]})
            assert len(asked) == 1
            await caller.output("devin_terminate_session", {"session_id": made["session_id"]})
            assert asked[1].startswith("Terminate session? This cannot be undone.")

    run(work)


@every_door
@pytest.mark.parametrize("answer", ["decline", "cancel"])
def test_a_person_who_does_not_agree_stops_the_call(door: str, answer: str) -> None:
    simulator = Simulator(seed=1)

    async def work() -> None:
        async with DOORS[door](service_over(simulator, confirm=True), lambda text: answer) as caller:
            error = await caller.error(*CREATE)
            assert (error["kind"], error["details"][0]["rule"]) == ("refused", "confirm")
            assert "did not agree" in error["message"]

    run(work)
    assert simulator.requests == []


@every_door
def test_where_the_client_cannot_ask_the_guard_refuses(door: str) -> None:
    simulator = Simulator(seed=1)

    async def work() -> None:
        async with DOORS[door](service_over(simulator, confirm=True)) as caller:
            error = await caller.error(*CREATE)
            assert (error["kind"], error["details"][0]["rule"]) == ("refused", "confirm")
            assert "nobody confirmed it" in error["message"]
            await caller.output("devin_list_sessions")

    run(work)
    assert {method for method, _ in simulator.requests} == {"GET"}


def test_nobody_is_asked_where_the_settings_do_not_want_it() -> None:
    asked: list[str] = []

    async def work() -> None:
        service = service_over(Simulator(seed=1))
        async with in_memory(service, lambda text: asked.append(text) or "decline") as caller:
            await caller.output(*CREATE)

    run(work)
    assert asked == []


def test_bad_arguments_are_told_before_anybody_is_asked() -> None:
    asked: list[str] = []

    async def work() -> None:
        service = service_over(Simulator(seed=1), confirm=True)
        async with in_memory(service, lambda text: asked.append(text) or "accept") as caller:
            assert (await caller.error("devin_create_session"))["kind"] == "invalid_arguments"

    run(work)
    assert asked == []


async def finished(caller: Caller, output: dict[str, Any]) -> dict[str, Any]:
    while output["resume_with"] is not None:
        output = await caller.output(**output["resume_with"])
    return output


@every_door
def test_going_on_with_a_task_that_was_agreed_to_asks_nobody_again(door: str) -> None:
    asked: list[str] = []

    async def work() -> None:
        service = service_over(Simulator(seed=1), confirm=True, slice_seconds=10, listing="full")
        async with DOORS[door](service, lambda text: asked.append(text) or "accept") as caller:
            output = await caller.output("devin_run_task", {"prompt": "Fix it."})
            rest = output["resume_with"]
            assert rest is not None
            assert (await finished(caller, output))["outcome"] == "finished"
            assert len(asked) == 1
            other = rest["arguments"] | {"prompt": "Something else."}
            await caller.output("devin_run_task", other)
            assert len(asked) == 2

    run(work)


def test_consent_to_one_session_is_none_to_another_when_the_first_has_lost_its_tag() -> None:
    asked: list[str] = []
    simulator = Simulator(seed=1)

    async def work() -> None:
        service = service_over(simulator, confirm=True, slice_seconds=10, listing="full")
        async with in_memory(service, lambda text: asked.append(text) or "accept") as caller:
            output = await caller.output("devin_run_task", {"prompt": "Fix it."})
            rest, known = output["resume_with"], {"session_id": output["session_id"]}
            await caller.output("devin_append_session_tags", known | {"tags": ["mine"]})
            await caller.output(**rest)
            assert len(asked) == len(simulator.world.sessions) == 1
            await caller.output("devin_replace_session_tags", known | {"tags": []})
            await caller.output(**rest)
            assert len(asked) == len(simulator.world.sessions) == 2

    run(work)


def test_a_long_prompt_does_not_hide_the_limit_from_whoever_is_asked() -> None:
    asked: list[str] = []

    async def work() -> None:
        service = service_over(Simulator(seed=1), confirm=True)
        async with in_memory(service, lambda text: asked.append(text) or "decline") as caller:
            await caller.error("devin_create_session", {"prompt": "x" * 5000, "max_acu_limit": 90_000})

    run(work)
    assert '"max_acu_limit": 90000' in asked[0]


def test_a_long_question_is_cut_and_says_so() -> None:
    asked: list[str] = []

    async def work() -> None:
        service = service_over(Simulator(seed=1), confirm=True)
        async with in_memory(service, lambda text: asked.append(text) or "accept") as caller:
            await caller.output("devin_create_session", {"prompt": "x" * 5000})

    run(work)
    assert len(asked[0]) < 1300
    assert "(5014 characters in all)" in asked[0]


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_a_person_is_asked_over_http_too(answer: str) -> None:
    async def work() -> None:
        with listening(service_over(Simulator(seed=1), confirm=True)) as url:
            async with over_http(url, answer=lambda text: answer) as caller:
                result = await caller.call(*CREATE)
                assert result["isError"] == (answer == "decline")

    run(work)
