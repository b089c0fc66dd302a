"""The settings hold for every caller, and the server says how it is."""

from __future__ import annotations

import asyncio
import re
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from support.paths import DOCS
from support.served_apps import TOKEN, Held, ask, kind, over, simulated, together, until, working
from support.tools import built_in

from devin_tools import Settings
from devin_tools.cli.commands.serve import command
from devin_tools.errors import MissingSetting
from devin_tools.export.openapi import ERRORS
from devin_tools.server import create_app
from devin_tools.server.runner import READY_SECONDS, UNREADY_SECONDS


def test_a_server_does_not_start_with_a_proxy_that_cannot_be_used(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy")
    settings = Settings(api_key="cog_x", org_id="org-1")
    with pytest.raises(MissingSetting, match="HTTPS_PROXY"):
        create_app(settings, token=TOKEN, catalog=built_in())
    transport = httpx.MockTransport(lambda request: httpx.Response(200))
    create_app(settings, token=TOKEN, catalog=built_in(), transport=transport)


def test_a_read_only_server_offers_and_runs_reads_only(simulator):
    app = simulated(simulator, catalog=built_in(), read_only=True)
    operations = [path["post"] for path in ask(app, "/openapi.json").json()["paths"].values()]
    assert {item["x-devin-effect"]["kind"] for item in operations} == {"read"}
    got = ask(app, "devin_create_session", {"prompt": "x"})
    assert (got.status_code, kind(got), got.json()["error"]["details"][0]["rule"]) == (
        403,
        "refused",
        "read_only",
    )
    assert not simulator.world.sessions


@pytest.mark.parametrize(
    ("rule", "offered"),
    [
        ({"allowed_tools": ("devin_get_self",)}, {"devin_get_self"}),
        ({"allowed_tools": ("devin_get_self",), "denied_tools": ("devin_get_self",)}, set()),
    ],
)
def test_rules_about_names_hold_for_the_document_and_for_calls(simulator, rule, offered):
    app = simulated(simulator, catalog=built_in(), **rule)
    assert {path.removeprefix("/tools/") for path in ask(app, "/openapi.json").json()["paths"]} == offered
    for arguments in ({"prompt": "x"}, {"colour": "red"}):  # refused all the same
        assert kind(ask(app, "devin_create_session", arguments)) == "refused"


def test_a_server_that_asks_for_consent_takes_it_from_a_header(simulator):
    app = simulated(simulator, confirm=True)
    for value in ("", "false", "1"):
        got = ask(app, "devin_create_session", {"prompt": "x"}, headers={"X-Devin-Confirm": value})
        assert (got.status_code, kind(got)) == (403, "refused")
        assert got.json()["error"]["hint"] == "A person consents with the header X-Devin-Confirm: true."
    got = ask(app, "devin_create_session", {"prompt": "x"}, headers={"X-Devin-Confirm": "true"})
    assert got.status_code == 200


def test_the_ceiling_of_acus_holds(simulator):
    app = simulated(simulator, max_acu=3, max_sessions=1)

    async def three(client: httpx.AsyncClient) -> list[httpx.Response]:
        given: list[dict[str, Any]] = [{"prompt": "x", "max_acu_limit": 4}, {"prompt": "x"}, {"prompt": "y"}]
        return [await client.post("/tools/devin_create_session", json=item) for item in given]

    assert [got.status_code for got in together(app, three)] == [403, 200, 403]


def test_health_needs_neither_a_token_nor_the_api():
    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError("the API was asked")

    got = ask(over(answer), "/healthz", headers={"Authorization": ""})
    assert (got.status_code, got.json()) == (200, {"status": "alive"})


def test_readiness_asks_the_api_now_and_then(simulator, monkeypatch):
    app = simulated(simulator, allowed_tools=())

    async def ten(client: httpx.AsyncClient) -> list[httpx.Response]:
        return await asyncio.gather(*[client.get("/readyz") for _ in range(10)])

    assert {got.status_code for got in together(app, ten)} == {200}
    assert simulator.requests == [("GET", "/v3/self")]


def test_a_server_whose_key_is_refused_is_not_ready_until_it_is(monkeypatch):
    statuses, now = [401, 200], [1000.0]
    app = over(lambda request: httpx.Response(statuses.pop(0), json={"principal_type": "service_user"}))
    monkeypatch.setattr("devin_tools.server.runner.time", SimpleNamespace(monotonic=lambda: now[0]))

    async def three_times(client: httpx.AsyncClient) -> list[httpx.Response]:
        first, again = [await client.get("/readyz") for _ in range(2)]
        now[0] += UNREADY_SECONDS
        return [first, again, await client.get("/readyz")]

    first, again, last = together(app, three_times)
    assert (first.status_code, kind(first)) == (503, "unauthenticated")
    assert "retry-after" in first.headers
    assert again.content == first.content, "the API is not asked each time"
    assert (last.status_code, last.json()) == (200, {"status": "ready"})


def test_nobody_waits_for_what_another_caller_has_asked_already(monkeypatch):
    now = [1000.0]
    api = Held(free=1)
    app = over(working, transport=api)
    monkeypatch.setattr("devin_tools.server.runner.time", SimpleNamespace(monotonic=lambda: now[0]))

    async def work(client: httpx.AsyncClient) -> list[httpx.Response]:
        first = await client.get("/readyz")
        now[0] += READY_SECONDS
        asking = asyncio.create_task(client.get("/readyz"))
        await until(lambda: len(api.asked) == 2)
        meanwhile = await client.get("/readyz")
        assert not asking.done() and len(api.asked) == 2
        api.let()
        return [first, meanwhile, await asking]

    assert [got.json() for got in together(app, work)] == [{"status": "ready"}] * 3
    assert len(api.asked) == 2


def test_a_silent_api_is_not_waited_for(monkeypatch):
    monkeypatch.setattr("devin_tools.server.runner.CHECK_SECONDS", 0.05)
    got = ask(over(working, transport=Held()), "/readyz")
    assert (got.status_code, kind(got)) == (503, "network")


def test_each_event_loop_has_a_client_of_its_own(simulator):
    app = simulated(simulator)
    assert [ask(app, "devin_get_self").status_code for _ in range(3)] == [200, 200, 200]


def test_a_server_without_a_key_is_not_made():
    with pytest.raises(MissingSetting):
        create_app(Settings(), token=TOKEN)


def test_the_documentation_names_every_option_and_every_status():
    text = (DOCS / "serve.md").read_text(encoding="utf-8")
    options = [name for option in command.params for name in option.opts]
    assert [name for name in options if f"`{name}`" not in text] == []
    listed = {
        status for row in re.findall(r"^\| ([\d, ]+) \|", text, re.MULTILINE) for status in row.split(", ")
    }
    assert listed == ERRORS.keys() | {"405"}
