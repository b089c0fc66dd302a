"""Tools over MCP: listed as they are declared, called with what models send, answered in both forms."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp.types", reason="needs pip install -e '.[mcp]'")

from external.mcp.mcp_doors import DOORS, in_memory, run, service_over
from jsonschema import Draft202012Validator
from resources import LARGEST, SMALLEST
from support.furnished import about, furnished
from support.schemas import check_schema
from support.tools import each_kind

from devin_tools import Catalog, Session, Simulator, Tool, describe, load_catalog
from devin_tools.export.providers import variants
from devin_tools.flow import Flow
from devin_tools.model_input import for_models
from devin_tools.tool import READ

every_door = pytest.mark.parametrize("door", DOORS)
CATALOG = load_catalog(plugins=())
OFFERED = for_models(CATALOG)
NOWHERE = "devin-00000000000000000000000000000000"


WHOLE: dict[str, Any] = {"listing": "full", "output_schemas": True}
"""What a list holds all tools by, with all that is said of them."""


def listed(door: str = "memory") -> dict[str, Any]:
    found: dict[str, Any] = {}

    async def work() -> None:
        async with DOORS[door](service_over(Simulator(seed=1), **WHOLE)) as caller:
            found.update(await caller.tools())

    run(work)
    return found


@every_door
def test_every_tool_is_listed_with_its_schemas_unchanged(door: str) -> None:
    tools = listed(door)
    assert list(tools) == [spec.name for spec in OFFERED]
    for spec in OFFERED:
        assert tools[spec.name]["inputSchema"] == variants.inline(spec)
        assert tools[spec.name]["outputSchema"] == variants.output(spec)
        assert (tools[spec.name]["title"], tools[spec.name]["description"]) == (spec.title, spec.description)


def test_names_bounds_nesting_and_descriptions_reach_the_client() -> None:
    fields = listed()["devin_create_session"]["inputSchema"]["properties"]
    assert fields["max_acu_limit"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 1_000_000,
        "description": "The most ACUs it may spend: a whole number above 0. It cannot be changed later.",
    }
    assert fields["tags"]["maxItems"] == 50
    assert fields["tags"]["items"] == {"type": "string", "minLength": 1}
    until = listed()["devin_wait_sessions"]["inputSchema"]["properties"]["until"]
    assert until["enum"] == ["all", "any"]
    output = listed()["devin_list_sessions"]["outputSchema"]["properties"]["sessions"]["items"]
    assert output["properties"]["pull_requests"]["items"]["properties"]["pr_url"]["type"] == "string"


def test_no_field_that_only_a_person_may_fill_is_shown() -> None:
    tools = listed()
    hidden = {(spec.name, field) for spec in OFFERED for field in spec.user_only}
    assert ("devin_create_session", "session_secrets") in hidden
    assert [pair for pair in hidden if pair[1] in tools[pair[0]]["inputSchema"]["properties"]] == []


def test_all_four_hints_follow_from_the_effect() -> None:
    tools = listed()
    assert tools["devin_terminate_session"]["annotations"] == {
        "title": "Terminate session",
        "readOnlyHint": False,
        "destructiveHint": True,
        "idempotentHint": True,
        "openWorldHint": True,
    }
    for spec in OFFERED:
        hints = tools[spec.name]["annotations"]
        assert hints["readOnlyHint"] == spec.effect.only_reads
        assert hints["destructiveHint"] == (spec.effect.kind == "destroy" or spec.effect.is_administrative)
        assert hints["idempotentHint"] == spec.effect.is_idempotent
        meta = tools[spec.name].get("_meta") or {}
        assert ("devin-tools/spending" in meta) == spec.effect.is_billable


def test_schemas_have_an_object_at_their_root_and_no_reference() -> None:
    for tool in listed().values():
        for schema in (tool["inputSchema"], tool["outputSchema"]):
            assert schema["type"] == "object"
            assert '"$ref":' not in json.dumps(schema)
            check_schema(schema)


@pytest.mark.parametrize("answers", [LARGEST, SMALLEST], ids=["largest", "smallest"])
def test_output_schemas_admit_what_the_api_is_documented_to_send(answers: dict[str, Any]) -> None:
    checked = 0
    for spec in OFFERED:
        for base in spec.output.__mro__:
            if base.__name__ in answers and spec.route is not None:
                output = spec.output.model_validate(answers[base.__name__]).model_dump(mode="json")
                Draft202012Validator(variants.output(spec)).validate(output)
                checked += 1
                break
    assert checked >= 10


def test_an_unknown_state_and_an_unknown_field_are_no_mistake_of_the_answer() -> None:
    spec = CATALOG.spec("devin_get_session")
    output = spec.output.model_validate({"session_id": "a", "status": "dreaming", "mood": {"good": True}})
    Draft202012Validator(variants.output(spec)).validate(output.model_dump(mode="json"))


@every_door
def test_every_example_runs_and_its_output_comes_in_both_forms(door: str, folder_for_files: Path) -> None:
    simulator = Simulator(seed=3)

    async def work() -> None:
        service = service_over(simulator, file_root=str(folder_for_files), **WHOLE)
        async with DOORS[door](service) as caller:
            tools = await caller.tools()
            for spec in for_models(each_kind()):
                for example in spec.examples:
                    names = furnished(simulator)
                    result = await caller.call(spec.name, about(spec, example, names))
                    assert not result["isError"], result
                    assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
                    schema = tools[spec.name]["outputSchema"]
                    Draft202012Validator(schema).validate(result["structuredContent"])

    run(work)


@every_door
def test_bad_arguments_come_back_with_places_and_reasons_and_never_the_values(door: str) -> None:
    simulator = Simulator(seed=1)

    async def work() -> None:
        async with DOORS[door](service_over(simulator)) as caller:
            bad = {"prompt": "", "max_acu_limit": "CANARY", "tags": ["ok", ""], "nonsense": 1}
            error = await caller.error("devin_create_session", bad)
            assert error["kind"] == "invalid_arguments"
            assert {item["path"] for item in error["details"]} >= {"prompt", "max_acu_limit", "tags[1]"}
            assert set(error) >= {"kind", "message", "retryable", "retry_after", "hint", "details"}
            assert "CANARY" not in json.dumps(error)
            missing = await caller.error("devin_get_session")
            assert missing["details"] == [{"path": "session_id", "reason": "Field required"}]

    run(work)
    assert simulator.requests == []


def test_a_field_that_only_a_person_may_fill_is_refused() -> None:
    simulator = Simulator(seed=1)

    async def work() -> None:
        async with in_memory(service_over(simulator)) as caller:
            given = {"prompt": "x", "session_secrets": [{"key": "A", "value": "CANARY"}]}
            error = await caller.error("devin_create_session", given)
            assert error["details"] == [{"path": "session_secrets", "reason": "only a person may fill this"}]
            assert "CANARY" not in json.dumps(error)

    run(work)
    assert simulator.requests == []


def test_null_means_not_given_and_json_may_come_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    simulator = Simulator(seed=1)
    sent: list[Any] = []
    receive = simulator.receive

    def record(method: str, target: str, body: Any, headers: Any) -> Any:
        sent.append(body.json())
        return receive(method, target, body, headers)

    monkeypatch.setattr(simulator, "receive", record)

    async def work() -> None:
        async with in_memory(service_over(simulator)) as caller:
            schema = {"type": "object", "properties": {"ok": {"enum": [True, None]}}}
            given = {"prompt": "x", "title": None, "structured_output_schema": json.dumps(schema)}
            await caller.output("devin_create_session", given | {"knowledge_ids": []})

    run(work)
    (body,) = sent
    assert set(body) == {"prompt", "structured_output_schema", "knowledge_ids", "tags"}
    assert body["structured_output_schema"]["properties"] == {"ok": {"enum": [True, None]}}
    assert body["knowledge_ids"] == []


@every_door
def test_a_refusal_of_the_api_is_an_error_that_a_model_can_read(door: str) -> None:
    async def work() -> None:
        async with DOORS[door](service_over(Simulator(seed=1))) as caller:
            error = await caller.error("devin_get_session", {"session_id": NOWHERE})
            assert (error["kind"], error["retryable"]) == ("not_found", False)
            assert error["hint"]

    run(work)


@every_door
def test_lists_as_json_text_are_those_lists_and_garbage_replaces_nothing(door: str) -> None:
    simulator = Simulator(seed=1)
    replace = "devin_replace_session_tags"

    async def work() -> None:
        async with DOORS[door](service_over(simulator)) as caller:
            given = {"prompt": "x", "tags": '["a, b", "c"]', "repos": '["acme/shop"]'}
            made = await caller.output("devin_create_session", given)
            assert made["tags"][:2] == ["a, b", "c"]
            on = {"session_id": made["session_id"]}
            for wrong in (
                "[ops, web]",
                '["ops"',
                "null",
                "undefined",
                '"[\\"ops\\"]"',
                ['["ops"]'],
                '{"a": 1}',
            ):
                error = await caller.error(replace, on | {"tags": wrong})
                assert error["kind"] == "invalid_arguments" and "tags" in error["message"]
            assert (await caller.output("devin_get_session_tags", on))["tags"] == made["tags"]
            assert (await caller.output(replace, on | {"tags": '["ops"]'}))["tags"] == ["ops"]

    run(work)


@every_door
def test_an_unknown_tool_is_an_error_that_names_the_nearest(door: str) -> None:
    async def work() -> None:
        async with DOORS[door](service_over(Simulator(seed=1))) as caller:
            error = await caller.error("devin_get_sesion", {})
            assert error["kind"] == "unknown_tool"
            assert "devin_get_session" in error["hint"]

    run(work)


class BreakAll(Tool[Session]):
    """Break in a way that nobody foresaw."""

    effect = READ

    def flow(self) -> Flow[Session]:
        raise ZeroDivisionError("CANARY")
        yield


@every_door
def test_a_fault_of_a_tool_is_named_by_its_kind_alone(door: str, caplog: pytest.LogCaptureFixture) -> None:
    catalog = Catalog(specs={"devin_break_all": describe(BreakAll)})

    async def work() -> None:
        async with DOORS[door](service_over(Simulator(seed=1), catalog=catalog)) as caller:
            error = await caller.error("devin_break_all")
            assert error["message"] == "Unexpected ZeroDivisionError."
            assert "CANARY" not in json.dumps(error)

    run(work)
    assert "devin_break_all: unexpected ZeroDivisionError" in caplog.text
    assert "CANARY" not in caplog.text


def test_calls_of_one_client_run_side_by_side() -> None:
    simulator = Simulator(seed=1, speed=20)

    async def work() -> None:
        async with in_memory(service_over(simulator)) as caller:
            made = await caller.output("devin_create_session", {"prompt": "Fix it. #simulate:toils"})
            wait = {"session_id": made["session_id"], "max_seconds": 3000}
            waiting = asyncio.ensure_future(caller.call("devin_wait_session", wait))
            while not simulator.count("GET", "/sessions/"):
                await asyncio.sleep(0.01)
            await caller.output("devin_get_self")
            assert not waiting.done()
            waiting.cancel()
            await asyncio.wait([waiting])

    run(work)
