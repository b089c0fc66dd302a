"""What the Temporal engine writes into payloads comes back as it was. No engine is needed for that."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from support.laws import for_every
from support.tools import tools

from devin_tools import Catalog, CreateSession, FanOut, RunTask, Settings, Spec, WaitSession
from devin_tools.codec import encode
from devin_tools.engines.temporal.activity_options import (
    digest,
    options_for,
    settings_of,
    with_creations,
    with_key,
    with_time_left,
    with_total_wait,
)
from devin_tools.engines.temporal.payloads import Job
from devin_tools.engines.temporal.serialization import (
    MAX_BODY,
    arguments_of,
    error_payload,
    pack_jobs,
    read_error,
    read_request,
    read_response,
    request_payload,
    response_payload,
    unpack_jobs,
)
from devin_tools.errors import (
    ConnectionFailed,
    DevinToolsError,
    InvalidArguments,
    UnexpectedResponse,
    UsageError,
    error_kinds,
)
from devin_tools.wire import Request, Response

KEY = "cog_CANARY_wr1tt3n"


def examples() -> list[tuple[Spec, Any]]:
    """Return every example with its tool; nothing is run here."""
    return [(spec, example) for spec in tools() for example in spec.examples]


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


@for_every("spec, example", examples)
def test_arguments_come_back(catalog: Catalog, spec: Any, example: Any) -> None:
    call = catalog.call(spec.name, example)
    assert catalog.call(spec.name, through_json(arguments_of(call))) == call


@for_every("spec, example", lambda: [(spec, example) for spec, example in examples() if spec.route])
def test_requests_come_back(catalog: Catalog, spec: Any, example: Any) -> None:
    request = encode(spec.route, catalog.call(spec.name, example))
    sent = request_payload(request)
    assert read_request(type(sent)(**through_json(asdict(sent)))) == request


def test_a_reference_to_a_secret_comes_back_as_a_secret() -> None:
    request = Request("POST", "/x", body={"list": [{"value": SecretStr("env:NAME")}, 1]}, tool="t")
    sent = request_payload(request)
    assert sent.secrets == [["list", 0, "value"]]
    body = read_request(sent).body
    assert body is not None and body["list"][0]["value"].get_secret_value() == "env:NAME"


@pytest.mark.parametrize("secret", ["hunter2", "envelope", "", "${env:X}"])
def test_the_value_of_a_secret_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(InvalidArguments) as caught:
        request_payload(Request("POST", "/x", body={"value": SecretStr(secret)}, tool="t"))
    assert not secret or secret not in str(caught.value.as_dict())


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.integers(1, 200))
def test_bodies_of_any_bytes_come_back(raw: bytes, times: int) -> None:
    response = Response(200, raw * times, {"retry-after": "3", "x-secret": "no"})
    answer = response_payload(response)
    json.dumps(asdict(answer))
    assert read_response(answer) == replace(response, headers={"retry-after": "3"})


def test_a_body_that_is_too_long_is_refused() -> None:
    noise = random.Random(7).randbytes(MAX_BODY)
    with pytest.raises(UnexpectedResponse, match="more than a workflow can take in") as caught:
        response_payload(Response(201, noise, {}))
    assert caught.value.status == 201  # else a create of that answer would count as not sent


@for_every("kind", error_kinds)
def test_errors_of_every_kind_come_back(kind: str) -> None:
    error = read_error({"kind": kind, "message": "No.", "status": 409, "hint": "Try.", "request_id": "r1"})
    error.retry_after, error.tries, error.gave_up, error.tool = 2.0, 3, "why", "devin_x"
    again = read_error(through_json(error_payload(error)))
    assert type(again) is type(error)
    assert error_payload(again) == error_payload(error)


def test_an_error_of_a_kind_that_is_gone_is_an_error_still() -> None:
    assert type(read_error({"kind": "of_a_plugin", "message": "No."})) is DevinToolsError


def test_a_thousand_jobs_fit_into_one_payload_and_too_much_is_refused() -> None:
    jobs = [Job("devin_run_task", {"prompt": f"Fix part {number}."}) for number in range(1_000)]
    assert unpack_jobs(pack_jobs(jobs)) == jobs
    noise = random.Random(7).randbytes(MAX_BODY).hex()  # which takes half its length when it is packed
    with pytest.raises(UsageError, match="too many"):
        pack_jobs([Job("devin_run_task", {"prompt": noise})])


def test_a_workflow_knows_every_setting_but_the_key() -> None:
    known = settings_of(Settings.load(api_key=KEY, org_id="org-1", allowed_tools=["devin_get_self"]))
    assert KEY not in json.dumps(known)
    assert known["org_id"] == "org-1"


def test_a_call_gets_a_key_of_its_own_unless_it_has_one_or_tags_are_off() -> None:
    shared = settings_of(Settings.load(api_key=KEY))
    call = CreateSession(prompt="Fix it.")
    assert getattr(with_key(call, "k", shared), "idempotency_key", None) == "k"
    own = call.model_copy(update={"idempotency_key": "mine"})
    assert with_key(own, "k", shared) is own
    assert with_key(call, "k", shared | {"tag_creates": False}) is call
    full = CreateSession(prompt="Fix it.", tags=[f"t{number}" for number in range(50)])
    assert with_key(full, "k", shared) is full
    wait = WaitSession(session_id="devin-" + "0" * 32)
    assert with_key(wait, "k", shared) is wait


def test_a_later_run_has_the_time_that_is_left() -> None:
    call = RunTask(prompt="x", timeout_seconds=100, max_seconds=50)
    later = with_time_left(call, 30.0)
    assert isinstance(later, RunTask)
    assert (later.timeout_seconds, later.max_seconds) == (70, 20)
    spent = with_time_left(call, 300.0)
    assert isinstance(spent, RunTask) and spent.timeout_seconds == 1
    assert with_time_left(call, 0.0) is call


def test_an_output_tells_of_all_runs(catalog: Catalog) -> None:
    output = catalog.spec("devin_run_task").output.model_validate(
        {
            "outcome": "finished",
            "session_id": "devin-1",
            "creation": "adopted",
            "structured_output_status": "not_requested",
            "waited_seconds": 2.0,
        }
    )
    assert getattr(with_total_wait(output, 5.0), "waited_seconds", None) == 7.0
    assert getattr(with_creations(output, {"devin-1"}), "creation", None) == "created"
    assert with_creations(output, {"devin-2"}) is output


def test_reads_are_repeated_by_the_engine_and_writes_are_not() -> None:
    shared = settings_of(Settings.load(api_key=KEY))
    assert options_for(Request("GET", "/x", tool="t"), shared).is_retried
    assert not options_for(Request("POST", "/x", tool="t"), shared).is_retried
    assert not options_for(Request("DELETE", "/x", tool="t"), shared).is_retried
    assert options_for(Request("POST", "/x", tool="t", file="f"), shared).seconds > 3600


def test_fan_outs_differ_by_their_arguments() -> None:
    calls = [FanOut(prompt="{item}", items=[one], max_acu_total=1) for one in ("a", "b")]
    names = {digest("devin_fan_out", arguments_of(call)) for call in calls}
    assert len(names) == 2


def test_a_workflow_learns_whether_to_try_again_after_a_connection_that_failed() -> None:
    lasting, soon, plain = (ConnectionFailed("Nobody listens.") for _ in range(3))
    lasting.retryable, soon.is_immediate = False, True
    for error in (lasting, soon, plain):
        got = read_error(through_json(error_payload(error)))
        assert isinstance(got, ConnectionFailed)
        assert (got.retryable, got.is_immediate) == (error.retryable, error.is_immediate)
    assert "is_immediate" not in error_payload(plain)
