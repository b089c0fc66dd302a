"""A wait ends for the right reason and at the right time, whatever the session does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from support.driving import EPOCH, Driver, ok

from devin_tools import Catalog
from devin_tools.client.retry import Cooldown, Retry, retrying
from devin_tools.errors import ConnectionLost, NotFound, ServerFault
from devin_tools.flow import Pause
from devin_tools.tasks import WaitSession
from devin_tools.wire import Request, Response

ScenarioStep = tuple[float, str | None, str | None]
"""From which second on the session is in which state."""

WORKING: ScenarioStep = (0, "running", "working")
SETTLED = [
    ("running", "finished", "finished"),
    ("running", "waiting_for_user", "waiting_for_user"),
    ("running", "waiting_for_approval", "waiting_for_approval"),
    ("suspended", "inactivity", "asleep"),
    ("suspended", "out_of_credits", "quota"),
    ("suspended", "error", "failed"),
]
FINAL = [("exit", None, "ended"), ("exit", "finished", "finished"), ("error", "error", "failed")]


class Life:
    """A session that lives by a timetable, and the driver in whose time it does."""

    def __init__(self, *beats: ScenarioStep, messages: Sequence[dict[str, Any]] = (), **options: Any) -> None:
        self.beats, self.messages = beats, list(messages)
        self.driver = Driver(self, **options)
        self.faults: list[Any] = []

    def __call__(self, request: Request) -> Any:
        if self.faults:
            return self.faults.pop(0)
        if request.path.endswith("/messages"):
            return ok({"items": self.messages})
        at = self.driver.now - EPOCH
        _, status, detail = [beat for beat in self.beats if beat[0] <= at][-1]
        return ok({"session_id": "abc", "status": status, "status_detail": detail})

    def wait(self, **options: Any) -> Any:
        return self.driver.run(WaitSession(session_id="abc", **options).flow())

    @property
    def looks(self) -> int:
        return sum(not request.path.endswith("/messages") for request in self.driver.requests)


@pytest.mark.parametrize(("status", "detail", "outcome"), SETTLED)
def test_a_settled_state_ends_the_wait_once_it_has_held(status: str, detail: str, outcome: str) -> None:
    life = Life((0, status, detail))
    waited = life.wait()
    assert (waited.outcome, waited.waited_seconds, waited.resume_with) == (outcome, 3.0, None)
    assert (life.looks, waited.session.status_detail) == (2, detail)


@pytest.mark.parametrize(("status", "detail", "outcome"), FINAL)
def test_an_ended_session_ends_the_wait_at_once(status: str, detail: str | None, outcome: str) -> None:
    life = Life((0, status, detail))
    waited = life.wait()
    assert (waited.outcome, waited.waited_seconds, len(life.driver.requests)) == (outcome, 0.0, 1)


def test_a_state_from_before_a_message_is_not_believed() -> None:
    life = Life((0, "running", "finished"), (2, "running", "working"), (60, "running", "waiting_for_user"))
    waited = life.wait()
    assert waited.outcome == "waiting_for_user" and waited.waited_seconds >= 63


def test_a_settled_state_that_comes_back_must_hold_anew() -> None:
    life = Life((0, "running", "finished"), (2, "running", "working"), (6, "running", "finished"))
    assert life.wait().waited_seconds == 3 + 5 + 3


def test_a_settled_state_that_becomes_another_must_hold_anew() -> None:
    life = Life((0, "running", "finished"), (2, "suspended", "inactivity"))
    waited = life.wait()
    assert (waited.outcome, waited.waited_seconds) == ("asleep", 6.0)


@pytest.mark.parametrize(("seconds", "looks"), [(0, 1), (10, 2), (60, 2)])
def test_how_long_a_state_must_hold_can_be_said(seconds: float, looks: int) -> None:
    life = Life((0, "running", "finished"))
    assert life.wait(settle_seconds=seconds).waited_seconds == seconds
    assert life.looks == looks


@pytest.mark.parametrize("timeout", [0.5, 1, 42, 3600])
def test_the_deadline_ends_the_wait_to_the_second_after_a_last_look(timeout: float) -> None:
    life = Life(WORKING)
    waited = life.wait(timeout_seconds=timeout)
    assert (waited.outcome, waited.waited_seconds) == ("still_running", timeout)
    looks_and_pauses = [step for step in life.driver.steps if isinstance(step, Request | Pause)]
    assert isinstance(looks_and_pauses[-1], Request) and waited.advice


def test_what_settles_on_the_last_look_counts() -> None:
    life = Life(WORKING, (20, "running", "finished"))
    waited = life.wait(timeout_seconds=20)
    assert (waited.outcome, waited.resume_with) == ("finished", None)


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_looks_grow_rarer_with_some_chance_in_it(chance: float) -> None:
    life = Life(WORKING, chance=chance)
    life.wait(timeout_seconds=600)
    pauses = life.driver.pauses[:-1]
    expected = [5.0, 7.5, 11.25, 16.875, 25.3125] + [30.0] * (len(pauses) - 5)
    assert pauses == pytest.approx([pause * (0.8 + 0.4 * chance) for pause in expected])


def test_an_hour_of_waiting_costs_few_requests() -> None:
    life = Life(WORKING)
    life.wait(timeout_seconds=3600)
    assert life.looks <= 125


def test_slices_go_on_where_the_last_one_stopped(catalog: Catalog) -> None:
    life = Life(WORKING, (100, "running", "finished"))
    slices = [life.wait(max_seconds=30, timeout_seconds=500, settle_seconds=5)]
    while slices[-1].resume_with:
        rest = slices[-1].resume_with
        slices.append(life.driver.run(catalog.call(rest.name, rest.arguments).flow()))
    assert [part.outcome for part in slices] == ["still_running"] * 3 + ["finished"]
    assert [part.waited_seconds for part in slices[:3]] == [30.0] * 3
    assert sum(part.waited_seconds for part in slices) == life.driver.now - EPOCH
    assert 100 <= life.driver.now - EPOCH <= 120


def test_slices_share_one_deadline(catalog: Catalog) -> None:
    life = Life(WORKING)
    waited, rests = life.wait(max_seconds=30, timeout_seconds=100, follow_messages=True), []
    for _ in range(3):
        rests.append(waited.resume_with)
        waited = life.driver.run(catalog.call(rests[-1].name, rests[-1].arguments).flow())
    assert [rest.arguments["timeout_seconds"] for rest in rests] == [70.0, 40.0, 10.0]
    others = [{**rest.arguments, "timeout_seconds": 0} for rest in rests]
    assert others[1:] == others[:-1]
    assert rests[0].arguments["follow_messages"] is True
    assert (waited.waited_seconds, life.driver.now - EPOCH) == (10.0, 100.0)


def test_a_status_nobody_knows_ends_the_wait_and_is_kept() -> None:
    life = Life((0, "a_word_of_tomorrow", "x"))
    waited = life.wait()
    assert (waited.outcome, waited.waited_seconds) == ("still_running", 3.0)
    assert waited.session.status == "a_word_of_tomorrow" and "does not know" in waited.advice
    assert waited.resume_with.name == "devin_wait_session"


def said(source: str, text: str) -> dict[str, Any]:
    return {"event_id": text, "source": source, "message": text}


TALK = [said("devin", "Hello."), said("devin", "Which database?"), said("user", "Wait.")]


def test_a_session_that_waits_for_its_user_brings_devins_last_words() -> None:
    assert Life((0, "running", "waiting_for_user"), messages=TALK).wait().last_message == "Which database?"
    assert Life((0, "running", "waiting_for_user"), messages=TALK[2:]).wait().last_message is None


@pytest.mark.parametrize(
    ("status", "detail"), [(s, d) for s, d, o in SETTLED + FINAL if o not in ("waiting_for_user", "asleep")]
)
def test_other_outcomes_cost_no_look_at_the_messages(status: str, detail: str | None) -> None:
    life = Life((0, status, detail), messages=TALK)
    assert life.wait().last_message is None and life.looks == len(life.driver.requests)


@pytest.mark.parametrize(
    ("text", "outcome", "certainty"),
    [("All done.", "finished", "likely"), ("Which one?", "asleep", "likely"), ("Wait.", "asleep", "likely")],
)
def test_of_a_session_that_sleeps_one_look_at_its_messages_tells_whether_it_had_finished(
    text: str, outcome: str, certainty: str
) -> None:
    life = Life((0, "suspended", "inactivity"), messages=[said("user", "Do it."), said("devin", text)])
    waited = life.wait()
    assert (waited.outcome, waited.certainty, waited.waited_seconds) == (outcome, certainty, 3.0)
    assert waited.last_message == (text if outcome == "asleep" else None)
    assert (life.looks, len(life.driver.requests)) == (2, 3)


def test_messages_that_cannot_be_read_leave_what_the_session_says() -> None:
    driver = Driver(
        lambda request: (
            Response(403, b"{}")
            if request.path.endswith("/messages")
            else ok({"session_id": "abc", "status": "suspended", "status_detail": "inactivity"})
        )
    )
    waited = driver.run(WaitSession(session_id="abc").flow())
    assert (waited.outcome, waited.certainty, waited.last_message) == ("asleep", "likely", None)


@pytest.mark.parametrize(
    "faults",
    [
        [ConnectionLost("It broke.")] * 4,
        [Response(503, b"<html>")] * 4,
        [Response(429, b"{}", {"retry-after": "20"})] * 4,
        [Response(500, b"{}")] * 4,
        [Response(200, b"<html>Hello</html>")] * 4,
        [Response(502), ConnectionLost("It broke."), Response(500), Response(200, b'{"sess')],
    ],
)
def test_faults_are_ridden_out(faults: list[Any]) -> None:
    life = Life(WORKING, (50, "running", "finished"))
    life.faults = faults
    waited = life.driver.run(retrying(WaitSession(session_id="abc").flow(), Retry(), Cooldown()))
    assert waited.outcome == "finished" and life.faults == []


@pytest.mark.parametrize("fault", [Response(500, b"{}"), Response(503, b"{}")])
def test_faults_without_end_end_the_wait(fault: Any) -> None:
    driver = Driver(lambda request: fault)
    with pytest.raises(ServerFault):
        driver.run(retrying(WaitSession(session_id="abc").flow(), Retry(), Cooldown()))
    assert driver.now - EPOCH < 300


def test_a_session_that_is_not_there_ends_the_wait_at_once() -> None:
    driver = Driver([Response(404, b'{"detail": "Session not found"}')])
    with pytest.raises(NotFound):
        driver.run(WaitSession(session_id="abc").flow())
    assert driver.pauses == []


def test_no_pause_is_empty() -> None:
    life = Life(WORKING, chance=0.9)
    life.wait(timeout_seconds=300, settle_seconds=7)
    assert len(life.driver.pauses) > 5 and min(life.driver.pauses) > 0
