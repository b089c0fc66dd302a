"""A call as a workflow: long waits, signals, cancelling, refusals and faults, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import httpx
import pytest
from external.engines.temporal.temporal_home import HANGS, KEY, Virtual, until, virtual
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import CancelledError

from devin_tools import (
    CreateSession,
    GetSession,
    ListSessions,
    RunTask,
    SendMessage,
    Simulator,
    UsageError,
)
from devin_tools.errors import InvalidArguments, NotFound, Refused
from devin_tools.simulator import Faults

T = TypeVar("T")
HOURS = 3600.0
TOILS = "Run the tests of the night. #simulate:toils"
SELDOM = 60.0
"""Seconds between two looks of the poller: each takes real time, and a night has many."""


def run(test: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(test, 2 * HANGS))


def statuses(simulator: Simulator) -> list[str]:
    return [record.status for record in simulator.world.sessions.values()]


def sent(simulator: Simulator, method: str, ending: str = "/sessions") -> int:
    """Count the requests of a method whose paths end so."""
    return sum(1 for one, path in simulator.requests if one == method and path.endswith(ending))


async def history_length(there: Virtual, id: str) -> int:
    return len((await there.env.client.get_workflow_handle(id).fetch_history()).events)


@pytest.mark.parametrize("is_polled", [True, False], ids=["polled", "alone"])
def test_eight_hours_pass_in_a_short_history(is_polled: bool) -> None:
    async def test() -> None:
        simulator = Simulator(seed=3)
        async with virtual(simulator, tick_seconds=SELDOM, durable={"is_polled": is_polled}) as there:
            output = await there.durable.run(RunTask(prompt=TOILS, timeout_seconds=12 * HOURS), id="night")
            assert (output.outcome, output.creation, len(output.pull_requests)) == ("finished", "created", 1)
            assert 8 * HOURS < output.waited_seconds < 9 * HOURS + there.passed
            assert sent(simulator, "POST") == 1
            assert await history_length(there, "night") < (700 if is_polled else 4_000)

    run(test())


def test_a_wait_that_begins_anew_many_times_keeps_its_time_and_its_session() -> None:
    async def test() -> None:
        simulator = Simulator(seed=3)
        async with virtual(simulator, durable={"is_polled": False, "max_events": 60}) as there:
            output = await there.durable.run(RunTask(prompt=TOILS, timeout_seconds=HOURS), id="night")
            first = there.env.client.get_workflow_handle("night")
            assert output.outcome == "still_running"
            assert HOURS <= output.waited_seconds < HOURS + 120 + there.passed
            assert sent(simulator, "POST") == 1
            assert (await first.describe()).run_id != (
                await first.describe()
            ).raw_description.workflow_execution_info.first_run_id

    run(test())


def test_a_message_by_signal_answers_the_session() -> None:
    async def test() -> None:
        simulator = Simulator(seed=3)
        async with virtual(simulator, tick_seconds=SELDOM) as there:
            call = RunTask(prompt=TOILS, timeout_seconds=12 * HOURS)
            await there.durable.start(call, id="night")
            await there.env.sleep(HOURS)
            await there.durable.send_message("night", "Leave the slow tests out.")

            async def is_sent() -> bool:
                lines = (await there.durable.progress("night")).lines
                return any("message sent" in one.message for one in lines)

            await until(is_sent)
            standing = await there.durable.progress("night")
            (record,) = simulator.world.sessions.values()
            assert standing.session_ids == [f"devin-{record.session_id}"]
            assert "Leave the slow tests out." in [one["message"] for one in record.messages]
            output = await there.output(call, "night")
            assert output.outcome == "finished"

    run(test())


def test_a_call_of_a_fan_out_that_is_cancelled_is_a_row_and_costs_no_other() -> None:
    async def test() -> None:
        simulator = Simulator(seed=3)
        async with virtual(simulator) as there:
            calls = [RunTask(prompt=TOILS, timeout_seconds=12 * HOURS), RunTask(prompt="Fix it.")]
            await there.durable.start_fan_out(calls, id="fleet")
            await until(lambda: sent(simulator, "POST") == 2)
            await there.durable.cancel("fleet/0")
            first, second = await there.durable.fan_out(calls, id="fleet")
            assert first.output is None and first.error is not None and "fleet/0" in (first.error.hint or "")
            assert second.error is None and second.output is not None
            assert second.output.outcome == "finished"
            with pytest.raises(UsageError, match="no output of devin_list_sessions"):
                await there.durable.run(ListSessions(limit=1), id="fleet/1")

    run(test())


def test_a_stop_by_signal_ends_the_session_and_with_it_the_wait() -> None:
    async def test() -> None:
        simulator = Simulator(seed=3)
        async with virtual(simulator) as there:
            call = RunTask(prompt=TOILS, timeout_seconds=12 * HOURS)
            await there.durable.start(call, id="night")
            await there.env.sleep(HOURS)
            await there.durable.stop("night")
            output = await there.output(call, "night")
            assert statuses(simulator) == ["exit"]
            assert output.outcome in {"ended", "finished"}
            assert output.waited_seconds < 2 * HOURS + there.passed

    run(test())


@pytest.mark.parametrize("ends_session", [True, False])
def test_cancelling_ends_the_waiting_and_the_session_only_when_asked(ends_session: bool) -> None:
    async def test() -> None:
        simulator = Simulator(seed=3)
        async with virtual(simulator, durable={"ends_session": ends_session}) as there:
            call = RunTask(prompt=TOILS, timeout_seconds=12 * HOURS)
            await there.durable.start(call, id="night")
            await there.env.sleep(HOURS)
            await there.durable.cancel("night")
            with pytest.raises(WorkflowFailureError) as caught:
                await there.output(call, "night")
            assert isinstance(caught.value.cause, CancelledError)
            assert statuses(simulator) == ["exit" if ends_session else "running"]
            before = len(simulator.requests)
            await there.env.sleep(HOURS)
            assert len(simulator.requests) <= before + 2  # the poller's last looks, within its tick

    run(test())


def test_the_same_id_again_gives_the_output_that_is_there() -> None:
    async def test() -> None:
        simulator = Simulator(seed=3)
        async with virtual(simulator) as there:
            call = RunTask(prompt="Fix the cart.")
            outputs = [await there.durable.run(call, id="cart") for _ in range(2)]
            assert outputs[0] == outputs[1]
            assert len(simulator.world.sessions) == 1

    run(test())


def test_an_error_comes_back_as_it_was_raised() -> None:
    async def test() -> None:
        simulator = Simulator(seed=3)
        async with virtual(simulator) as there:
            with pytest.raises(NotFound) as caught:
                await there.durable.run(GetSession(session_id="devin-" + "0" * 32))
            assert (caught.value.status, caught.value.tool) == (404, "devin_get_session")

    run(test())


def test_the_rules_of_the_worker_hold_in_workflows() -> None:
    async def test() -> None:
        simulator = Simulator(seed=3)
        async with virtual(simulator, max_sessions=1, confirm=True) as there:
            with pytest.raises(Refused):
                await there.durable.run(RunTask(prompt="Fix the cart."))
            there.durable.confirm = True
            await there.durable.run(RunTask(prompt="Fix the cart."))
            with pytest.raises(Refused):
                await there.durable.run(RunTask(prompt="Fix the search."))
            assert len(simulator.world.sessions) == 1

    run(test())


def test_guards_of_the_worker_see_every_call_once() -> None:
    seen: list[tuple[str, str]] = []

    class Watching:
        def before(self, spec: Any, call: Any) -> None:
            seen.append(("before", spec.name))

        def after(self, spec: Any, call: Any, outcome: Any) -> None:
            seen.append(("after", spec.name))

    async def test() -> None:
        async with virtual(Simulator(seed=3), guards=(Watching(),)) as there:
            with there.env.auto_time_skipping_disabled():  # or the session may be years old at the message
                session = await there.durable.run(CreateSession(prompt="Fix the cart."))
                await there.durable.run(SendMessage(session_id=session.session_id, message="Go on."))

    run(test())
    names = ["devin_create_session", "devin_send_message"]
    assert seen == [(when, name) for name in names for when in ("before", "after")]


@pytest.mark.parametrize("kind", ["lost", "down", "cut"])
def test_creates_under_faults_make_one_session_each(kind: str) -> None:
    async def test() -> None:
        simulator = Simulator(seed=5, faults=Faults(0.25, [kind], seed=2))
        async with virtual(simulator, max_tries=12, max_retry_seconds=600.0) as there:
            calls = [RunTask(prompt=f"Fix part {number}.") for number in range(12)]
            # One after the other: a server that skips time is slow where many things happen at once.
            outputs = [
                await there.durable.run(call, id=f"part/{number}") for number, call in enumerate(calls)
            ]
            prompts = sorted(record.prompt for record in simulator.world.sessions.values())
            assert prompts == sorted(call.prompt for call in calls)
            assert {output.outcome for output in outputs} == {"finished"}
            assert simulator.faults is not None and simulator.faults.met[kind] > 0

    run(test())


def test_secrets_go_into_no_history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD", "CANARY-t0ps3cr3t")

    def create(value: str) -> CreateSession:
        return CreateSession.model_validate(
            {"prompt": "Fix it.", "session_secrets": [{"key": "PASSWORD", "value": value}]}
        )

    async def test() -> str:
        async def note(request: httpx.Request) -> httpx.Response:
            bodies.append(await request.aread())
            response: httpx.Response = await inner.handle_async_request(request)
            return response

        simulator = Simulator(seed=3)
        async with virtual(simulator) as there:
            inner, bodies = there.transport.inner, list[bytes]()
            there.transport.inner = httpx.MockTransport(note)
            with pytest.raises(InvalidArguments) as caught:
                await there.durable.run(create("CANARY-t0ps3cr3t"), id="plain")
            assert "CANARY" not in str(caught.value)
            await there.durable.run(create("env:DATABASE_PASSWORD"), id="reference")
            assert any(b"CANARY-t0ps3cr3t" in body for body in bodies)
            handle = there.env.client.get_workflow_handle("reference")
            return (await handle.fetch_history()).to_json()

    history = run(test())
    assert "CANARY" not in history
    assert KEY not in history


def test_a_codec_encodes_everything_that_the_server_sees() -> None:
    from dataclasses import replace

    from temporalio.api.common.v1 import Payload
    from temporalio.converter import DataConverter, PayloadCodec

    class Reversing(PayloadCodec):
        async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
            return [
                Payload(metadata={"encoding": b"test"}, data=p.SerializeToString()[::-1]) for p in payloads
            ]

        async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
            return [Payload.FromString(payload.data[::-1]) for payload in payloads]

    async def test() -> str:
        converter = replace(DataConverter.default, payload_codec=Reversing())
        async with virtual(Simulator(seed=3), data_converter=converter) as there:
            output = await there.durable.run(RunTask(prompt="Fix the cart."), id="coded")
            assert output.outcome == "finished"
            return (await there.env.client.get_workflow_handle("coded").fetch_history()).to_json()

    assert "Fix the cart" not in run(test())


def test_a_class_of_ones_own_is_refused_before_it_starts() -> None:
    class Mine(RunTask):
        """Run a task of mine."""

    async def test() -> None:
        simulator = Simulator(seed=3)
        async with virtual(simulator) as there:
            with pytest.raises(UsageError):
                await there.durable.run(Mine(prompt="Fix the cart."))
            assert simulator.requests == []

    run(test())
