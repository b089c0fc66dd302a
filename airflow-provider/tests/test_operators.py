"""What an operator does with a tool: adopt, defer, go on, fail for the right reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from airflow.providers.devin.tools import operators
from airflow.providers.devin.tools.airflow_names import AirflowException, AirflowFailException
from airflow.providers.devin.tools.keys import key_of
from airflow.providers.devin.tools.operators import (
    DevinRunTaskOperator,
    DevinSendMessageOperator,
    DevinToolOperator,
)
from airflow.providers.devin.tools.sensors import DevinSessionSensor
from conftest import KEY, SECRET

try:
    from airflow.sdk.exceptions import TaskDeferred
except ImportError:  # before Airflow 3.2
    from airflow.exceptions import TaskDeferred


class Instance(SimpleNamespace):
    """A task instance, as far as operators look at it."""

    def __init__(self, **changes):
        fields = {"dag_id": "d", "run_id": "r", "task_id": "t", "map_index": -1, "try_number": 1} | changes
        super().__init__(**fields, pushed={})

    def xcom_push(self, key, value):
        self.pushed[key] = value


def context(**changes):
    now = datetime.now(UTC)
    return {"ti": Instance(**changes), "dag_run": SimpleNamespace(start_date=now)}


def deferred(operator, given):
    with pytest.raises(TaskDeferred) as stopped:
        operator.execute(given)
    return stopped.value


def test_the_key_is_the_same_for_every_try_and_another_for_every_task():
    assert key_of(Instance(try_number=1)) == key_of(Instance(try_number=7))
    others = [{"dag_id": "e"}, {"run_id": "s"}, {"task_id": "u"}, {"map_index": 0}]
    keys = {key_of(Instance(**change)) for change in [{}, *others]} | {key_of(Instance(), "staging")}
    assert len(keys) == 6


def test_a_second_try_adopts_and_what_is_stored_holds_no_prompt_and_no_key(connection, simulator):
    stops = []
    for number in (1, 2):
        operator = DevinRunTaskOperator(task_id="t", prompt="Fix it.", session_secrets={"NPM": "npm"})
        given = context(try_number=number)
        stops.append(deferred(operator, given))
        assert given["ti"].pushed["_link_DevinSessionLink"].startswith("https://")
    assert len(simulator.world.sessions) == 1
    first, second = (stop.trigger.serialize()[1]["session_ids"] for stop in stops)
    assert first == second
    stored = json.dumps([stops[0].trigger.serialize(), stops[0].kwargs])
    assert not [text for text in (KEY, SECRET, "Fix it") if text in stored]


def test_it_goes_on_when_its_session_has_settled_and_defers_again_when_not(connection, simulator):
    operator = DevinRunTaskOperator(task_id="t", prompt="Fix it.", max_acu_limit=5)
    stop = deferred(operator, context())
    event = {"until": stop.trigger.until, "outcomes": {}}
    with pytest.raises(TaskDeferred):
        operator.resume(context(), event)
    simulator.clock.step(300)
    output = operator.resume(context(), event)
    assert (output["outcome"], output["creation"]) == ("finished", "adopted")
    assert output["pull_requests"]


def test_a_session_that_takes_too_long_fails_the_task_and_may_be_tried_again(connection):
    operator = DevinRunTaskOperator(task_id="t", prompt="Fix it.", max_acu_limit=5)
    stop = deferred(operator, context())
    with pytest.raises(AirflowException, match="still at work") as failed:
        operator.resume(context(), {"until": stop.trigger.until - 90_000, "outcomes": {}})
    assert not isinstance(failed.value, AirflowFailException)


@pytest.mark.parametrize(("scenario", "is_hopeless"), [("fails", True), ("runs_out", False), ("asks", False)])
def test_other_ends_fail_and_only_those_that_can_change_are_tried_again(
    connection, simulator, scenario, is_hopeless
):
    operator = DevinRunTaskOperator(task_id="t", prompt=f"#simulate:{scenario}")
    stop = deferred(operator, context())
    simulator.clock.step(60)
    with pytest.raises(AirflowException) as failed:
        operator.resume(context(), {"until": stop.trigger.until, "outcomes": {}})
    assert isinstance(failed.value, AirflowFailException) is is_hopeless


def test_secrets_among_the_arguments_are_refused(connection, simulator):
    secret = [{"key": "NPM", "value": "env:NPM"}]
    for operator in (
        DevinRunTaskOperator(task_id="t", prompt="x", options={"session_secrets": secret}),
        DevinToolOperator(task_id="t", tool="devin_create_secret", arguments={"key": "a", "value": "b"}),
    ):
        with pytest.raises(AirflowFailException, match="shown with the task"):
            operator.execute(context())
    assert len(simulator.world.sessions) == 0


def test_what_is_left_out_is_not_sent_and_what_is_null_is(connection, simulator, monkeypatch):
    bodies, handle = [], simulator.handle

    def recorded(asked, *more):
        bodies.append(asked.body)
        return handle(asked, *more)

    monkeypatch.setattr(simulator, "handle", recorded)
    arguments = {"prompt": "x", "title": None, "knowledge_ids": []}
    DevinToolOperator(task_id="t", tool="devin_create_session", arguments=arguments).execute(context())
    deferred(DevinRunTaskOperator(task_id="u", prompt="x"), context(task_id="u"))
    first, second = ({**body} for body in bodies if body)
    assert (first["title"], first["knowledge_ids"]) == (None, [])
    assert second.keys() == {"prompt", "tags"}


def test_a_rule_and_a_wrong_argument_end_the_task_without_another_try(connection, monkeypatch):
    with pytest.raises(AirflowFailException, match="max_acu_limit"):
        DevinRunTaskOperator(task_id="t", prompt="x", max_acu_limit=0).execute(context())
    monkeypatch.setenv("DEVIN_CONFIRM", "1")
    with pytest.raises(AirflowFailException, match="nobody confirmed"):
        DevinRunTaskOperator(task_id="t", prompt="x").execute(context())
    deferred(DevinRunTaskOperator(task_id="t", prompt="x", confirm=True), context())


def test_only_a_task_that_says_so_ends_its_session_when_it_is_killed(connection):
    for ends_session in (False, True):
        operator = DevinRunTaskOperator(task_id="t", prompt="x", ends_session=ends_session)
        assert deferred(operator, context()).trigger.ends_session is ends_session


@pytest.mark.parametrize("simulator", [1], indirect=True)  # the two clocks must agree: it looks by time
def test_a_message_is_sent_once_however_often_its_task_is_tried(connection, simulator):
    stop = deferred(DevinRunTaskOperator(task_id="t", prompt="#simulate:asks"), context())
    (session_id,) = stop.trigger.session_ids
    run = context()["dag_run"]
    for number in (1, 2):
        operator = DevinSendMessageOperator(task_id="t", session_id=session_id, message="Use staging.")
        output = operator.execute(context(try_number=number) | {"dag_run": run})
        assert output["delivery"] == ("sent" if number == 1 else "found")
    (record,) = simulator.world.sessions.values()
    assert [m["message"] for m in record.messages].count("Use staging.") == 1


def test_a_fan_out_defers_on_the_sessions_that_it_has_started(connection, simulator, monkeypatch):
    monkeypatch.setattr(operators, "STARTING", 0.5)
    arguments = {"prompt": "Fix {item}.", "items": ["a", "b", "c"], "max_acu_total": 6, "max_parallel": 2}
    operator = DevinToolOperator(task_id="t", tool="devin_fan_out", arguments=arguments)
    stop = deferred(operator, context())
    while True:
        assert len(stop.trigger.session_ids) <= 2
        simulator.clock.step(300)
        try:
            output = operator.resume(context(), {"until": stop.trigger.until, "outcomes": {}})
            break
        except TaskDeferred as again:
            stop = again
    assert output["counts"] == {"finished": 3}
    assert len(simulator.world.sessions) == 3


def test_a_sensor_looks_before_it_defers_and_fails_on_what_nobody_can_change(connection, simulator):
    stop = deferred(DevinRunTaskOperator(task_id="t", prompt="#simulate:fails"), context())
    (session_id,) = stop.trigger.session_ids
    sensor = DevinSessionSensor(task_id="s", session_id=session_id)
    assert deferred(sensor, context()).trigger.outcomes == ["finished"]
    simulator.clock.step(60)
    with pytest.raises(AirflowFailException, match="failed"):
        sensor.execute(context())
    sensor = DevinSessionSensor(task_id="s", session_id=session_id, outcomes={"failed"})
    assert sensor.execute(context()) is None
    with pytest.raises(AirflowFailException, match="no outcome done"):
        DevinSessionSensor(task_id="s", session_id=session_id, outcomes={"done"}).execute(context())


def test_a_tool_that_shows_a_secret_is_not_run_as_a_task(connection, simulator):
    arguments = {"name": "CI", "role_id": "role-member", "ttl_seconds": 60}
    operator = DevinToolOperator(task_id="t", tool="devin_create_service_user", arguments=arguments)
    with pytest.raises(AirflowFailException, match="shows a secret once"):
        operator.execute(context())
