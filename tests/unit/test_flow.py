"""A flow around a flow changes nothing but what its `answer` does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.driving import Driver

from devin_tools.errors import ConnectionLost, DevinToolsError
from devin_tools.flow import Draw, Flow, Now, Pause, Setting, Step, relay

STEPS = st.lists(st.sampled_from([Now(), Draw(), Pause(1.0), Setting("max_tries")]), max_size=8)


def asking(steps: list[Step]) -> Flow[list[Any]]:
    answers = []
    for step in steps:
        answers.append((yield step))
    return answers


def passing(step: Step) -> Flow[Any]:
    return (yield step)


@given(STEPS)
def test_a_relay_that_only_passes_on_is_not_seen(steps: list[Step]) -> None:
    with_it, with_none, without = Driver(), Driver(), Driver()
    expected = without.run(asking(steps))
    assert with_it.run(relay(asking(steps), passing)) == expected
    assert with_none.run(relay(asking(steps), lambda _: None)) == expected
    assert with_it.steps == with_none.steps == without.steps == steps


def test_an_answer_may_take_several_steps_or_none() -> None:
    def answer(step: Step) -> Flow[Any]:
        if isinstance(step, Pause):
            yield Pause(step.seconds / 2)
            yield Pause(step.seconds / 2)
            return "slept"
        return "known"

    driver = Driver()
    assert driver.run(relay(asking([Pause(4.0), Now()]), answer)) == ["slept", "known"]
    assert driver.pauses == [2.0, 2.0]


def test_an_error_of_the_answer_comes_up_where_the_step_was_yielded_and_others_pass_through() -> None:
    def asked() -> Flow[str]:
        try:
            yield Now()
        except DevinToolsError as error:
            return error.message
        return "no error"

    def failing(error: Exception) -> Any:
        def answer(step: Step) -> Flow[Any]:
            raise error
            yield step

        return answer

    assert Driver().run(relay(asked(), failing(ConnectionLost("gone")))) == "gone"
    with pytest.raises(ZeroDivisionError):
        Driver().run(relay(asked(), failing(ZeroDivisionError())))


def test_who_leaves_a_relay_leaves_the_flow_in_it() -> None:
    ended = []

    def asked() -> Flow[None]:
        try:
            yield Pause(1.0)
        finally:
            ended.append(True)

    run = relay(asked(), passing)
    assert next(run) == Pause(1.0)
    run.close()
    assert ended == [True]
