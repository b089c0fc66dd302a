"""CrewAI: strict schemas, results and reported failures, in its own package.

Run with `nox -s crewai` (about a gigabyte), or where the extra is installed
with `pytest tests/external/adapters/test_crewai.py`.
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

os.environ |= {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "OTEL_SDK_DISABLED": "true",
    "CREWAI_TRACING_ENABLED": "false",
}
pytest.importorskip("crewai", reason="needs pip install -e '.[test,crewai]'")

from crewai import Agent, BaseLLM, Crew, Task
from crewai.tools.tool_failure import ToolFailure
from crewai.utilities.agent_utils import convert_tools_to_openai_schema
from external.adapters.adapted import (
    BAD,
    CALL_READ,
    CALL_WRITE,
    CREATE,
    FIND,
    FOUND_BY,
    GET,
    GIVEN,
    GOOD,
    SPECS,
    TERMINATE,
    UNKNOWN,
    check_chosen,
    check_created,
    check_documented,
    check_ended,
    check_error,
    clients,
    with_a_session,
)

from devin_tools.adapters import crewai_tools
from devin_tools.presets import CORE

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # its own and its parts'
]

both = pytest.mark.parametrize("way", ["sync", "async", "async over a sync client"])


def answer(way: str, name: str, arguments: dict[str, Any]) -> tuple[Any, Any]:
    with clients() as (client, async_client, simulator):
        given = {} if way == "async over a sync client" else {"async_client": async_client}
        tools = {tool.name: tool for tool in crewai_tools(client, specs=GIVEN, **given)}
        if way == "sync":
            return tools[name].run(**arguments), simulator
        return asyncio.run(tools[name].arun(**arguments)), simulator


def test_models_see_every_field_they_may_fill_with_its_bounds() -> None:
    with clients() as (client, _, _):
        tools = crewai_tools(client, specs=GIVEN)
    shown = {part["function"]["name"]: part["function"] for part in convert_tools_to_openai_schema(tools)[0]}
    for spec in SPECS:
        parameters = shown[spec.name]["parameters"]
        assert shown[spec.name]["description"] == spec.description
        assert parameters["properties"].keys() == spec.tool.model_fields.keys() - spec.user_only
        assert parameters["additionalProperties"] is False
    create = shown[CREATE]["parameters"]["properties"]
    assert "session_secrets" not in create
    limit = json.dumps(create["max_acu_limit"])
    assert '"minimum": 1' in limit
    assert '"null"' in limit
    assert "The most ACUs it may spend" in limit
    until = json.dumps(shown["devin_wait_sessions"]["parameters"]["properties"]["until"])
    assert '"all"' in until
    assert '"any"' in until
    assert "exclusiveMinimum" in json.dumps(shown[SPECS[-1].name]["parameters"]["properties"]["friends"])


@both
def test_a_good_call_gives_the_output(way: str) -> None:
    output, simulator = answer(way, CREATE, GOOD)
    check_created(output, simulator)


@both
@pytest.mark.parametrize(
    ("name", "arguments", "kind"), [(CREATE, BAD, "invalid_arguments"), (GET, UNKNOWN, "not_found")]
)
def test_a_failure_is_our_error_and_reported_as_one(
    way: str, name: str, arguments: dict[str, Any], kind: str
) -> None:
    output, _ = answer(way, name, arguments)
    assert isinstance(output, ToolFailure)
    assert output.code == kind
    check_error(output.message, kind)


def test_consent_is_given_for_all_calls_or_none() -> None:
    with clients(confirm=True) as (client, _, simulator):
        refusing, running = (
            next(tool for tool in crewai_tools(client, confirm=confirm) if tool.name == CREATE)
            for confirm in (False, True)
        )
        check_error(refusing.run(**GOOD).message, "refused")
        check_created(running.run(**GOOD), simulator)


class Scripted(BaseLLM):
    """A model that makes its calls one by one, then answers; it keeps what it read."""

    calls: list[Any]
    read: list[str] = []

    def call(self, messages: Any, *_: Any, **__: Any) -> Any:
        self.read = [message["content"] for message in messages if message.get("role") == "tool"]
        if len(self.read) == len(self.calls):
            return "Done."
        name, arguments = self.calls[len(self.read)]
        function = {"name": name, "arguments": json.dumps(arguments)}
        return [{"id": f"call-{len(self.read)}", "type": "function", "function": function}]

    def supports_function_calling(self) -> bool:
        return True

    def supports_stop_words(self) -> bool:
        return False

    def get_context_window_size(self) -> int:
        return 100_000


def played(tools: list[Any], *calls: tuple[str, Any]) -> tuple[Any, list[str]]:
    model = Scripted(model="scripted", calls=list(calls))
    agent = Agent(role="r", goal="g", backstory="b", llm=model, tools=tools)
    task = Task(description="Go.", expected_output="A word.", agent=agent)
    return Crew(agents=[agent], tasks=[task], cache=True).kickoff(), model.read


def test_a_scripted_model_creates_a_session_and_answers(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("CREWAI_STORAGE_DIR", str(tmp_path))
    with clients() as (client, _, simulator):
        result, read = played(
            crewai_tools(client, specs=GIVEN), (CREATE, GOOD), (CREATE, BAD), (GET, UNKNOWN)
        )
        check_created(read[0], simulator)
    check_error(read[1], "invalid_arguments")
    check_error(read[2], "not_found")
    assert result.raw == "Done."
    failures = result.tasks_output[0].tool_failures
    assert [record.failure.code for record in failures] == ["invalid_arguments", "not_found"]


def test_the_same_call_made_again_is_made_again(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("CREWAI_STORAGE_DIR", str(tmp_path))
    with clients() as (client, _, simulator):
        played(crewai_tools(client, specs=GIVEN), (CREATE, GOOD), (CREATE, GOOD))
        assert len(simulator.world.sessions) == 2


def test_a_model_finds_by_our_own_search_and_calls_what_it_found(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("CREWAI_STORAGE_DIR", str(tmp_path))
    with with_a_session() as (client, _, simulator, session_id):
        tools = crewai_tools(client, specs=GIVEN, loaded="core")
        assert {tool.name for tool in tools} == {*CORE, FIND, CALL_READ, CALL_WRITE}
        ended = json.dumps({"session_id": session_id})  # as text, as the strict schema has it
        result, read = played(
            tools,
            (FIND, {"query": FOUND_BY, "names": None, "limit": None}),
            (CALL_WRITE, {"name": TERMINATE, "arguments": "{}"}),
            (CALL_WRITE, {"name": TERMINATE, "arguments": ended}),
        )
        check_ended(simulator, session_id)
    assert json.loads(read[0])["tools"][0]["name"] == TERMINATE
    assert "session_id" in read[1]
    [failure] = result.tasks_output[0].tool_failures
    assert failure.failure.code == "invalid_arguments"


def test_only_what_was_chosen_is_there_to_call() -> None:
    check_chosen(lambda tool: tool.name, crewai_tools)


def test_the_documented_example_runs_and_prints_what_it_says() -> None:
    check_documented("CrewAI")
