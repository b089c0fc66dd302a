"""A task is run from its prompt to its outcome, and goes on after any break with the same session."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from support.driving import EPOCH, Driver, ok
from support.simulated_api import simulated

from devin_tools import Catalog, Client, Simulator
from devin_tools.api import ArchiveSession, CreateSession, SessionSecret, TerminateSession
from devin_tools.errors import NotFound
from devin_tools.flow import Hold
from devin_tools.tasks import RunTask
from devin_tools.wire import Request, Response

OUTCOMES = [
    ("finishes", "finished", ""),
    ("asks", "waiting_for_user", "Answer it with devin_send_message."),
    ("approval", "waiting_for_approval", "Approve"),
    ("sleeps", "asleep", "It fell asleep"),
    ("runs_out", "quota", "an admin can buy more"),
    ("fails", "failed", "ended with an error"),
    ("exits", "finished", "cannot be resumed"),
]
SCHEMA = {"type": "object", "properties": {"cause": {"type": "string"}}, "required": ["cause"]}
SECRETS = [SessionSecret(key="TOKEN", value="CANARY-secret")]


def client_of(simulator: Simulator, **options: Any) -> Client:
    return Client(**simulator.connection() | options, guards=())


@pytest.mark.parametrize(("scenario", "outcome", "advice"), OUTCOMES)
def test_every_way_a_task_can_end_is_told(
    with_client: Callable[..., Any], scenario: str, outcome: str, advice: str
) -> None:
    options = simulated(seed=7, scenario=scenario).connection()
    task = with_client(None, lambda perform: perform("run", RunTask(prompt="x")), **options)
    assert (task.outcome, task.resume_with, task.creation) == (outcome, None, "created")
    assert advice in task.advice and task.waited_seconds < 120


@pytest.mark.parametrize(("end", "outcome"), [(TerminateSession, "ended"), (ArchiveSession, "asleep")])
def test_a_task_that_somebody_ends_meanwhile_ends(simulator: Simulator, end: Any, outcome: str) -> None:
    def watch(step: Any) -> None:
        if step.message == "running working":
            other.run(end(session_id=step.value.session.session_id))

    with client_of(simulator) as other, client_of(simulator, watch=watch) as client:
        assert client.run(RunTask(prompt="x")).outcome == outcome


def test_the_output_collects_what_the_session_made(client: Client, simulator: Simulator) -> None:
    task = client.run(RunTask(prompt="x", repos=["acme/shop"]))
    (record,) = simulator.world.sessions.values()
    assert task.session_id == record.session_id and task.url and task.url.endswith(record.session_id)
    assert [item.pr_url for item in task.pull_requests] == [record.pull_requests[0]["pr_url"]]
    assert [item.name for item in task.attachments] == ["test-report.txt"]
    assert [m.message for m in task.messages] == [m["message"] for m in record.messages[1:]]
    assert {m.source for m in task.messages} == {"devin"}
    assert task.acus_consumed and task.structured_output_status == "not_requested"


def test_only_what_was_set_goes_into_the_create(simulator: Simulator) -> None:
    sent: list[Any] = []
    inner = simulator.transport()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            sent.append(json.loads(request.content))
        return inner.handle_request(request)

    with client_of(simulator, transport=httpx.MockTransport(answer)) as client:
        client.run(RunTask(prompt="x", knowledge_ids=[], tags=["a"], max_seconds=60, follow_messages=True))
    (body,) = sent
    tags = body.pop("tags")
    assert body == {"prompt": "x", "knowledge_ids": []}
    assert tags[0] == "a" and len(tags) == 2


class Task:
    """A task's session as it is when the wait ends, for a flow that is driven by hand."""

    def __init__(self, **session: Any) -> None:
        self.session = {"session_id": "abc", "status": "exit", "status_detail": "finished"} | session
        self.messages: list[dict[str, Any]] = []
        self.driver = Driver(self)

    def __call__(self, request: Request) -> Any:
        last = request.path.rpartition("/")[2]
        pages = {"sessions": [], "messages": self.messages, "attachments": []}
        is_page = last in pages and request.method == "GET"
        return ok({"items": pages[last]} if is_page else self.session)

    def run(self, call: Any = None) -> Any:
        return self.driver.run((call or RunTask(prompt="x", structured_output_schema=SCHEMA)).flow())


VALUES = [
    ({"cause": "a race"}, "valid", []),
    ({"cause": "a race", "more": 1}, "valid", []),
    (None, "missing", []),
    ({}, "invalid", ["$: 'cause' is a required property"]),
    ({"cause": 7}, "invalid", ["$.cause: 7 is not of type 'string'"]),
]


@pytest.mark.parametrize(("value", "status", "faults"), VALUES)
def test_structured_output_is_checked_against_the_schema(value: Any, status: str, faults: Any) -> None:
    task = Task(structured_output=value).run()
    assert (task.structured_output_status, task.structured_output_faults) == (status, faults)
    assert task.structured_output == value


def test_structured_output_of_a_simulated_task_is_valid(client: Client) -> None:
    task = client.run(RunTask(prompt="x", structured_output_schema=SCHEMA))
    assert task.structured_output_status == "valid" and task.structured_output["cause"]


def test_structured_output_that_nobody_asked_for_is_kept_unchecked() -> None:
    task = Task(structured_output={"x": 1}).run(RunTask(prompt="x"))
    assert (task.structured_output_status, task.structured_output) == ("not_requested", {"x": 1})


def test_faults_of_a_structured_output_are_few_and_short() -> None:
    schema = {"type": "object", "additionalProperties": {"type": "string", "enum": ["y" * 5000]}}
    task = Task(structured_output={f"k{n}": n for n in range(100)})
    faults = task.run(RunTask(prompt="x", structured_output_schema=schema)).structured_output_faults
    assert len(faults) == 20 and max(map(len, faults)) < 250


@pytest.mark.parametrize("schema", [{"properties": {"a": {"$ref": "#/definitions/gone"}}}, {"$ref": "#"}])
def test_a_schema_that_cannot_be_applied_does_not_cost_the_output(schema: dict[str, Any]) -> None:
    task = Task(structured_output={"a": 1}).run(RunTask(prompt="x", structured_output_schema=schema))
    assert (task.outcome, task.structured_output_status) == ("finished", "invalid")
    assert "cannot be applied" in task.structured_output_faults[0]


@pytest.mark.parametrize("count", [3, 50, 450])
def test_the_output_holds_devins_latest_fifty_messages(count: int) -> None:
    task = Task()
    for n in range(count):
        source = "devin" if n % 2 else "user"
        task.messages.append({"event_id": f"e{n}", "source": source, "message": str(n)})
    expected = [str(n) for n in range(count) if n % 2][-50:]
    assert [message.message for message in task.run().messages] == expected


@pytest.mark.parametrize("at", ["the answer of the create", "a look at the messages"])
def test_a_program_that_dies_adopts_its_own_session_when_it_runs_again(simulator: Simulator, at: str) -> None:
    class Killed(BaseException):
        pass

    inner, posts = simulator.transport(), 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal posts
        posts += request.method == "POST"
        got = inner.handle_request(request)
        if posts and (at == "the answer of the create" or request.url.path.endswith("/messages")):
            raise Killed
        return got

    call = RunTask(prompt="x", idempotency_key="nightly-42")
    with client_of(simulator, transport=httpx.MockTransport(answer)) as client, pytest.raises(Killed):
        client.run(call)
    with client_of(simulator) as client:
        task = client.run(call)
    assert (task.creation, task.outcome, len(simulator.world.sessions)) == ("adopted", "finished", 1)


def test_an_error_during_the_wait_names_the_session_that_was_started() -> None:
    task = Task(status="running")
    driver = Driver(lambda r: Response(404, b"{}") if r.path.endswith("devin-abc") else task(r))
    with pytest.raises(NotFound, match="Session abc was started: go on with devin_wait_session"):
        driver.run(RunTask(prompt="x").flow())


def slices_of(simulator: Simulator, catalog: Catalog, call: Any, **options: Any) -> list[Any]:
    """Run a task in slices, each by a client of its own."""
    done: list[Any] = []
    while not done or done[-1].resume_with:
        with client_of(simulator, **options) as client:
            done.append(client.run(call))
        if rest := done[-1].resume_with:
            call = catalog.call(rest.name, rest.arguments)
        assert len(done) < 20
    return done


def test_a_task_in_slices_is_one_session_and_takes_no_longer(simulator: Simulator, catalog: Catalog) -> None:
    done = slices_of(simulator, catalog, RunTask(prompt="x", max_seconds=20, timeout_seconds=300))
    assert [part.outcome for part in done] == ["still_running"] * (len(done) - 1) + ["finished"]
    assert {part.session_id for part in done} == set(simulator.world.sessions) and len(done) > 3
    assert [part.creation for part in done] == ["created"] + ["adopted"] * (len(done) - 1)
    whole = sum(part.waited_seconds for part in done)
    assert whole == pytest.approx(simulator.clock.now() - EPOCH, abs=0.01) and whole < 100


@pytest.mark.parametrize("tags", [["a"] * 50, None], ids=["no room", "tags off"])
def test_without_a_tag_a_slice_is_resumed_as_a_wait(
    simulator: Simulator, catalog: Catalog, tags: list[str] | None
) -> None:
    call = RunTask(prompt="x", tags=tags, max_seconds=20, timeout_seconds=300, settle_seconds=4)
    done = slices_of(simulator, catalog, call, tag_creates=tags is not None)
    rest = done[0].resume_with
    assert rest.name == "devin_wait_session" and rest.arguments == {
        "session_id": done[0].session_id, "max_seconds": 20, "settle_seconds": 4, "timeout_seconds": 280.0,
    }  # fmt: skip
    assert done[-1].outcome == "finished" and len(simulator.world.sessions) == 1


@pytest.mark.parametrize("tags", [["a"] * 50, None], ids=["as a wait", "as a task"])
def test_a_handle_to_go_on_with_holds_no_secret(client: Client, tags: list[str] | None) -> None:
    call = RunTask(prompt="x", tags=tags, max_seconds=10, session_secrets=SECRETS)
    task = client.run(call)
    assert task.resume_with and "session_secrets" not in task.resume_with.arguments
    assert "CANARY" not in task.model_dump_json() + repr(task) + repr(call)


def test_a_key_of_ones_own_is_kept_through_the_slices(client: Client) -> None:
    call = RunTask(prompt="x", idempotency_key="mine", max_seconds=10, create_as_user_id="u1")
    rest = client.run(call).resume_with
    assert rest and rest.arguments == {
        "prompt": "x", "idempotency_key": "mine", "max_seconds": 10, "create_as_user_id": "u1",
        "timeout_seconds": 3590.0,
    }  # fmt: skip


SLEEPERS = [
    ("finishes", None, "finished", "likely", "not_requested"),
    ("finishes", SCHEMA, "finished", "likely", "valid"),
    ("merges", None, "finished", "likely", "not_requested"),
    ("delegates", None, "finished", "likely", "not_requested"),
    ("delegates", SCHEMA, "asleep", "sure", "missing"),
    ("asks", None, "asleep", "likely", "not_requested"),
    ("sleeps", None, "asleep", "likely", "not_requested"),
    ("exits", None, "finished", "sure", "not_requested"),
    ("runs_out", None, "quota", "sure", "not_requested"),
]


@pytest.mark.parametrize(("scenario", "schema", "outcome", "certainty", "status"), SLEEPERS)
def test_a_task_that_runs_again_when_its_session_sleeps_is_as_done_as_it_was(
    simulator: Simulator, scenario: str, schema: Any, outcome: str, certainty: str, status: str
) -> None:
    prompt = f"x #simulate:{scenario}"
    call = RunTask(prompt=prompt, idempotency_key="nightly", structured_output_schema=schema)
    with client_of(simulator) as client:
        first = client.run(call)
        requests = len(simulator.requests)
        simulator.clock.step(7200)
        again = client.run(call)
    assert (again.creation, again.session_id) == ("adopted", first.session_id)
    assert (again.outcome, again.certainty, again.structured_output_status) == (outcome, certainty, status)
    looks = 1 if again.outcome == first.outcome and scenario == "exits" else 2
    assert len(simulator.requests) - requests <= looks + 4  # adopted by its tag, messages, attachments


def test_a_task_that_fell_asleep_over_a_question_is_not_done_though_it_left_a_pull_request(
    simulator: Simulator,
) -> None:
    call = RunTask(prompt="x", idempotency_key="nightly")
    with client_of(simulator) as client:
        client.run(call)
        simulator.clock.step(7200)
        (record,) = simulator.world.sessions.values()
        simulator.world.say(record, "devin", "The pull request is open. Should I merge it myself?")
        again = client.run(call)
    assert again.pull_requests and (again.outcome, again.certainty) == ("asleep", "likely")
    assert "question" in again.advice


def test_a_task_whose_session_somebody_ended_when_it_was_done_is_done(simulator: Simulator) -> None:
    call = RunTask(prompt="x", idempotency_key="nightly")
    with client_of(simulator) as client:
        first = client.run(call)
        client.run(TerminateSession(session_id=first.session_id))
        again = client.run(call)
    assert (again.outcome, again.certainty) == ("finished", "likely")
    assert "cannot be resumed" in again.advice


def test_a_task_without_the_structured_output_it_owes_says_so(simulator: Simulator) -> None:
    with client_of(simulator) as client:
        task = client.run(RunTask(prompt="x #simulate:delegates", structured_output_schema=SCHEMA))
    assert (task.outcome, task.structured_output_status) == ("finished", "missing")
    assert "no structured output" in task.advice


def test_two_tasks_without_keys_are_two_sessions(client: Client, simulator: Simulator) -> None:
    assert client.run(RunTask(prompt="x")).creation == client.run(RunTask(prompt="x")).creation == "created"
    assert len(simulator.world.sessions) == 2


def test_a_task_goes_on_with_what_a_create_of_the_same_key_made(client: Client) -> None:
    made = client.run(CreateSession(prompt="x", idempotency_key="k"))
    task = client.run(RunTask(prompt="x", idempotency_key="k"))
    assert (task.creation, task.session_id) == ("adopted", made.session_id)


def test_a_slice_ends_in_time_though_its_create_had_to_wait() -> None:
    class Waiting(Driver):
        def _reply(self, step: Any) -> Any:
            self.now += 40 if isinstance(step, Hold) else 0
            return super()._reply(step)

    session = {"session_id": "abc", "status": "running", "tags": []}
    driver = Waiting(
        lambda request: ok(
            session if request.method == "POST" or request.path.endswith("abc") else {"items": []}
        )
    )
    output = driver.run(RunTask(prompt="x", idempotency_key="k", max_seconds=45).flow())
    (hold,) = driver.kept(Hold)
    assert hold.timeout == 45 and output.outcome == "still_running" and output.resume_with
    assert driver.now - EPOCH == 45
