"""An agent does ten tasks over MCP with the short list: it finds what it needs, and calls it as it is told.

The model is scripted (`support/agent_tasks.py`) and knows only what a client shows it. The client is the
official one; the API is the simulator, in which the tasks end as they should.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

pytest.importorskip("mcp.types", reason="needs pip install -e '.[mcp]'")

from anyio.from_thread import BlockingPortal, start_blocking_portal
from external.mcp.mcp_doors import DOORS, Caller, listening, over_http, service_over
from support.agent_tasks import TASKS, Answer, Shown, Task, is_done, perform, world

from devin_tools import Simulator
from devin_tools.search.offer import FIND

each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.area)


class McpDoor:
    """A session of the official client, as the scripted model uses it."""

    def __init__(self) -> None:
        self.portal: BlockingPortal
        self.caller: Caller
        self.searches = self.calls = 0
        self.questions: list[str] = []
        self._agrees: bool | None = None

    def shown(self) -> Mapping[str, Shown]:
        """Return what the server lists."""
        tools = self.portal.call(self.caller.tools)
        return {name: Shown(tool["inputSchema"], name) for name, tool in tools.items()}

    def find(self, query: str) -> Mapping[str, Shown]:
        """Return what the find tool says of the tools that it found."""
        self.searches += 1
        rows = self._found({"query": query})
        unread = [row["name"] for row in rows if row["input_schema"] is None]
        rows += self._found({"names": unread}) if unread else []
        return {
            row["name"]: Shown(row["input_schema"], row["call_with"]) for row in rows if row["input_schema"]
        }

    def _found(self, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.portal.call(self.caller.output, FIND.name, arguments)["tools"]
        return rows

    def call(self, name: str, arguments: dict[str, Any], *, agrees: bool | None) -> Answer:
        """Call a tool, and answer the question that the server puts to the person."""
        self.calls += 1
        self._agrees = agrees
        result = self.portal.call(self.caller.call, name, arguments)
        if result["isError"]:
            return Answer(json.loads(result["content"][0]["text"]), is_error=True)
        return Answer(result["structuredContent"])

    def answer(self, question: str) -> str:
        """Return the person's answer; fail where the task does not expect the question."""
        assert self._agrees is not None, question
        self.questions.append(question)
        return "accept" if self._agrees else "decline"


@contextmanager
def door_to(name: str, simulator: Simulator, task: Task) -> Iterator[McpDoor]:
    """Open a session with a server that lists few tools, over one of the ways to reach it."""
    service = service_over(simulator, listing="core", **task.settings)
    door = McpDoor()
    with start_blocking_portal() as door.portal:
        if name == "http":
            with (
                listening(service) as url,
                door.portal.wrap_async_context_manager(over_http(url, answer=door.answer)) as door.caller,
            ):
                yield door
        else:
            with door.portal.wrap_async_context_manager(DOORS[name](service, door.answer)) as door.caller:
                yield door


@pytest.mark.parametrize("name", [*DOORS, "http"])
@each_task
def test_an_agent_does_a_task_with_tools_that_it_finds(name: str, task: Task) -> None:
    simulator = world()
    with door_to(name, simulator, task) as door:
        outputs = perform(task, door)
    assert 3 <= door.calls == len(task.steps) <= 5 and door.searches
    assert all("delete" in question and "call_write" not in question for question in door.questions)
    assert len(door.questions) == sum(step.agrees is not None for step in task.steps)
    assert is_done(task, simulator, outputs)
