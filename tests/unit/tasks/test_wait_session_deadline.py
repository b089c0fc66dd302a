"""A wait ends in its time under faults too: clients that cut long calls would lose what it found."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from support.driving import EPOCH, Driver, ok
from support.laws import for_every

from devin_tools.api import GetSession
from devin_tools.api.shared.once import LAST_CHANCE, retry_reads
from devin_tools.client.retry import Cooldown, Retry, retrying
from devin_tools.errors import ConnectionFailed, ConnectionLost, DevinToolsError, ServerFault
from devin_tools.flow import OUT_OF_TIME, Flow, Monotonic, Pause, Progress
from devin_tools.tasks import RunTask, WaitSession, WaitSessions
from devin_tools.wire import Request, Response

FAULTS: dict[str, Any] = {
    "limited for a minute": Response(429, b"{}", {"retry-after": "60"}),
    "limited": Response(429, b"{}"),
    "away": Response(503, b"{}"),
    "broken": ConnectionLost("It broke."),
    "unreachable": ConnectionFailed("Nobody listens."),
}
WORKING = {"session_id": "abc", "status": "running", "status_detail": "working"}
FINISHED = WORKING | {"status_detail": "finished"}
PATIENT = Retry(max_tries=100)


class Api:
    """Shows a session for some looks, and then nothing but a fault."""

    def __init__(self, fault: Any, *, looks: int = 1, session: Any = WORKING) -> None:
        self.fault, self.looks, self.session = fault, looks, session
        self.driver = Driver(self, max_tries=100)

    def __call__(self, request: Request) -> Any:
        self.looks -= 1
        if self.looks < 0:
            return self.fault
        return ok({"items": [self.session]} if request.path.endswith("/sessions") else self.session)

    def wait(self, call: Any) -> Any:
        return self.driver.run(retrying(call.flow(), PATIENT, Cooldown()))

    @property
    def seconds(self) -> float:
        return self.driver.now - EPOCH


@for_every("fault, many, max_seconds", lambda: product(FAULTS.values(), [False, True], [20, 45]))
def test_a_slice_ends_in_time_when_the_api_fails_in_its_midst(
    fault: Any, many: bool, max_seconds: int
) -> None:
    api = Api(fault)
    call = WaitSessions(session_ids=["abc"]) if many else WaitSession(session_id="abc")
    waited = api.wait(call.model_copy(update={"max_seconds": max_seconds}))
    assert max_seconds <= api.seconds <= max_seconds + LAST_CHANCE
    assert waited.resume_with is not None
    if not many:
        assert (waited.outcome, waited.session.session_id) == ("still_running", "abc")
        assert "could not be read since" in waited.advice


@for_every("fault", FAULTS.values)
def test_the_deadline_of_a_whole_wait_holds_as_well(fault: Any) -> None:
    api = Api(fault, looks=3)
    assert api.wait(WaitSession(session_id="abc", timeout_seconds=60)).outcome == "still_running"
    assert api.seconds <= 60 + LAST_CHANCE


def test_what_was_seen_settled_counts_when_it_cannot_be_read_again() -> None:
    api = Api(FAULTS["limited for a minute"], session=FINISHED)
    assert api.wait(WaitSession(session_id="abc", max_seconds=20)).outcome == "finished"


@for_every("fault, many", lambda: product(FAULTS.values(), [False, True]))
def test_a_wait_that_saw_nothing_raises_the_fault(fault: Any, many: bool) -> None:
    api = Api(fault, looks=0)
    call = WaitSessions(session_ids=["abc"]) if many else WaitSession(session_id="abc")
    with pytest.raises(DevinToolsError) as caught:
        api.wait(call.model_copy(update={"max_seconds": 20}))
    assert caught.value.gave_up == OUT_OF_TIME and api.seconds <= 20 + LAST_CHANCE


def test_faults_that_use_up_the_tries_before_the_deadline_are_raised() -> None:
    api = Api(FAULTS["away"])
    with pytest.raises(ServerFault) as caught:
        api.driver = Driver(api)
        api.driver.run(retrying(WaitSession(session_id="abc").flow(), Retry(max_tries=2), Cooldown()))
    assert caught.value.gave_up == "the limit of 2 tries is reached"


def test_a_task_in_slices_reads_what_it_made_in_time_or_says_how_to_go_on() -> None:
    def answer(request: Request) -> Any:
        if request.method == "POST" or request.path.endswith("/devin-abc"):
            return ok(FINISHED)
        is_search = request.path.endswith("/sessions")
        return ok({"items": []}) if is_search else FAULTS["limited for a minute"]

    driver = Driver(answer)
    with pytest.raises(DevinToolsError, match="go on with devin_wait_session"):
        driver.run(retrying(RunTask(prompt="x", max_seconds=40).flow(), Retry(), Cooldown()))
    assert driver.now - EPOCH <= 45


@pytest.mark.parametrize("fault", [Response(500, b"{}"), Response(200, b"<html>")])
def test_messages_that_cannot_be_read_for_a_while_do_not_end_a_wait_that_follows_them(fault: Any) -> None:
    faults = [fault, fault]

    def answer(request: Request) -> Any:
        if not request.path.endswith("/messages"):
            return ok(FINISHED)
        said = {"event_id": "e", "source": "devin", "message": "Hello."}
        return faults.pop() if faults else ok({"items": [said]})

    driver = Driver(answer)
    waited = driver.run(WaitSession(session_id="abc", follow_messages=True).flow())
    assert waited.outcome == "finished"
    assert [step.message for step in driver.kept(Progress)] == ["running finished", "message"]


def ask(timeout: float | None = None) -> Flow[Response]:
    got: Response = yield Request("GET", "/x", timeout=timeout)
    return got


def test_a_request_without_patience_does_not_wait_for_another_calls_rate_limit() -> None:
    cooldown = Cooldown()
    cooldown.extend(EPOCH + 30)
    driver = Driver([])
    got = driver.run(retrying(ask(timeout=10), Retry(), cooldown))
    assert (got.status, got.gave_up) == (429, OUT_OF_TIME)
    assert {type(step) for step in driver.steps} == {Monotonic}


@pytest.mark.parametrize("timeout", [None, 30.0, 40.0])
def test_a_request_with_the_time_for_it_does(timeout: float | None) -> None:
    cooldown = Cooldown()
    cooldown.extend(EPOCH + 30)
    driver = Driver([Response(200)])
    assert driver.run(retrying(ask(timeout), Retry(), cooldown)).status == 200
    assert driver.kept(Pause) == [Pause(30.0)]


def test_without_an_end_a_read_is_as_patient_as_any() -> None:
    driver = Driver([Response(200)])
    driver.run(retry_reads(ask))
    assert driver.requests[0].timeout is None


def test_a_read_that_fails_each_time_fails_with_its_last_answer() -> None:
    driver = Driver([Response(500), Response(502), Response(503)], max_tries=3)
    with pytest.raises(ServerFault) as caught:
        driver.run(retry_reads(GetSession(session_id="abc").flow))
    assert caught.value.status == 503
    assert driver.pauses == [1.0, 2.0]


def test_a_read_whose_next_try_would_come_too_late_is_given_up() -> None:
    driver = Driver([Response(503)], max_tries=3)
    with pytest.raises(ServerFault) as caught:
        driver.run(retry_reads(GetSession(session_id="abc").flow, EPOCH - LAST_CHANCE))
    assert caught.value.gave_up == OUT_OF_TIME and not driver.pauses


def test_the_time_of_a_request_counts_from_its_first_try() -> None:
    driver = Driver()

    def answer_slowly(request: Request) -> Response:
        driver.now += 45
        return Response(503, b"{}")

    driver.answer_with(answer_slowly)
    got = driver.run(retrying(ask(timeout=50), PATIENT, Cooldown()))
    assert (got.gave_up, driver.now - EPOCH < 100) == (OUT_OF_TIME, True)
