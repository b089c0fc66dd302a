"""A scripted model finishes ten tasks by function calling, with tools that it has to find."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from support.agent_tasks import TASKS, Answer, Door, Shown, Task, is_done, perform, world
from support.tools import built_in

from devin_tools import Client, Simulator, Toolbox
from devin_tools.search.offer import FIND

Message = dict[str, Any]
BOX = Toolbox(built_in(), loaded="core")


class FunctionCalling:
    """What the forms have in common: calls are answered by `dispatch`, and counted."""

    def __init__(self, client: Client):
        self.client = client
        self.calls = 0

    def answer(self, call: Message, *, agrees: bool | None = None) -> Message:
        """Answer a call; `agrees` is what a person says who is asked."""
        self.calls += 1
        return BOX.dispatch(self.client, call, confirm=bool(agrees))


class ChatDoor(FunctionCalling):
    """Chat Completions: what is found is called by a meta tool."""

    def shown(self) -> Mapping[str, Shown]:
        """Return the functions of the payload."""
        functions = [tool["function"] for tool in BOX.openai_chat()]
        return {one["name"]: Shown(one["parameters"], one["name"]) for one in functions}

    def find(self, query: str) -> Mapping[str, Shown]:
        """Read the rows of the answer that have a schema."""
        rows = self.call(FIND.name, {"query": query}, agrees=None).content["tools"]
        return {
            row["name"]: Shown(row["input_schema"], row["call_with"]) for row in rows if "input_schema" in row
        }

    def call(self, name: str, arguments: Message, *, agrees: bool | None) -> Answer:
        """Send an item of `tool_calls`."""
        function = {"name": name, "arguments": json.dumps(arguments)}
        said = self.answer({"id": "c1", "type": "function", "function": function}, agrees=agrees)
        content = json.loads(said["content"])
        return Answer(content, "error" in content)


class AnthropicDoor(FunctionCalling):
    """Anthropic's Messages with our own search: a reference makes a tool of the payload callable."""

    def __init__(self, client: Client):
        super().__init__(client)
        self.tools = {tool["name"]: tool for tool in BOX.anthropic(search="own")}

    def shown(self) -> Mapping[str, Shown]:
        """Return the tools that are not deferred."""
        loaded = [tool for tool in self.tools.values() if not tool.get("defer_loading")]
        return {tool["name"]: Shown(tool["input_schema"], tool["name"]) for tool in loaded}

    def find(self, query: str) -> Mapping[str, Shown]:
        """Show the tools that are referred to, as the provider does.

        Of what may not fit it is told the names: it asks for these, as the note says.
        """
        content = self._found({"query": query})
        if isinstance(content, str):
            rows = json.loads(content)["tools"]
            content = self._found({"names": [row["name"] for row in rows]})
        names = [part["tool_name"] for part in content]
        return {name: Shown(self.tools[name]["input_schema"], name) for name in names}

    def _found(self, arguments: Message) -> Any:
        return self.answer({"type": "tool_use", "id": "c1", "name": FIND.name, "input": arguments})["content"]

    def call(self, name: str, arguments: Message, *, agrees: bool | None) -> Answer:
        """Send a `tool_use` block."""
        use = {"type": "tool_use", "id": "c1", "name": name, "input": arguments}
        said = self.answer(use, agrees=agrees)
        return Answer(json.loads(said["content"]), said["is_error"])


class ResponsesDoor(FunctionCalling):
    """OpenAI's Responses with a search of the client: its answer brings the functions."""

    def shown(self) -> Mapping[str, Shown]:
        """Return the functions of the payload."""
        functions = [tool for tool in BOX.openai_responses(search="own") if tool["type"] == "function"]
        return {one["name"]: Shown(one["parameters"], one["name"]) for one in functions}

    def find(self, query: str) -> Mapping[str, Shown]:
        """Show the functions of a `tool_search_output`."""
        search = {"type": "tool_search_call", "execution": "client", "call_id": "c1"}
        said = self.answer(search | {"arguments": {"query": query}})
        return {one["name"]: Shown(one["parameters"], one["name"]) for one in said["tools"]}

    def call(self, name: str, arguments: Message, *, agrees: bool | None) -> Answer:
        """Send a `function_call` item."""
        call = {"type": "function_call", "call_id": "c1", "name": name, "arguments": json.dumps(arguments)}
        content = json.loads(self.answer(call, agrees=agrees)["output"])
        return Answer(content, "error" in content)


DOORS = {"chat": ChatDoor, "anthropic": AnthropicDoor, "responses": ResponsesDoor}


@contextmanager
def opened(door: str, task: Task, simulator: Simulator) -> Iterator[Any]:
    with Client(**simulator.connection(), guards=(), **task.settings) as client:
        yield DOORS[door](client)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.area)
@pytest.mark.parametrize("door", DOORS)
def test_a_model_finishes_a_task(door: str, task: Task) -> None:
    simulator = world()
    with opened(door, task, simulator) as agent:
        before = agent.calls
        outputs = perform(task, agent)
        assert agent.calls > len(outputs) > before, "nothing was looked for"
    assert is_done(task, simulator, outputs)


def test_the_tasks_are_ten_of_different_areas_with_three_to_five_calls_each() -> None:
    assert len(TASKS) == len({task.area for task in TASKS}) == 10
    assert all(3 <= len(task.steps) <= 5 for task in TASKS)
    steps = [step for task in TASKS for step in task.steps]
    assert any(step.agrees for step in steps) and any(step.goes_on for step in steps)
    assert any(step.error for step in steps)


@pytest.mark.parametrize("door", DOORS)
def test_a_task_that_was_not_performed_is_not_done(door: str) -> None:
    """Otherwise the others could not fail."""
    task = next(task for task in TASKS if task.area == "knowledge")
    simulator = world()
    with opened(door, task, simulator) as agent:
        known: Door = agent
        assert "devin_create_knowledge_note" not in known.shown()
        with pytest.raises(ValueError, match="not enough values"):
            is_done(task, simulator, [])
