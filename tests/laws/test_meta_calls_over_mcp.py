"""Over MCP, what is called through the tools that call others goes the way of a direct call, in all.

The same cases are run both ways in two worlds that begin alike: answers, errors, questions to the person,
progress and what reaches the API are the same.
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.furnished import about, furnished
from support.laws import for_every
from support.loops import on_a_loop
from support.tools import built_in, each_kind

from devin_tools import AsyncClient, Settings, Simulator, Spec
from devin_tools.errors import Refused
from devin_tools.mcp import Service
from devin_tools.model_input import for_models

READ, WRITE = "devin_call_read", "devin_call_write"
CREATE, TASK, END = "devin_create_session", "devin_run_task", "devin_terminate_session"
FIX = {"prompt": "Fix it.", "idempotency_key": "k"}


@dataclass
class Guard:
    """Notes which tools it is asked about, and refuses some."""

    refused: tuple[str, ...] = ()
    seen: list[str] = field(default_factory=list)

    def before(self, spec: Spec, call: Any) -> None:
        self.seen.append(f"{spec.name} {call.model_dump(mode='json', exclude_unset=True)}")
        if spec.name in self.refused:
            raise Refused(f"{spec.name} is not for today.")

    def after(self, spec: Spec, call: Any, outcome: Any) -> None:
        self.seen.append(f"after {spec.name}")


@dataclass
class World:
    """A server over a world of its own, which lists few tools, and what became of the calls of a client."""

    settings: dict[str, Any]
    answer: bool | None = None
    guard: Guard = field(default_factory=Guard)
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        secrets.randbits = random.Random(
            1
        ).getrandbits  # as the keys of calls are drawn: put back by conftest
        self.simulator = Simulator(seed=1)
        reached = self.simulator.connection()

        def connect(given: Settings) -> AsyncClient:
            where = {"transport": reached["transport"], "clock": reached["clock"]}
            return AsyncClient(given, **where, guards=(self.guard,))

        options = {name: self.settings.pop(name) for name in ("slice_seconds",) if name in self.settings}
        given = Settings(api_key=reached["api_key"], org_id=reached["org_id"], **self.settings)
        self.service = Service(built_in(), given, connect, listing="core", **options)

    async def call(self, name: str, arguments: Any) -> Any:
        async def tell(message: str) -> None:
            self.told.append(message)

        async def ask(question: Any) -> bool | None:
            self.asked.append(question.text)
            return self.answer

        params = SimpleNamespace(name=name, arguments=arguments)
        exchange: Any = SimpleNamespace(params=params, key=None, tell=tell, ask=ask)
        return await self.service.call_tool(exchange)

    def became(self) -> Any:
        """Return what there is to compare, but for the answers."""
        return self.simulator.requests, self.asked, self.told, self.guard.seen


def around(name: str, arguments: Any) -> tuple[str, dict[str, Any]]:
    """Return the call of a meta tool by which another is called."""
    spec = built_in().specs.get(name)
    caller = READ if spec is None or spec.effect.only_reads else WRITE
    return caller, {"name": name} | ({} if arguments is None else {"arguments": arguments})


def both_ways(calls: list[tuple[str, Any]], **given: Any) -> list[Any]:
    """Make calls in two worlds, directly and through the meta tools; return the answers, one world's."""
    settings, guard = given.get("settings", {}), lambda: Guard(given.get("refused", ()))
    worlds = [World(dict(settings), given.get("answer"), guard()) for _ in "ab"]

    async def work() -> list[list[Any]]:
        direct, meta = worlds
        found = [
            [await direct.call(*call) for call in calls],
            [await meta.call(*around(*call)) for call in calls],
        ]
        for world in worlds:
            await world.service.aclose()
        return found

    direct, meta = asyncio.run(work())
    assert direct == meta
    assert worlds[0].became() == worlds[1].became()
    return [direct, worlds[0]]


RULES: dict[str, tuple[dict[str, Any], list[tuple[str, Any]], str]] = {
    "a tool that the choice leaves out": (
        {"allowed_tools": (CREATE,)}, [(CREATE, FIX), ("devin_get_self", {})], "unknown_tool",
    ),
    "a denied tool": ({"denied_tools": (CREATE,)}, [(CREATE, FIX)], "refused"),
    "too many ACUs": ({"max_acu": 5}, [(CREATE, FIX | {"max_acu_limit": 6})], "refused"),
    "too many sessions": (
        {"max_sessions": 1}, [(CREATE, FIX), (TASK, FIX | {"idempotency_key": "l"})], "refused",
    ),
    "a tool that only a person may run": ({}, [("devin_create_secret", {})], "refused"),
    "a tool that nobody chose": ({}, [("devin_list_audit_logs", {})], "refused"),
    "no such tool": ({}, [("devin_get_sesion", {})], "unknown_tool"),
    "an argument that is missing": ({}, [("devin_get_session", {})], "invalid_arguments"),
    "arguments left out": ({}, [("devin_get_session", None)], "invalid_arguments"),
    "arguments that do not fit": (
        {}, [(CREATE, {"prompt": "", "max_acu_limit": "x", "tags": ["", 3]})], "invalid_arguments",
    ),
    "what only a person may fill": (
        {}, [(CREATE, FIX | {"session_secrets": [{"key": "A", "value": "CANARY"}]})], "invalid_arguments",
    ),
    "what is not there": ({}, [("devin_get_session", {"session_id": "devin-" + "0" * 32})], "not_found"),
    "no consent": ({"confirm": True}, [(CREATE, FIX)], "refused"),
}  # fmt: skip


@for_every("case", lambda: RULES)
def test_a_call_that_a_rule_refuses_is_refused_by_that_rule_whichever_way_it_comes(case: str) -> None:
    settings, calls, kind = RULES[case]
    answers, _ = both_ways(calls, settings=settings)
    error = json.loads(answers[-1]["content"][0]["text"])["error"]
    assert answers[-1]["isError"] and error["kind"] == kind
    assert "CANARY" not in json.dumps(answers)


def test_a_read_only_server_has_no_way_to_write() -> None:
    async def work() -> None:
        world = World({"read_only": True})
        for call in ((CREATE, FIX), (READ, {"name": CREATE, "arguments": FIX})):
            error = json.loads((await world.call(*call))["content"][0]["text"])["error"]
            assert (error["kind"], error["details"][0]["rule"]) == ("refused", "read_only")
        error = json.loads((await world.call(*around(CREATE, FIX)))["content"][0]["text"])["error"]
        assert error["kind"] == "unknown_tool", "the tool that calls what writes is not there"
        assert world.simulator.requests == []
        await world.service.aclose()

    asyncio.run(work())


@on_a_loop
async def test_a_meta_tool_by_a_name_with_a_prefix_is_told_its_own() -> None:
    world = World({})
    for prefix in ("functions.", "mcp__devin__"):
        for name in ("devin_find_tools", READ, WRITE):
            told = (await world.call(prefix + name, {"name": "devin_get_self"}))["content"][0]["text"]
            assert f"Did you mean {name}?" in json.loads(told)["error"]["hint"]
            inside = (await world.call(READ, {"name": prefix + name}))["content"][0]["text"]
            assert "Did you mean" not in inside, "what is called through a tool is none of these"
    await world.service.aclose()


@for_every(
    "arguments", lambda: [FIX | {"title": None, "tags": '["a, b"]', "knowledge_ids": []}, json.dumps(FIX)]
)
def test_arguments_are_read_in_the_same_way(arguments: Any) -> None:
    answers, _ = both_ways([(CREATE, arguments)])
    assert not answers[0]["isError"]


@for_every("answer", lambda: [True, False])
def test_a_person_is_asked_about_the_tool_itself_with_its_arguments(answer: bool) -> None:
    calls = [(CREATE, FIX | {"max_acu_limit": 3}), (END, {"session_id": "devin-" + "1" * 32})]
    answers, world = both_ways(calls, settings={"confirm": True}, answer=answer)
    assert world.asked[0].endswith(
        '(devin_create_session with {"prompt": "Fix it.", "idempotency_key": "k", "max_acu_limit": 3})'
    )
    assert world.asked[1].startswith("Terminate session? This cannot be undone.")
    assert answers[0]["isError"] is not answer


def test_guards_see_the_tool_itself_and_refuse_it() -> None:
    answers, world = both_ways([(CREATE, FIX), (END, {"session_id": "x"})], refused=(CREATE,))
    assert [seen.split()[0] for seen in world.guard.seen if not seen.startswith("after")] == [CREATE, END]
    assert json.loads(answers[0]["content"][0]["text"])["error"]["kind"] == "refused"


def test_progress_is_told_and_waits_are_cut_in_the_same_way() -> None:
    answers, world = both_ways([(TASK, FIX)], settings={"slice_seconds": 10})
    assert world.told and answers[0]["structuredContent"]["resume_with"]


@pytest.mark.parametrize("part", range(5))
def test_every_tool_answers_the_same_whichever_way_it_is_called(part: int, folder_for_files: Path) -> None:
    """Each example of what models are offered, in a world where it can be called."""

    async def answers(spec: Spec, through: bool) -> list[Any]:
        world = World({"file_root": str(folder_for_files), "file_overwrite": True})
        names = furnished(world.simulator)
        calls = [(spec.name, about(spec, example, names)) for example in spec.examples]
        found = [await world.call(*(around(*call) if through else call)) for call in calls]
        await world.service.aclose()
        return found

    @for_every("spec", lambda: for_models(each_kind())[part::5])
    def it_does(spec: Spec) -> None:
        direct, meta = (asyncio.run(answers(spec, through)) for through in (False, True))
        assert direct == meta

    it_does()


@on_a_loop
async def test_what_goes_on_with_a_wait_is_a_call_of_what_is_listed_and_needs_no_new_consent() -> None:
    world = World({"confirm": True, "slice_seconds": 10}, answer=True)
    listed = {tool["name"] for tool in world.service.listing().as_wire}
    assert TASK not in listed
    answer = await world.call(*around(TASK, FIX))
    for _ in range(100):
        rest = answer["structuredContent"]["resume_with"]
        assert json.loads(answer["content"][0]["text"]) == answer["structuredContent"]
        if rest is None:
            break
        assert rest["name"] in listed and rest["arguments"]["name"] == TASK
        answer = await world.call(rest["name"], rest["arguments"])
    assert answer["structuredContent"]["outcome"] == "finished" and len(world.asked) == 1
    assert len(world.simulator.world.sessions) == 1
    await world.call(*around(TASK, {"prompt": "Something else."}))
    assert len(world.asked) == 2
    await world.service.aclose()


@on_a_loop
async def test_a_wait_that_is_called_off_asks_the_api_nothing_more() -> None:
    world = World({})
    made = await world.call(*around(CREATE, FIX | {"prompt": "Fix it. #simulate:toils"}))
    wait = around("devin_wait_session", {"session_id": made["structuredContent"]["session_id"]})
    waiting = asyncio.ensure_future(world.call(*wait))
    while not world.told:
        await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    seen = len(world.simulator.requests)
    await asyncio.sleep(0)
    assert waiting.cancelled() and len(world.simulator.requests) == seen and not world.service.calls._running
    await world.service.aclose()
