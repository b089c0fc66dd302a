"""A task may be told the pydantic model of its structured output, and gives back an instance of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, Field, model_validator
from support.driving import Driver, ok
from support.simulated_api import simulated

from devin_tools import Catalog, InvalidArguments, describe, expecting
from devin_tools.tasks import TaskOutput, TypedTaskOutput
from devin_tools.wire import Request


class Finding(BaseModel):
    file: str
    line: int = Field(ge=1)


class Report(BaseModel):
    cause: str
    others: list[Finding]
    first: int = 0
    last: int = 0

    @model_validator(mode="after")
    def in_order(self) -> Report:
        if self.first > self.last:
            raise ValueError("first must not be above last")
        return self


def test_a_model_comes_back_as_its_instance(with_client: Callable[..., Any]) -> None:
    options = simulated(seed=7).connection()
    task = with_client(None, lambda perform: perform("run", expecting(Report, prompt="x")), **options)
    assert isinstance(task, TypedTaskOutput) and isinstance(task, TaskOutput)
    assert isinstance(task.value, Report) and isinstance(task.value.others[0], Finding)
    assert task.value == Report.model_validate(task.structured_output)


def answer(request: Request, value: Any) -> Any:
    """Answer as an API whose one session has ended with this structured output."""
    is_page = request.method == "GET" and not request.path.endswith("/devin-abc")
    session = {"session_id": "abc", "status": "exit", "structured_output": value}
    return ok({"items": []} if is_page else session)


@pytest.mark.parametrize(
    ("value", "status", "fault"),
    [
        (None, "missing", ""),
        ({"cause": 7}, "invalid", "$.cause: 7 is not of type 'string'"),
        ({"cause": "x", "others": [], "first": 2, "last": 1}, "invalid", "first must not be above last"),
        ({"cause": "x", "others": [{"file": "a", "line": 0}]}, "invalid", "$.others[0].line"),
    ],
)
def test_a_value_that_the_model_refuses_is_told_with_reasons(value: Any, status: str, fault: str) -> None:
    driver = Driver(lambda request: answer(request, value))
    task = driver.run(expecting(Report, prompt="x").flow())
    assert (task.value, task.structured_output_status) == (None, status)
    assert fault in " ".join(task.structured_output_faults) and task.structured_output == value


def test_a_task_that_expects_a_model_is_the_same_tool(catalog: Catalog) -> None:
    call = expecting(Report, prompt="x", max_acu_limit=5)
    assert describe(type(call)).name == "devin_run_task"
    schema = Report.model_json_schema()
    assert call.model_dump(exclude_unset=True) == {
        "prompt": "x", "max_acu_limit": 5, "structured_output_schema": schema,
    }  # fmt: skip
    assert type(call) is type(expecting(Report, prompt="y"))


def test_arguments_that_do_not_fit_are_refused_when_a_model_is_expected_too() -> None:
    with pytest.raises(InvalidArguments, match="prompt"):
        expecting(Report, prompt="")
    for model in (dict, "Report", {"type": "object"}, None):
        with pytest.raises(InvalidArguments, match="a class of pydantic"):
            expecting(model, prompt="x")  # type: ignore[type-var]
