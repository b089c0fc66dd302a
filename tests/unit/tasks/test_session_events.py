"""What happens during a wait is told as it happens, each thing once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from support.driving import Driver, ok

from devin_tools import Simulator
from devin_tools.api import CreateSession
from devin_tools.flow import Done, Progress
from devin_tools.tasks import Event, RunTask, WaitSession, WaitSessions
from devin_tools.wire import Request


@pytest.fixture
def events(with_client: Any, simulator: Simulator) -> Any:
    """Return a function that creates sessions, then lists the steps of a call about them."""

    def go(prompts: list[str], make: Any) -> list[Progress]:
        async def work(perform: Any) -> Any:
            for prompt in prompts:
                await perform("run", CreateSession(prompt=prompt))
            return await perform("events", make(*simulator.world.sessions))

        got: list[Progress] = with_client(None, work, **simulator.connection())
        return got

    return go


def of_kind(steps: list[Progress], kind: str) -> list[Event]:
    return [step.value for step in steps if isinstance(step.value, Event) and step.value.kind == kind]


def states(steps: list[Progress]) -> list[tuple[Any, Any]]:
    return [(event.session.status, event.session.status_detail) for event in of_kind(steps, "status")]


def wait(session_id: str) -> WaitSession:
    return WaitSession(session_id=session_id)


def test_a_wait_tells_each_state_once_and_ends_with_its_output(events: Any) -> None:
    steps = events(["x"], wait)
    assert states(steps) == [("new", None), ("running", "working"), ("running", "finished")]
    assert [step.message for step in steps if not of_kind([step], "pull_request")] == [
        "new", "running working", "running finished", "done",
    ]  # fmt: skip
    assert isinstance(steps[-1], Done) and steps[-1].value.outcome == "finished"


def test_a_pull_request_is_told_once_with_its_address(events: Any) -> None:
    (event,) = of_kind(events(["x"], wait), "pull_request")
    assert event.pull_request_url == event.session.pull_requests[0].pr_url


def test_messages_are_told_only_when_they_are_followed(events: Any) -> None:
    assert of_kind(events(["x"], wait), "message") == []


def test_each_message_is_told_once_in_its_order(events: Any, simulator: Simulator) -> None:
    steps = events([], lambda: RunTask(prompt="x", follow_messages=True))
    told = [event.message and event.message.message for event in of_kind(steps, "message")]
    (record,) = simulator.world.sessions.values()
    assert told == [message["message"] for message in record.messages] and len(told) == 3


def test_a_task_tells_first_whether_its_session_was_created_or_adopted(events: Any) -> None:
    first, second = (
        events([], lambda *_: RunTask(prompt="x", idempotency_key="k")) for _ in ("creates", "adopts")
    )
    assert [steps[0].message for steps in (first, second)] == ["created", "adopted"]
    assert first[0].value.session.session_id == second[0].value.session.session_id
    later = states(first)[1:]
    assert Counter(later) == dict.fromkeys(later, 1) and later[-1] == ("running", "finished")


def test_a_wait_for_many_tells_of_each_that_settles(events: Any) -> None:
    prompts = ["a", "b #simulate:sleeps", "c #simulate:exits"]
    steps = events(prompts, lambda *ids: WaitSessions(session_ids=list(ids)))
    assert [step.message for step in steps] == ["1 of 3 settled", "2 of 3 settled", "3 of 3 settled", "done"]
    told = [event.session.session_id for event in of_kind(steps, "settled")]
    assert told == [item.session.session_id for item in steps[-1].value.settled]


class Talk:
    """A session whose messages grow by 150 between looks, on pages of 200."""

    def __init__(self) -> None:
        self.count = 0
        self.asked: list[str | None] = []

    def __call__(self, request: Request) -> Any:
        if not request.path.endswith("/messages"):
            self.count = min(self.count + 150, 900)
            detail = "working" if self.count < 900 else "finished"
            return ok({"session_id": "abc", "status": "running", "status_detail": detail})
        query = dict(request.query)
        self.asked.append(query.get("after"))
        start = int(query.get("after", 0))
        end = min(start + int(query["first"]), self.count)
        items = [{"event_id": f"e{n}", "source": "devin", "message": str(n)} for n in range(start, end)]
        more = end < self.count
        return ok({"items": items, "end_cursor": str(end) if more else None, "has_next_page": more})


def test_messages_are_read_on_from_where_the_last_look_ended() -> None:
    talk = Talk()
    driver = Driver(talk)
    driver.run(WaitSession(session_id="abc", follow_messages=True).flow())
    told = [step.value.message.message for step in driver.kept(Progress) if step.value.kind == "message"]
    assert told == [str(n) for n in range(900)]
    assert talk.asked == [
        None,
        *(None, "200"),
        *("200", "400"),
        "400",
        *("400", "600"),
        *("600", "800"),
        "800",
    ]


def test_pull_requests_that_come_later_are_told_when_they_come() -> None:
    urls = ["https://example.com/1", "https://example.com/2"]
    looks = iter([urls[:1], urls[:1], urls, urls, urls])

    def answer(request: Request) -> Any:
        seen = next(looks)
        detail = "finished" if len(seen) == 2 else "working"
        opened = [{"pr_url": url} for url in seen]
        session = {"session_id": "abc", "status": "running", "status_detail": detail}
        return ok(session | {"pull_requests": opened})

    driver = Driver(answer)
    driver.run(WaitSession(session_id="abc").flow())
    told = [step.value.pull_request_url for step in driver.kept(Progress)]
    assert [url for url in told if url] == urls


def test_a_state_that_comes_back_is_told_again() -> None:
    details = iter(["working", "waiting_for_user", "working", "working", "finished", "finished"])
    driver = Driver(lambda _: ok({"session_id": "abc", "status": "running", "status_detail": next(details)}))
    driver.run(WaitSession(session_id="abc").flow())
    told = [step.message.removeprefix("running ") for step in driver.kept(Progress)]
    assert told == ["working", "waiting_for_user", "working", "finished"]


def test_whoever_watches_a_client_is_told_of_all_but_the_end(with_client: Any, simulator: Simulator) -> None:
    told: list[Progress] = []
    with_client(
        None, lambda perform: perform("run", RunTask(prompt="x")), **simulator.connection(), watch=told.append
    )
    assert told[0].message == "created" and not any(isinstance(step, Done) for step in told)
