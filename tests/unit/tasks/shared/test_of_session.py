"""What became of a session stands at the same places of every outcome."""

from __future__ import annotations

from typing import Any

import pytest

from devin_tools import (
    Client,
    FanOut,
    FanOutRow,
    Output,
    RunTask,
    SettledSession,
    Simulator,
    TaskOutput,
    Waited,
    WaitSession,
    WaitSessions,
    describe,
)

OUTCOMES: list[type[Output]] = [TaskOutput, Waited, SettledSession, FanOutRow]
SAME = ("outcome", "certainty", "advice", "session_id", "url", "pull_requests", "last_message")
RECORDED = {
    "outcome": "finished",
    "session": {"session_id": "a", "url": "https://x", "pull_requests": [{"pr_url": "https://y"}]},
    "waited_seconds": 1.0,
}


@pytest.mark.parametrize("output", OUTCOMES)
def test_every_outcome_has_the_same_fields(output: type[Output]) -> None:
    kinds = {name: output.model_fields[name].annotation for name in SAME}
    plain = {name: TaskOutput.model_fields[name].annotation for name in SAME}
    is_optional = output is FanOutRow  # its session may not have been started
    assert kinds == plain | ({"session_id": str | None} if is_optional else {})


@pytest.mark.parametrize("tool", [RunTask, WaitSession, WaitSessions, FanOut])
def test_a_model_sees_them_too(tool: Any) -> None:
    assert {"last_message", "pull_requests", "url"} <= set(fields_of(describe(tool).output_schema))


def fields_of(schema: dict[str, Any]) -> set[str]:
    parts = [part.get("properties", {}).keys() for part in (schema, *schema.get("$defs", {}).values())]
    return next(set(names) for names in parts if {"outcome", "certainty"} <= names)


@pytest.mark.parametrize("scenario", ["finishes", "asks"])
def test_they_say_what_the_session_says(scenario: str) -> None:
    with Client(**Simulator(scenario=scenario).connection()) as client:
        task = client.run(RunTask(prompt="x", max_acu_limit=5))
        one = client.run(WaitSession(session_id=task.session_id))
        (of_many,) = client.run(WaitSessions(session_ids=[task.session_id])).settled
        (row,) = client.run(FanOut(prompt="x", items=["a"], max_acu_total=5)).rows
    outputs: list[Any] = [task, one, of_many, row]
    assert len({output.outcome for output in outputs}) == 1
    for output in (one, of_many):
        assert (output.url, output.pull_requests) == (task.url, task.pull_requests)
        assert output.session is not None and output.pull_requests == output.session.pull_requests
    assert bool(row.pull_requests) == bool(task.pull_requests) == (scenario == "finishes")
    assert task.last_message == task.messages[-1].message
    assert one.last_message == (task.last_message if scenario == "asks" else None)
    assert of_many.last_message is row.last_message is None


def test_what_was_recorded_before_is_read_with_them() -> None:
    waited = Waited.model_validate(RECORDED)
    settled = SettledSession.model_validate(RECORDED | {"session_id": "b"})
    assert (waited.session_id, settled.session_id) == ("a", "b")
    for output in (waited, settled, Waited.model_validate_json(waited.model_dump_json())):
        assert (output.url, output.pull_requests[0].pr_url) == ("https://x", "https://y")
    assert SettledSession(session_id="b", outcome="not_found").pull_requests == []
    assert (
        Waited(session_id="a", outcome="finished", session=waited.session, waited_seconds=1).url
        == "https://x"
    )
