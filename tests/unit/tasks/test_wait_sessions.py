"""Waiting for many sessions costs a list request for each 200 of them and look, and misses none."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from support.driving import EPOCH, Driver, ok
from support.simulated_api import simulated

from devin_tools import Catalog, Client
from devin_tools.flow import Progress
from devin_tools.tasks import WaitSessions
from devin_tools.wire import Request

ALL = ["a", "b", "c"]


class World:
    """Sessions that settle at a time each, `None` for never; the archived ones are listed only as such."""

    def __init__(self, settle: dict[str, float | None], *, archived: Any = (), **options: Any) -> None:
        self.settle, self.archived = settle, set(archived)
        self.driver = Driver(self, **options)
        self.detail = "finished"

    def __call__(self, request: Request) -> Any:
        asked = [value.removeprefix("devin-") for name, value in request.query if name == "session_ids"]
        wants_archived = dict(request.query).get("is_archived") == "true"
        assert 0 < len(asked) <= 200 and dict(request.query)["first"] == "200"
        return ok({"items": [self._session(i) for i in asked if self._is_listed(i, wants_archived)]})

    def _is_listed(self, session_id: str, wants_archived: bool) -> bool:
        return session_id in self.settle and (session_id in self.archived) == wants_archived

    def _session(self, session_id: str) -> dict[str, Any]:
        at = self.settle[session_id]
        is_settled = at is not None and self.driver.now - EPOCH >= at
        detail = self.detail if is_settled else "working"
        return {"session_id": session_id, "status": "running", "status_detail": detail}

    def wait(self, ids: Any = None, **options: Any) -> Any:
        call = WaitSessions(session_ids=list(self.settle if ids is None else ids), **options)
        return self.driver.run(call.flow())


def settled(waited: Any) -> dict[str, str]:
    return {item.session_id.removeprefix("devin-"): item.outcome for item in waited.settled}


def many(count: int, at: float | None = 0) -> dict[str, float | None]:
    return {f"{n:04}": at for n in range(count)}


def test_all_waits_for_the_last_and_tells_the_order() -> None:
    waited = World({"a": 100, "b": 10, "c": 50}).wait()
    assert list(settled(waited)) == ["b", "c", "a"] and set(settled(waited).values()) == {"finished"}
    assert (waited.still_running, waited.resume_with) == ([], None) and waited.waited_seconds > 100


def test_any_returns_as_soon_as_one_has_settled() -> None:
    waited = World({"a": None, "b": 10, "c": None}).wait(until="any")
    assert settled(waited) == {"b": "finished"} and waited.waited_seconds < 30
    assert waited.still_running == ["devin-a", "devin-c"]
    assert waited.resume_with.arguments["session_ids"] == waited.still_running


@pytest.mark.parametrize(("count", "requests"), [(1, 1), (200, 1), (201, 2), (450, 3), (1000, 5)])
def test_a_look_costs_a_request_for_each_two_hundred(count: int, requests: int) -> None:
    world = World(many(count, None))
    waited = world.wait(timeout_seconds=40)
    looks = len(world.driver.pauses) + 1
    assert len(world.driver.requests) == requests * looks and looks > 3
    assert len(waited.still_running) == count


def test_sessions_that_settled_are_not_asked_for_again() -> None:
    world = World({"a": None} | many(399, 0))
    world.wait(timeout_seconds=120)
    looks = len(world.driver.pauses) + 1
    assert len(world.driver.requests) == looks + 2


@pytest.mark.parametrize("count", [3, 450, 1300])
def test_archived_sessions_are_found(count: int) -> None:
    ids = many(count)
    waited = World(ids, archived=ids).wait()
    assert Counter(settled(waited).values()) == {"finished": count}
    assert waited.waited_seconds < 10


def test_a_session_that_is_listed_as_archived_late_is_found() -> None:
    world = World({"a": 0}, archived=["a"])
    driver = world.driver
    driver.answer_with(lambda request: world(request) if driver.now - EPOCH > 20 else ok({"items": []}))
    assert settled(world.wait()) == {"a": "finished"}


def test_a_session_that_is_archived_while_it_works_is_waited_for_to_its_end() -> None:
    waited = World({"a": 600, "b": 10}, archived=["a"]).wait()
    assert settled(waited) == {"a": "finished", "b": "finished"} and waited.waited_seconds > 600


def test_finding_archived_sessions_costs_no_more_than_a_request_for_each_two_hundred_and_look() -> None:
    world = World(many(450, 60), archived=many(225))
    world.wait()
    looks = len(world.driver.pauses) + 1
    assert len(world.driver.requests) <= 4 * looks + 5


@pytest.mark.parametrize("count", [1, 1300])
def test_sessions_that_stay_away_are_not_found(count: int) -> None:
    world = World({"a": 0})
    waited = world.wait(["a", *(f"gone-{n}" for n in range(count))])
    assert Counter(settled(waited).values()) == {"finished": 1, "not_found": count}
    missing = next(item for item in waited.settled if item.outcome == "not_found")
    assert missing.session is None and "check the id" in missing.advice
    assert waited.waited_seconds < 600


def test_a_session_that_is_listed_late_is_waited_for() -> None:
    world = World({})
    driver = world.driver

    def answer(request: Request) -> Any:
        world.settle = {"a": 0} if driver.now - EPOCH > 8 else {}
        return world(request)

    driver.answer_with(answer)
    assert settled(world.wait(["a"])) == {"a": "finished"}


def test_the_same_session_in_every_spelling_is_one() -> None:
    ids = ["abc", "devin-abc", "https://app.devin.ai/sessions/abc", "abc"]
    world = World({"abc": 0})
    waited = world.wait(ids)
    assert [item.session_id for item in waited.settled] == ["devin-abc"]
    assert len([1 for name, _ in world.driver.requests[0].query if name == "session_ids"]) == 1


def test_progress_counts_what_has_settled() -> None:
    world = World({"a": 0, "b": 30, "c": 60})
    world.wait()
    assert [step.message for step in world.driver.kept(Progress)] == [f"{n} of 3 settled" for n in (1, 2, 3)]


def test_the_deadline_ends_the_wait_to_the_second() -> None:
    world = World({"a": None, "b": 0})
    waited = world.wait(timeout_seconds=42)
    assert waited.waited_seconds == world.driver.now - EPOCH == 42
    assert (settled(waited), waited.still_running) == ({"b": "finished"}, ["devin-a"])


def test_slices_go_on_with_those_still_at_work(catalog: Catalog) -> None:
    world = World({"a": 10, "b": 100, "c": 200})
    slices = [world.wait(max_seconds=45, timeout_seconds=500)]
    while slices[-1].resume_with:
        rest = slices[-1].resume_with
        assert rest.name == "devin_wait_sessions" and rest.arguments["max_seconds"] == 45
        slices.append(world.driver.run(catalog.call(rest.name, rest.arguments).flow()))
    assert [name for part in slices for name in settled(part)] == ALL
    assert all(part.waited_seconds <= 45 for part in slices)
    assert sum(part.waited_seconds for part in slices) == pytest.approx(world.driver.now - EPOCH, abs=0.01)


def test_slices_share_one_deadline(catalog: Catalog) -> None:
    world = World({"a": None})
    waited, left = world.wait(max_seconds=30, timeout_seconds=100), []
    for _ in range(3):
        left.append(waited.resume_with.arguments["timeout_seconds"])
        waited = world.driver.run(catalog.call("devin_wait_sessions", waited.resume_with.arguments).flow())
    assert left == [70.0, 40.0, 10.0] and world.driver.now - EPOCH == 100


@pytest.mark.parametrize("max_seconds", [1, 2])
def test_slices_shorter_than_a_state_must_hold_come_to_an_end_too(catalog: Catalog, max_seconds: int) -> None:
    world = World({"a": 0})
    waited = world.wait(max_seconds=max_seconds)
    for _ in range(10):
        if waited.resume_with:
            waited = world.driver.run(
                catalog.call("devin_wait_sessions", waited.resume_with.arguments).flow()
            )
    assert settled(waited) == {"a": "finished"}


def test_a_settled_state_must_hold() -> None:
    world = World({"a": 0})
    driver = world.driver

    def answer(request: Request) -> Any:
        world.settle = {"a": 0 if driver.now == EPOCH else 60}
        return world(request)

    driver.answer_with(answer)
    assert world.wait().waited_seconds > 60


def test_a_status_nobody_knows_does_not_keep_the_others_waiting() -> None:
    world = World({"a": 0, "b": 0})
    world.detail = "a_word_of_tomorrow"
    states = {"a": ("a_status_of_tomorrow", None), "b": ("exit", None)}

    def answer(request: Request) -> Any:
        items = [{"session_id": i, "status": s, "status_detail": d} for i, (s, d) in states.items()]
        return ok({"items": items})

    world.driver.answer_with(answer)
    waited = world.wait(timeout_seconds=600)
    assert settled(waited) == {"a": "still_running", "b": "ended"} and waited.waited_seconds < 30


def test_a_wait_for_none_returns_at_once_and_asks_nothing() -> None:
    world = World({})
    waited = world.wait()
    assert (waited.settled, waited.still_running, waited.resume_with) == ([], [], None)
    assert (waited.waited_seconds, world.driver.requests) == (0.0, [])


def test_two_hundred_that_sleep_are_told_apart_by_one_list_request_a_look() -> None:
    pull = {"pr_url": "https://github.com/acme/shop/pull/1", "pr_state": "open"}
    world = World(many(200))

    def answer(request: Request) -> Any:
        rest = {"status": "suspended", "status_detail": "inactivity"}
        items = [{"session_id": f"{n:04}", "pull_requests": [pull] * (n % 2), **rest} for n in range(200)]
        return ok({"items": items})

    world.driver.answer_with(answer)
    waited = world.wait()
    found = Counter((item.outcome, item.certainty) for item in waited.settled)
    assert found == {("finished", "likely"): 100, ("asleep", "likely"): 100}
    assert len(world.driver.requests) == 2


def test_a_hundred_simulated_sessions_settle_each_in_its_own_way() -> None:
    simulator = simulated(seed=7, sessions=100)
    ids = list(simulator.world.sessions)
    with Client(**simulator.connection(), guards=()) as client:
        waited = client.run(WaitSessions(session_ids=ids))
    outcomes = settled(waited)
    assert outcomes.keys() == set(ids) and {"finished", "asleep", "quota", "failed"} <= set(outcomes.values())
    assert {path.rpartition("/")[2] for _, path in simulator.requests} == {"sessions"}
