"""Asking the API for the organisation is not part of the call: when it fails, nothing was sent."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import httpx
import pytest
from support.laws import for_every

from devin_tools.api import CreateSession, GetSession, SendMessage
from devin_tools.errors import ConnectionFailed, MissingSetting, Unauthenticated
from devin_tools.simulator.clock import EPOCH, SimulatedClock
from devin_tools.tasks import RunTask

CALLS = [
    GetSession(session_id="abc"),
    CreateSession(prompt="x"),
    SendMessage(session_id="abc", message="x"),
    RunTask(prompt="x"),
]
FAULTS: list[Any] = [500, 502, 503, "garbage", httpx.ReadTimeout("late"), httpx.ConnectError("no")]

every_call = for_every("call", lambda: CALLS)
every_call_and_fault = for_every("call, fault", lambda: product(CALLS, FAULTS))


class Api:
    """Fails so many times to say whose the key is; knows one session."""

    def __init__(self, fault: Any, times: int = 10**6, **headers: str) -> None:
        self.fault, self.left, self.headers = fault, times, headers
        self.paths: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path)
        if not request.url.path.endswith("/self"):
            session = {"session_id": "abc", "status": "exit"}
            is_page = request.method == "GET" and not request.url.path.endswith("abc")
            return httpx.Response(200, json={"items": []} if is_page else session)
        self.left -= 1
        if self.left < 0:
            return httpx.Response(200, json={"org_id": "org-learned"})
        if isinstance(self.fault, Exception):
            raise self.fault
        if self.fault == "garbage":
            return httpx.Response(200, html="<html>login</html>")
        return httpx.Response(self.fault, headers=self.headers, json={})


@every_call_and_fault
def test_a_fault_without_end_is_a_call_that_was_not_sent(
    run: Callable[..., Any], call: Any, fault: Any
) -> None:
    api = Api(fault)
    with pytest.raises(ConnectionFailed, match=r"repeating (it|the call) is safe") as caught:
        run(api, call, org_id=None)
    assert api.paths == ["/v3/self"] * 5 and caught.value.tries == 5


def test_it_says_how_to_do_without_asking(run: Callable[..., Any]) -> None:
    with pytest.raises(ConnectionFailed, match="The organisation is not set, and asking") as caught:
        run(Api(503), CALLS[0], org_id=None)
    assert "Set DEVIN_ORG_ID" in caught.value.hint


@every_call_and_fault
def test_a_fault_that_passes_is_ridden_out(run: Callable[..., Any], call: Any, fault: Any) -> None:
    api = Api(fault, times=3)
    assert run(api, call, org_id=None).session_id == "abc"
    assert api.paths[:4] == ["/v3/self"] * 4 and api.paths.count("/v3/self") == 4


def test_a_rate_limit_is_waited_out_as_long_as_it_asks(run: Callable[..., Any]) -> None:
    clock = SimulatedClock()
    api = Api(429, times=1, **{"retry-after": "20"})
    run(api, CALLS[0], org_id=None, clock=clock)
    assert 20 <= clock.now() - EPOCH <= 20.5 and api.paths.count("/v3/self") == 2


@every_call
def test_a_key_that_is_refused_is_refused_at_once(run: Callable[..., Any], call: Any) -> None:
    api = Api(401)
    with pytest.raises(Unauthenticated):
        run(api, call, org_id=None)
    assert api.paths == ["/v3/self"]


@every_call
def test_a_key_of_no_organisation_stops_every_call(run: Callable[..., Any], call: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v3/self"
        return httpx.Response(200, json={"org_id": None})

    with pytest.raises(MissingSetting, match="does not name one"):
        run(answer, call, org_id=None)
