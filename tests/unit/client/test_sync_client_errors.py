"""Every way a call can fail, and the one error each becomes. Each test holds for both clients."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from itertools import product
from typing import Any

import httpx
import pytest
from support.laws import for_every
from support.simulated_api import simulated

from devin_tools import DevinToolsError
from devin_tools.api import (
    AppendSessionTags,
    ArchiveSession,
    CreateSession,
    GetSession,
    ListSessions,
    SendMessage,
    TerminateSession,
)
from devin_tools.errors import (
    ApiError,
    BadRequest,
    Conflict,
    ConnectionFailed,
    ConnectionLost,
    Forbidden,
    InvalidArguments,
    NotFound,
    RateLimited,
    ServerFault,
    Unauthenticated,
    UnexpectedResponse,
)
from devin_tools.wire import Request

KEY = "cog_CANARY_0123456789"
CALL = GetSession(session_id="abc")

ERRORS = [
    (400, BadRequest),
    (401, Unauthenticated),
    (403, Forbidden),
    (404, NotFound),
    (409, Conflict),
    (418, ApiError),
    (422, BadRequest),
    (429, RateLimited),
    (500, ServerFault),
    (502, ServerFault),
    (503, ServerFault),
    (504, ServerFault),
]
BODIES: dict[str, tuple[dict[str, Any], str]] = {
    "problem": ({"json": {"title": "T", "status": 1, "detail": "because", "errors": None}}, "because"),
    "text": ({"json": {"detail": "because"}}, "because"),
    "list": (
        {"json": {"detail": [{"loc": ["body", "x"], "msg": "because", "type": "t"}]}},
        "body.x: because",
    ),
    "html": (
        {"html": "<html><h1>Bad gateway</h1></html>"},
        "the answer is not JSON (a proxy may have sent it)",
    ),
    "empty": ({}, "the answer is not JSON (a proxy may have sent it)"),
    "array": ({"json": ["x"]}, "no explanation"),
}


def answering(
    status: int, headers: dict[str, str] | None = None, **body: Any
) -> Callable[..., httpx.Response]:
    return lambda request: httpx.Response(status, headers=headers, **body)


def failing(error: Exception) -> Callable[..., httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        raise error

    return answer


@for_every("error_class, shape", lambda: product(ERRORS, BODIES))
def test_every_status_and_body_becomes_one_clear_error(
    run, error_class: tuple[int, type[ApiError]], shape: str
) -> None:
    (status, expected), (body, text) = error_class, BODIES[shape]
    with pytest.raises(ApiError) as caught:
        run(answering(status, {"x-request-id": "req-9"}, **body), CALL)
    error = caught.value
    assert type(error) is expected
    assert error.message == f"The API refused with {status}: {text}."
    assert (error.status, error.request_id, error.tool) == (status, "req-9", "devin_get_session")
    assert error.hint


def test_a_rate_limit_says_how_long_to_wait(run) -> None:
    with pytest.raises(RateLimited) as caught:
        run(answering(429, {"Retry-After": "12"}, json={}), CALL)
    assert (caught.value.retry_after, caught.value.retryable) == (12.0, True)


def test_a_missing_permission_is_quoted_as_the_server_named_it(run) -> None:
    simulator = simulated(keys={"cog_readonly": {"ViewOrgSessions"}})
    options = simulator.connection()
    answer = options.pop("transport").handle_request
    with pytest.raises(
        Forbidden, match=r"Missing required permission 'org\.devins\.use' on this organization"
    ):
        run(answer, CreateSession(prompt="x"), **options)


NEVER_SENT = [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError]
PERHAPS_SENT = [
    httpx.ReadTimeout,
    httpx.WriteTimeout,
    httpx.ReadError,
    httpx.WriteError,
    httpx.CloseError,
    httpx.RemoteProtocolError,
    httpx.DecodingError,
]


NETWORK_FAULTS = [(cls, ConnectionFailed) for cls in NEVER_SENT] + [
    (cls, ConnectionLost) for cls in PERHAPS_SENT
]


@for_every("raised, expected", lambda: NETWORK_FAULTS)
def test_a_network_fault_says_whether_the_request_may_have_arrived(run, raised: Any, expected: Any) -> None:
    with pytest.raises(DevinToolsError) as caught:
        run(failing(raised("while talking to 10.0.0.7")), CALL)
    error = caught.value
    assert type(error) is expected and error.retryable
    assert raised.__name__ in error.message and "10.0.0.7" not in str(error)
    assert error.tool == "devin_get_session"


def test_a_flow_is_told_of_a_fault_that_is_not_safe_to_repeat_and_may_go_on(with_client) -> None:
    answers = iter([httpx.ReadTimeout("late"), httpx.Response(200, json={})])

    def answer(request: httpx.Request) -> httpx.Response:
        got = next(answers)
        if isinstance(got, Exception):
            raise got
        return got

    def flow() -> Any:
        try:
            yield Request("POST", "/v3/self")
        except ConnectionLost:
            return (yield Request("GET", "/v3/self"))

    assert with_client(answer, lambda perform: perform("drive", flow())).status == 200


KNOW_THEIR_SESSION = [
    CALL,
    ArchiveSession(session_id="abc"),
    TerminateSession(session_id="abc"),
    SendMessage(session_id="abc", message="x"),
]


@for_every("call, status", lambda: product(KNOW_THEIR_SESSION, [200, 204]))
def test_an_empty_success_is_a_success_where_the_call_knows_the_session(run, call: Any, status: int) -> None:
    assert run(answering(status), call).session_id == "devin-abc"


@pytest.mark.parametrize(
    "call",
    [ListSessions(), AppendSessionTags(session_id="abc", tags=["a"])],
    ids=lambda call: type(call).__name__,
)
def test_an_empty_success_is_unexpected_where_the_answer_is_needed(run, call: Any) -> None:
    with pytest.raises(UnexpectedResponse) as caught:
        run(answering(204), call)
    assert caught.value.tool


@pytest.mark.parametrize(
    "body", [{"html": "<html>login</html>"}, {"json": {"items": "x"}}, {"content": b"[" * 99_999}]
)
def test_a_success_in_another_shape_is_unexpected(run, body: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedResponse, match="DEVIN_BASE_URL"):
        run(answering(200, **body), ListSessions())


def test_arguments_too_long_for_a_url_are_refused_before_sending(run) -> None:
    with pytest.raises(InvalidArguments, match="too long"):
        run(answering(200, json={}), ListSessions(after="x" * 70_000))


@pytest.mark.parametrize("status", [401, 403, 422, 500])
def test_a_server_that_repeats_the_key_does_not_get_it_shown(run, caplog, status: int) -> None:
    caplog.set_level(logging.DEBUG)

    def answer(request: httpx.Request) -> httpx.Response:
        echo = f"No such key: {request.headers['authorization']}"
        return httpx.Response(status, json={"detail": echo, "errors": [{"loc": [KEY], "msg": echo}]})

    with pytest.raises(ApiError) as caught:
        run(answer, CALL, api_key=KEY)
    shown = repr(caught.value.as_dict()) + "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "CANARY" not in shown and "No such key: Bearer (the key)" in shown


def test_a_request_leaves_one_line_in_the_log_without_body_or_key(run, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    run(answering(200, json={"session_id": "abc"}), CreateSession(prompt="a private prompt"), api_key=KEY)
    ours = [record.getMessage() for record in caplog.records if record.name == "devin_tools"]
    assert len(ours) == 1 and "200" in ours[0]
    assert "CANARY" not in caplog.text and "private" not in caplog.text
