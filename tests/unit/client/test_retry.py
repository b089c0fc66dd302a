"""When a request is repeated, after how long, and what the end of it says."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate
from itertools import product
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.driving import EPOCH, Driver, ok
from support.laws import for_every

from devin_tools.api import ArchiveSession, GetSession, TerminateSession
from devin_tools.client.retry import Cooldown, Retry, retrying
from devin_tools.errors import (
    ApiError,
    ConnectionFailed,
    ConnectionLost,
    NetworkError,
    NotFound,
    RateLimited,
    ServerFault,
)
from devin_tools.flow import Flow
from devin_tools.wire import Request, Response

READ = GetSession(session_id="abc")
WRITE = ArchiveSession(session_id="abc")
FOUND = ok({"session_id": "abc"})
POLICY = Retry()

FAILED, LOST = "connection failed", "connection lost"
OUTCOMES: list[Any] = [FAILED, LOST, 301, 400, 401, 403, 404, 409, 418, 422, 429, 500, 501, 502, 503, 504]
REPEATED: dict[str, set[Any]] = {
    "GET": {FAILED, LOST, 429, 502, 503, 504},
    "POST": {FAILED, 429},
    "PUT": {FAILED, 429},
    "PATCH": {FAILED, 429},
    "DELETE": {FAILED, 429},
}


def answer(outcome: Any, **headers: str) -> Any:
    if outcome == FAILED:
        return ConnectionFailed("Nobody listens.")
    return ConnectionLost("It broke.") if outcome == LOST else Response(outcome, b"{}", headers)


def ask(method: str = "GET") -> Flow[Response]:
    got: Response = yield Request(method, "/x")
    return got


def persist(answers: Any, flow: Flow[Any], policy: Retry = POLICY, **options: Any) -> tuple[Driver, Any]:
    """Perform a flow with retries; return its driver, and its output or error."""
    driver = Driver(answers, **options)
    try:
        return driver, driver.run(retrying(flow, policy, Cooldown()))
    except NetworkError as error:
        return driver, error


@for_every("method, outcome", lambda: product(REPEATED, OUTCOMES))
def test_only_what_is_safe_and_of_use_is_repeated(method: str, outcome: Any) -> None:
    driver, got = persist([answer(outcome), FOUND], ask(method))
    if outcome in REPEATED[method]:
        assert (len(driver.requests), got) == (2, FOUND)
    else:
        assert len(driver.requests) == 1 and driver.pauses == []
        assert got.status == outcome if isinstance(got, Response) else isinstance(got, ConnectionLost)


@for_every("method, status", lambda: product(REPEATED, [200, 201, 204, 302]))
def test_an_answer_at_once_costs_one_request_and_no_other_step(method: str, status: int) -> None:
    driver, got = persist([Response(status)], ask(method))
    assert driver.steps == [Request(method, "/x")]
    assert (got.status, got.tries, got.gave_up) == (status, 1, "")


def test_a_write_that_had_to_wait_is_still_not_repeated_once_it_may_have_arrived() -> None:
    driver, got = persist([answer(429), answer(FAILED), answer(LOST)], ask("POST"))
    assert isinstance(got, ConnectionLost) and len(driver.requests) == 3


def test_each_try_is_numbered_and_otherwise_the_same_request() -> None:
    driver, _ = persist([answer(503), answer(LOST), FOUND], READ.flow())
    assert [request.attempt for request in driver.requests] == [1, 2, 3]
    assert len(set(map(repr, [(r.method, r.path, r.query, r.body, r.tool) for r in driver.requests]))) == 1


DATES = {
    "a date": (formatdate(EPOCH + 30, usegmt=True), 30.0),
    "a date without a zone": ("Thu, 01 Jan 2026 00:00:30", 30.0),
    "a date of the old form": ("Thursday, 01-Jan-26 00:00:30 GMT", 30.0),
    "a date that is past": (formatdate(EPOCH - 30, usegmt=True), 0.0),
    "a date far ahead": ("Fri, 31 Dec 9999 23:59:59 GMT", 60.0),
}
SECONDS = {
    "seconds": ("7", 7.0),
    "a fraction": ("1.5", 1.5),
    "nothing to wait": ("0", 0.0),
    "a negative number": ("-5", 0.0),
    "a huge number": ("999999", 60.0),
    "a very huge number": ("9" * 300, 60.0),
}
GARBAGE = [
    "soon", "", "12 s", "0x10", "nan", "inf", "1e999", "Thu, 99 Jan 2026 00:00:30 GMT",
    "Mon, 01 Jan 2024 00:00:00 +999999999999999",
    "Thu, 99999999999999999999 Jan 2026 00:00:30 GMT",
]  # fmt: skip


@for_every("name, status, chance", lambda: product(DATES | SECONDS, [429, 503], [0.0, 0.75]))
def test_the_server_says_how_long_to_wait_up_to_a_cap(name: str, status: int, chance: float) -> None:
    value, seconds = (DATES | SECONDS)[name]
    answers = [answer(status, **{"retry-after": value}), FOUND]
    driver, _ = persist(answers, ask(), chance=chance)
    assert driver.pauses == [pytest.approx(seconds + chance * 0.5, abs=1e-3)]


@for_every("value, limit", lambda: product(GARBAGE, [(429, 5.0), (503, 1.0)]))
def test_an_unreadable_wish_counts_as_none(value: str, limit: tuple[int, float]) -> None:
    status, longest = limit
    driver, _ = persist([answer(status, **{"retry-after": value}), FOUND], ask(), chance=0.5)
    assert driver.pauses == [longest / 2]


@given(text=st.text(max_size=60))
def test_no_wish_of_a_server_breaks_the_policy(text: str) -> None:
    delay = POLICY.delay(Response(429, b"", {"retry-after": text}), 1, 0.5, EPOCH)
    assert 0 <= delay <= 60.5


@pytest.mark.parametrize(("outcome", "first"), [(FAILED, 1.0), (LOST, 1.0), (502, 1.0), (429, 5.0)])
def test_waits_grow_by_doubling_up_to_a_minute(outcome: Any, first: float) -> None:
    longest = [POLICY.delay(answer(outcome), tries, 1.0, EPOCH) for tries in range(1, 40)]
    assert longest == [min(60.0, first * 2**n) for n in range(39)]


@given(tries=st.integers(1, 10_000), chance=st.floats(0, 1, exclude_max=True))
def test_a_wait_is_any_part_of_its_longest(tries: int, chance: float) -> None:
    longest = POLICY.delay(answer(LOST), tries, 1.0, EPOCH)
    assert POLICY.delay(answer(LOST), tries, chance, EPOCH) == pytest.approx(chance * longest)


@for_every("outcome, most", lambda: product([FAILED, LOST, 502, 503, 504], [1, 2, 5]))
def test_the_number_of_tries_is_bounded(outcome: Any, most: int) -> None:
    driver, got = persist(lambda _: answer(outcome), ask(), Retry(max_tries=most))
    assert (len(driver.requests), len(driver.pauses)) == (most, most - 1)
    assert (got.tries, got.gave_up) == (most, f"the limit of {most} tries is reached")


def test_waiting_out_a_rate_limit_is_no_try() -> None:
    limits = [answer(429, **{"retry-after": "10"})] * 20
    driver, got = persist([*limits, answer(503), FOUND], ask(), Retry(max_tries=2))
    assert (len(driver.requests), got) == (22, FOUND)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_time_of_all_tries_is_bounded(method: str) -> None:
    driver, got = persist(lambda _: answer(429), ask(method), Retry(max_seconds=100))
    assert 40 < driver.now - EPOCH <= 100 and 5 < len(driver.requests) < 20
    assert (got.tries, got.gave_up) == (len(driver.requests), "the time limit of 100 s would be passed")


def test_a_wait_beyond_the_time_limit_is_not_begun() -> None:
    driver, got = persist([answer(503, **{"retry-after": "20"})], ask(), Retry(max_seconds=10))
    assert driver.pauses == [] and got.gave_up == "the time limit of 10 s would be passed"


def test_an_error_says_how_often_it_was_tried_and_why_no_more(run: Callable[..., Any]) -> None:
    with pytest.raises(ServerFault) as caught:
        run(lambda request: httpx.Response(503, json={}), READ)
    error = caught.value
    assert error.tried() == "Gave up after 5 tries: the limit of 5 tries is reached."
    assert error.tried() in str(error) and error.as_dict()["tries"] == 5


def test_a_network_error_says_so_too_and_the_settings_bound_it(run: Callable[..., Any]) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    with pytest.raises(ConnectionFailed, match=r"Gave up after 3 tries: the limit of 3 tries") as caught:
        run(fail, WRITE, max_tries=3)
    assert caught.value.as_dict()["tries"] == 3
    with pytest.raises(ConnectionFailed, match=r"Gave up after \d+ tries: the time limit of 4 s would"):
        run(fail, WRITE, max_tries=100, max_retry_seconds=4)


@pytest.mark.parametrize("status", [400, 404, 500])
def test_a_single_try_says_nothing_of_tries(run: Callable[..., Any], status: int) -> None:
    with pytest.raises(ApiError) as caught:
        run(lambda request: httpx.Response(status, json={}), TerminateSession(session_id="abc"))
    assert (caught.value.tried(), caught.value.as_dict()["tries"]) == ("", 1)


def test_a_refusal_after_faults_says_how_many_tries_it_took(run: Callable[..., Any]) -> None:
    answers = iter([httpx.Response(503, json={}), httpx.Response(404, json={})])
    with pytest.raises(NotFound, match="Gave up after 2 tries: repeating it is not safe, or of no use"):
        run(lambda request: next(answers), READ)


def test_a_rate_limit_that_never_ends_is_reported_with_its_wish(run: Callable[..., Any]) -> None:
    limit = {"headers": {"retry-after": "12"}, "json": {}}
    with pytest.raises(RateLimited) as caught:
        run(lambda request: httpx.Response(429, **limit), WRITE, max_retry_seconds=60)
    assert caught.value.retry_after == 12 and "the time limit of 60 s" in caught.value.tried()


def test_a_server_that_wants_to_be_asked_at_once_again_and_again_is_not() -> None:
    limit = Response(429, b"{}", {"retry-after": "0"})
    driver, got = persist(lambda _: limit, ask())
    assert got.status == 429 and len(driver.requests) < 20


def test_an_immediate_fault_at_a_host_that_was_never_reached_is_told_soon() -> None:
    fault = ConnectionFailed("Nobody listens.")
    fault.is_immediate = True
    for method in REPEATED:
        driver, got = persist([fault] * 9, ask(method), chance=1.0)
        assert len(driver.requests) == 3 and sum(driver.pauses) < 1
        assert got.gave_up == "none has ever reached it"
        assert len(persist([fault] * 9, ask(method), Retry(max_tries=2))[0].requests) == 2


def test_what_would_be_the_same_the_next_time_is_not_tried_again() -> None:
    fault = ConnectionFailed("The certificate is not trusted.")
    fault.retryable = False
    for method in REPEATED:
        driver, got = persist([fault, FOUND], ask(method))
        assert len(driver.requests) == 1 and got is fault and not got.as_dict()["retryable"]
