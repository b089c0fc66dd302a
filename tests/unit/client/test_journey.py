"""How far a request came: asked of the connection only where the exceptions of httpx do not say it."""

from __future__ import annotations

import socket
from typing import Any

import httpx
import pytest

from devin_tools.client.faults import fault
from devin_tools.client.journey import Journey
from devin_tools.client.proxies import Proxy
from devin_tools.errors import ConnectionFailed, ConnectionLost
from devin_tools.wire import Request

PROXY = Proxy("HTTPS_PROXY", "http", "proxy.example:3128", "http://proxy.example:3128")
CREATE = Request("POST", "/v3/sessions", tool="devin_create_session")


def begun(*, is_known: bool, proxy: Proxy | None = None) -> Journey:
    journey = Journey(is_known=is_known)
    journey.begin("api.devin.ai", 443, proxy)
    return journey


@pytest.mark.parametrize(
    ("is_known", "proxy", "is_asked"),
    [(False, None, True), (False, PROXY, True), (True, PROXY, True), (True, None, False)],
)
def test_a_connection_tells_its_steps_until_the_api_was_reached_and_through_every_proxy(
    is_known: bool, proxy: Proxy | None, is_asked: bool
) -> None:
    journey = begun(is_known=is_known, proxy=proxy)
    assert list(journey.trace(is_async=False)) == list(journey.trace(is_async=True))
    assert list(journey.trace(is_async=False)) == (["trace"] if is_asked else [])


@pytest.mark.parametrize("error", [httpx.ConnectError("x"), httpx.ConnectTimeout("x")])
def test_of_an_api_that_was_reached_before_the_exceptions_say_that_nothing_was_sent(error: Any) -> None:
    error.__cause__ = socket.gaierror(-2, "x")
    got = fault(error, CREATE, begun(is_known=True), was_reached=True)
    assert isinstance(got, ConnectionFailed) and not got.is_immediate
    assert got.message.startswith("api.devin.ai was not found: its name is not known here, so devin_create_")


@pytest.mark.parametrize(
    "error", [httpx.ReadError("x"), httpx.WriteError("x"), httpx.RemoteProtocolError("x"), UnicodeError("x")]
)
def test_whatever_else_happened_may_have_happened_after_it_was_sent(error: Exception) -> None:
    assert type(fault(error, CREATE, begun(is_known=True), was_reached=True)) is ConnectionLost
