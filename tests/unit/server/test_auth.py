"""Who may call: whoever has the token, or without one, programs of this machine."""

from __future__ import annotations

import asyncio
from itertools import product
from typing import Any

import pytest
from support.laws import for_every
from support.served_apps import TOKEN, ask, kind, scope_of, simulated

from devin_tools.server.auth import AccessPolicy, is_loopback

HEADERS = [
    "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer é\udce9",
]  # fmt: skip


@for_every("header, path", lambda: product(HEADERS, ["devin_get_self", "no_such_tool"]))
def test_without_the_token_nothing_is_run_or_told(simulator, header, path):
    headers = {"Authorization": header.encode("utf-8", "surrogateescape")}
    got = ask(simulated(simulator), path, {}, headers=headers)
    assert (got.status_code, kind(got)) == (401, "unauthenticated")
    assert got.headers["www-authenticate"] == "Bearer"
    assert not simulator.requests


def test_the_scheme_is_read_in_any_case(simulator):
    assert (
        ask(simulated(simulator), "devin_get_self", headers={"Authorization": f"bearer {TOKEN}"}).status_code
        == 200
    )


def test_a_body_is_not_read_before_the_token_is_checked(simulator):
    async def endless(scope: Any = None) -> Any:
        raise AssertionError("the body was read")

    async def go() -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        await simulated(simulator)(scope_of("devin_get_self") | {"headers": []}, endless, send)
        return sent

    assert asyncio.run(go())[0]["status"] == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example"},
        {"Host": "rebound.example:8765"},
        {"Origin": "https://page.example"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "null"},
    ],
)
def test_without_a_token_no_page_of_a_browser_can_call(simulator, headers):
    got = ask(simulated(simulator, token=None), "devin_get_self", headers=headers)
    assert (got.status_code, kind(got)) == (403, "forbidden")
    assert not simulator.requests


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "[::1]:8765", "127.8.8.8"])
def test_without_a_token_programs_of_this_machine_call(simulator, host):
    headers = {"Host": host, "Authorization": ""}
    assert ask(simulated(simulator, token=None), "devin_get_self", headers=headers).status_code == 200


def test_the_document_of_a_server_without_a_token_asks_for_none(simulator):
    assert "security" not in ask(simulated(simulator, token=None), "/openapi.json").json()
    assert "security" in ask(simulated(simulator), "/openapi.json").json()


def test_pages_of_other_origins_read_nothing_unless_they_may(simulator):
    page = {"Origin": "https://builder.example"}
    shut = ask(simulated(simulator), "devin_get_self", headers=page)
    assert "access-control-allow-origin" not in shut.headers
    app = simulated(simulator, origins=["https://builder.example"])
    opened = ask(app, "devin_get_self", headers=page)
    assert opened.headers["access-control-allow-origin"] == "https://builder.example"
    other = ask(app, "devin_get_self", headers={"Origin": "https://other.example"})
    assert "access-control-allow-origin" not in other.headers


def test_an_allowed_page_may_ask_before_it_calls(simulator):
    app = simulated(simulator, origins=["https://builder.example"])
    ahead = {
        "Origin": "https://builder.example",
        "Access-Control-Request-Method": "POST",
        "Authorization": "",
    }
    got = ask(app, "devin_get_self", method="OPTIONS", headers=ahead)
    assert got.status_code == 200
    assert "authorization" in got.headers["access-control-allow-headers"]
    assert not simulator.requests


def test_a_refusal_can_be_read_by_an_allowed_page(simulator):
    app = simulated(simulator, origins=["https://builder.example"])
    got = ask(app, "devin_get_self", headers={"Origin": "https://builder.example", "Authorization": ""})
    assert (got.status_code, got.headers["vary"]) == (401, "origin")
    assert got.headers["access-control-allow-origin"] == "https://builder.example"


@pytest.mark.parametrize(
    ("host", "is_this_machine"),
    [
        *((name, True) for name in ("127.0.0.1", "::1", "[::1]", "LocalHost")),
        *((name, False) for name in ("0.0.0.0", "::", "localhost.example", "", "10.0.0.1")),
    ],
)
def test_loopback_is_this_machine_only(host, is_this_machine):
    assert is_loopback(host) is is_this_machine


def test_nothing_shows_the_token():
    assert TOKEN not in repr(vars(AccessPolicy(TOKEN)))
