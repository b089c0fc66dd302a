"""The promises of docs/safety.md, each seen through a client over the simulator in virtual time."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from support.laws import for_every
from support.tools import built_in, examples, starts_git

from devin_tools import (
    Client,
    CreateSession,
    RunTask,
    SendMessage,
    SessionSecret,
    Simulator,
    Spec,
    TerminateSession,
    WaitSession,
    expecting,
)
from devin_tools.api.attachments import IntoFolder
from devin_tools.errors import Ambiguous, DevinToolsError, MissingSetting, Refused
from devin_tools.simulator import Faults
from devin_tools.simulator.clock import SimulatedClock
from devin_tools.tasks.shared.outcomes import OUTCOMES


def client_of(simulator: Simulator, **more) -> Client:
    return Client(**simulator.connection(), guards=(), **more)


class OneFault(Faults):
    """Spoils the next write, and nothing after it."""

    def answer(self, request, spec, world, respond):
        if request.method == "GET" or self.met:
            return respond()
        return super().answer(request, spec, world, respond)


def once_faulty(simulator: Simulator, kind: str) -> None:
    """Spoil the next write only."""
    simulator.faults = OneFault(rate=1.0, kinds=(kind,))


AMBIGUOUS = ("lost", "fails_after", "cut", "garbled")


@pytest.mark.parametrize("kind", AMBIGUOUS)
def test_a_create_whose_answer_is_lost_is_adopted(kind):
    simulator = Simulator(seed=2)
    once_faulty(simulator, kind)
    with client_of(simulator) as client:
        session = client.run(CreateSession(prompt="Once."))
    assert (session.creation, len(simulator.world.sessions)) == ("adopted", 1)


def test_a_create_that_never_arrived_is_made_again():
    simulator = Simulator(seed=2)
    once_faulty(simulator, "reset")
    with client_of(simulator) as client:
        session = client.run(CreateSession(prompt="Once."))
    assert (session.creation, len(simulator.world.sessions)) == ("created", 1)


@pytest.mark.parametrize("settings", [{"tag_creates": False}, {}], ids=["tags off", "no room"])
def test_without_a_tag_an_ambiguous_create_is_reported_and_not_repeated(settings):
    simulator = Simulator(seed=2)
    once_faulty(simulator, "lost")
    tags = None if settings else [f"tag-{i}" for i in range(50)]
    with client_of(simulator, **settings) as client, pytest.raises(Ambiguous, match="may have taken effect"):
        client.run(CreateSession(prompt="Once.", tags=tags))
    assert len(simulator.world.sessions) == 1


@pytest.mark.parametrize("kind", AMBIGUOUS)
def test_a_message_whose_answer_is_lost_is_found_and_not_sent_twice(kind):
    simulator = Simulator(seed=2)
    with client_of(simulator) as client:
        session = client.run(CreateSession(prompt="Start."))
        once_faulty(simulator, kind)
        sent = client.run(SendMessage(session_id=session.session_id, message="Go on."))
    texts = [m["message"] for m in simulator.world.sessions[session.session_id].messages]
    assert (sent.delivery, texts.count("Go on.")) == ("found", 1)


class Killed(BaseException):
    """The end of a process: nothing that handles errors handles it."""


class Deadly(Simulator):
    """Ends its caller once a request of this number has taken effect, before the answer is heard."""

    deadly = 0

    def handle(self, *request: Any) -> Any:
        answer = super().handle(*request)
        if len(self.requests) == self.deadly:
            raise Killed
        return answer


def keyed() -> list[Spec]:
    return [spec for spec in built_in() if "idempotency_key" in spec.tool.model_fields]


@for_every("spec", lambda: [spec for spec in keyed() if not starts_git(spec.name)])
def test_a_call_with_a_key_that_was_killed_after_any_request_starts_nothing_twice(spec: Spec) -> None:
    call = built_in().call(spec.name, dict(spec.examples[0]) | {"idempotency_key": "k"})

    def ended(*deadly: int) -> Deadly:
        """Run it once for each of these numbers, over one simulator."""
        simulator = Deadly(seed=1, catalog=built_in())
        for simulator.deadly in deadly:
            with suppress(Killed), client_of(simulator) as client:
                client.run(call)
        return simulator

    def started(simulator: Simulator) -> list[str]:
        return sorted(record.prompt for record in simulator.world.sessions.values())

    whole = ended(0)
    writes = [number for number, (method, _) in enumerate(whole.requests, 1) if method != "GET"]
    assert writes and started(whole)
    for number in range(1, writes[-1] + 1):  # what is read after the last write changes nothing
        assert started(ended(number, 0)) == started(whole), number


def test_no_session_is_doubled_or_lost_where_most_answers_are_spoiled() -> None:
    simulator = Simulator(seed=5, catalog=built_in(), faults=Faults(rate=0.6, seed=9))
    told = {}
    with client_of(simulator, max_tries=12, max_retry_seconds=3000) as client:
        for number in range(80):
            with suppress(DevinToolsError):
                call = CreateSession(prompt=str(number), idempotency_key=str(number))
                told[str(number)] = client.run(call).session_id
    there = [(record.prompt, name) for name, record in simulator.world.sessions.items()]
    assert len(told) > 40 and len(there) == len(dict(there))
    assert told.items() <= dict(there).items()


STATUSES = ["new", "claimed", "running", "resuming", "suspended", "exit", "error", "dreaming", None]
DETAILS = [None, "working", "finished", "waiting_for_user", "inactivity", "out_of_credits", "mystery"]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(STATUSES), st.sampled_from(DETAILS)), min_size=1, max_size=30))
def test_every_wait_ends_whatever_the_statuses(walk):
    states = iter(walk)
    last = [walk[-1]]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/messages"):
            return httpx.Response(200, json={"items": []})
        last[0] = next(states, last[0])
        body = {"session_id": "a", "status": last[0][0], "status_detail": last[0][1]}
        return httpx.Response(200, json=body)

    clock = SimulatedClock()
    options = {"api_key": "cog_x", "org_id": "org-1", "guards": (), "clock": clock}
    with Client(transport=httpx.MockTransport(answer), **options) as client:
        started = clock.now()
        waited = client.run(WaitSession(session_id="a", timeout_seconds=600))
    assert waited.outcome in OUTCOMES
    assert clock.now() - started <= 600


def test_a_wait_in_slices_takes_no_longer_than_a_whole_one():
    simulator = Simulator(seed=3)
    with client_of(simulator) as client:
        session = client.run(CreateSession(prompt="Work."))
        waited = client.run(WaitSession(session_id=session.session_id, max_seconds=10))
        slices = 1
        while waited.resume_with is not None:
            assert waited.outcome == "still_running"
            call = built_in().call(waited.resume_with.name, waited.resume_with.arguments)
            waited, slices = client.run(call), slices + 1
    assert (waited.outcome, slices > 3) == ("finished", True)


@pytest.mark.parametrize(
    ("scenario", "outcome"),
    [
        ("finishes", "finished"),
        ("asks", "waiting_for_user"),
        ("approval", "waiting_for_approval"),
        ("sleeps", "asleep"),
        ("runs_out", "quota"),
        ("fails", "failed"),
        ("exits", "finished"),
    ],
)
def test_a_task_ends_for_the_right_reason(scenario, outcome):
    simulator = Simulator(seed=4, scenario=scenario)
    with client_of(simulator) as client:
        task = client.run(RunTask(prompt="Work.", max_acu_limit=5))
    assert task.outcome == outcome
    assert bool(task.advice) == (outcome != "finished" or scenario == "exits")
    assert task.resume_with is None


class Report(BaseModel):
    cause: str
    count: int


def test_structured_output_comes_back_as_an_instance_of_the_model():
    with client_of(Simulator(seed=5)) as client:
        task = client.run(expecting(Report, prompt="Why?"))
        untyped = client.run(RunTask(prompt="Why?"))
        asking = client.run(RunTask(prompt="#simulate:asks", structured_output_schema={"type": "object"}))
    assert isinstance(task.value, Report)
    assert task.structured_output_status == "valid"
    assert untyped.structured_output_status == "not_requested"
    assert asking.structured_output_status == "missing"


def test_a_killed_task_is_adopted_and_its_secrets_are_not_in_the_way_to_resume():
    simulator = Simulator(seed=6)
    secret = SessionSecret(key="A", value="CANARY")
    with client_of(simulator) as client:
        first = client.run(RunTask(prompt="Work.", session_secrets=[secret], max_seconds=10))
    assert first.outcome == "still_running"
    assert "CANARY" not in first.model_dump_json()
    assert first.resume_with is not None
    with client_of(simulator) as other:
        call = built_in().call(first.resume_with.name, first.resume_with.arguments | {"max_seconds": 900})
        second = other.run(call)
    assert (second.creation, second.session_id, second.outcome) == ("adopted", first.session_id, "finished")


@pytest.mark.parametrize(
    ("settings", "call", "rule"),
    [
        ({"read_only": True}, CreateSession(prompt="x"), "DEVIN_READ_ONLY"),
        ({"read_only": True}, RunTask(prompt="x"), "DEVIN_READ_ONLY"),
        ({"allowed_tools": ("devin_get_session",)}, CreateSession(prompt="x"), "DEVIN_ALLOWED_TOOLS"),
        ({"denied_tools": ("devin_create_session",)}, RunTask(prompt="x"), "DEVIN_DENIED_TOOLS"),
        ({"max_acu": 3}, RunTask(prompt="x", max_acu_limit=4), "DEVIN_MAX_ACU"),
        ({"max_sessions": 0}, RunTask(prompt="x"), "DEVIN_MAX_SESSIONS"),
        ({"confirm": True}, CreateSession(prompt="x"), "DEVIN_CONFIRM"),
        ({"confirm": True}, TerminateSession(session_id="a"), "DEVIN_CONFIRM"),
    ],
)
def test_a_rule_refuses_before_anything_is_changed_and_says_how_to_change_it(settings, call, rule):
    simulator = Simulator(seed=7)
    with client_of(simulator, **settings) as client, pytest.raises(Refused) as caught:
        client.run(call)
    assert rule in str(caught.value)
    assert all(method == "GET" for method, _ in simulator.requests)


def test_consent_lets_a_confirmed_call_pass():
    with client_of(Simulator(seed=7), confirm=True) as client:
        assert client.run(CreateSession(prompt="x"), confirm=True).creation == "created"


def test_sessions_without_a_limit_get_the_default_inside_composed_tools_too():
    simulator = Simulator(seed=7)
    with client_of(simulator, default_acu=7) as client:
        client.run(RunTask(prompt="x"))
    assert next(iter(simulator.world.sessions.values())).asked["max_acu_limit"] == 7


def unreachable(request: httpx.Request) -> httpx.Response:
    raise AssertionError("a dry run sent something")


@pytest.fixture
def nowhere(folder_for_files) -> Iterator[Client]:
    """Return a client that can send nothing."""
    with Client(api_key="cog_x", org_id="org-1", transport=httpx.MockTransport(unreachable)) as client:
        yield client


@for_every("spec, example", examples)
def test_a_dry_run_shows_the_first_write_and_sends_nothing(spec, example, catalog, nowhere):
    preview = nowhere.preview(catalog.call(spec.name, example))
    assert (preview.tool, preview.effect) == (spec.name, spec.effect.kind)
    assert preview.requests
    prefixes = "https://api.devin.ai/v3", "https://api.devin.ai/opbeta"
    assert all(request.url.startswith(prefixes) for request in preview.requests)
    writes_here = issubclass(spec.tool, IntoFolder)
    if spec.effect.kind != "read" and not writes_here:
        assert preview.requests[-1].method != "GET"


def test_secrets_are_resolved_when_they_are_sent_and_masked_before(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from-a-file\n")
    monkeypatch.setenv("MY_SECRET", "from-the-environment")
    bodies = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"session_id": "a"})

    values = ["env:MY_SECRET", f"file:{tmp_path / 'secret'}", "plain"]
    call = CreateSession(prompt="x", session_secrets=[SessionSecret(key="K", value=v) for v in values])
    with Client(api_key="cog_x", org_id="org-1", transport=httpx.MockTransport(answer)) as client:
        client.run(call)
        assert "from-" not in client.preview(call).model_dump_json()
    sent = [item["value"] for item in bodies[0]["session_secrets"]]
    assert sent == ["from-the-environment", "from-a-file", "plain"]


@pytest.mark.parametrize("reference", ["env:NO_SUCH_VARIABLE", "file:/no/such/file"])
def test_a_secret_that_is_not_there_stops_the_call_before_it_is_sent(reference):
    call = CreateSession(prompt="x", session_secrets=[SessionSecret(key="K", value=reference)])
    with Client(api_key="cog_x", org_id="org-1", transport=httpx.MockTransport(unreachable)) as client:
        with pytest.raises(MissingSetting, match="The secret refers to"):
            client.run(call)


def test_one_line_is_logged_for_a_request_and_no_body(caplog):
    caplog.set_level(logging.INFO, logger="devin_tools")
    with client_of(Simulator(seed=8)) as client:
        client.run(CreateSession(prompt="A prompt nobody logs."))
    (line,) = [r.getMessage() for r in caplog.records if r.name == "devin_tools"]
    assert line.startswith("devin_create_session: POST ")
    assert "-> 200 in " in line
    assert line.endswith("try 1")
    assert "nobody logs" not in line
