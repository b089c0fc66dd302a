"""Builds: two of their requests need an empty object as body, and a build is started once."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from support.driving import Driver

from devin_tools import CancelBuild, Client, GetBuildLogs, PinBuild, StartBuild, UnpinBuild, describe
from devin_tools.errors import Ambiguous
from devin_tools.wire import Response


@pytest.mark.parametrize(
    ("call", "body"),
    [
        (StartBuild(), b"{}"),
        (PinBuild(build_id="build-1"), b"{}"),
        (CancelBuild(build_id="build-1"), b""),
    ],
)
def test_an_empty_object_is_sent_where_the_api_wants_one(call: Any, body: bytes) -> None:
    seen: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.read())
        return httpx.Response(201, json={"build_id": "build-1"})

    with Client(api_key="cog_key", org_id="org-1", transport=httpx.MockTransport(answer)) as client:
        assert client.run(call).build_id == "build-1"
    assert seen == [body]


def test_a_build_that_may_have_been_started_is_not_started_again() -> None:
    count = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal count
        count += 1
        return httpx.Response(502)

    transport = httpx.MockTransport(answer)
    with Client(api_key="cog_key", org_id="org-1", transport=transport) as client, pytest.raises(Ambiguous):
        client.run(StartBuild())
    assert count == 1


def test_no_body_says_that_it_was_done() -> None:
    assert Driver([Response(204)]).run(UnpinBuild(build_id="build-1").flow()).done


def test_an_empty_body_is_about_the_build_that_was_asked_for() -> None:
    assert Driver([Response(200)]).run(PinBuild(build_id="build-1").flow()).build_id == "build-1"


def test_logs_are_private_and_nothing_spends() -> None:
    assert describe(GetBuildLogs).effect.is_private
    assert not any(describe(tool).effect.is_billable for tool in (StartBuild, PinBuild))
