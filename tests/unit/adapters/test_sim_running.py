"""The dialect at work: whose call it is, what rules hold, and that no key shows."""

from __future__ import annotations

import asyncio
import json
import logging
from itertools import product
from typing import Any

import httpx
import pytest
from support.laws import for_every

from devin_tools import AsyncClient, Catalog, Client, Settings, Simulator
from devin_tools.adapters.sim import Account, arun, run, translated
from devin_tools.errors import DevinToolsError, InvalidArguments, MissingSetting, Refused, Unauthenticated

KEY = "cog_the-key-of-a-tenant"
CREATE = {"prompt": "Fix it.", "tags": "bug"}


class Api:
    """Answers every request with a session, and keeps what came."""

    def __init__(self) -> None:
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return httpx.Response(
            200, json={"session_id": f"{len(self.seen):032x}", "status": "new", "items": []}
        )


@pytest.fixture
def api() -> Api:
    return Api()


def client_of(api: Any, **settings: Any) -> Client:
    given = {"api_key": "cog_own", "org_id": "org-own", "guards": ()} | settings
    return Client(transport=httpx.MockTransport(api), **given)


def whose(request: httpx.Request) -> tuple[str, str]:
    return request.headers["authorization"].removeprefix("Bearer "), request.url.path.split("/")[3]


def test_the_account_of_the_parameters_holds_for_that_call_alone(api: Api, catalog: Catalog) -> None:
    with client_of(api) as client:
        run(
            client,
            "devin_create_session",
            CREATE | {"apiKey": f" {KEY}\n", "orgId": "org-tenant "},
            catalog=catalog,
        )
        run(client, "devin_create_session", CREATE | {"orgId": "org-third"}, catalog=catalog)
        run(client, "devin_create_session", CREATE, catalog=catalog)
        assert client.settings.org_id == "org-own"
    assert [whose(request) for request in api.seen] == [
        (KEY, "org-tenant"),
        ("cog_own", "org-third"),
        ("cog_own", "org-own"),
    ]


def test_another_key_asks_for_its_own_organisation(simulator: Simulator, catalog: Catalog) -> None:
    """What was learned of the client's own key is not taken for the other's."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.path == "/v3/self":
            org = "org-tenant" if KEY in request.headers["authorization"] else "org-own"
            return httpx.Response(200, json={"principal_type": "service_user", "org_id": org})
        return httpx.Response(200, json={"session_id": "a" * 32})

    with client_of(answer, org_id=None) as client:
        run(client, "devin_get_session", {"sessionId": "a" * 32}, catalog=catalog)
        run(client, "devin_get_session", {"sessionId": "a" * 32, "apiKey": KEY}, catalog=catalog)
        run(client, "devin_get_session", {"sessionId": "a" * 32}, catalog=catalog)
    asked = [whose(request) for request in seen if request.url.path != "/v3/self"]
    assert asked == [("cog_own", "org-own"), (KEY, "org-tenant"), ("cog_own", "org-own")]


@for_every("name, value", lambda: product(["apiKey", "orgId"], ["", "  ", None, 7, ["cog_x"]]))
def test_an_account_that_is_there_and_empty_is_refused(catalog: Catalog, name: str, value: Any) -> None:
    """An unset variable of a workflow must not spend on the client's own account."""
    api = Api()
    with client_of(api) as client, pytest.raises(MissingSetting, match=name):
        run(client, "devin_create_session", CREATE | {name: value}, catalog=catalog)
    assert api.seen == []


@pytest.mark.parametrize("params", [{"orgId": "org-1/../org-2"}, {"orgId": "another"}, {"apiKey": "cog_a b"}])
def test_an_account_that_is_malformed_is_refused(api: Api, catalog: Catalog, params: dict[str, str]) -> None:
    with client_of(api) as client, pytest.raises(MissingSetting) as refused:
        run(client, "devin_create_session", CREATE | params, catalog=catalog)
    assert api.seen == []
    assert all(value not in repr(refused.value.as_dict()) for value in params.values())


def test_the_key_shows_nowhere(catalog: Catalog, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={"detail": f"bad key {KEY}"})

    caplog.set_level(logging.DEBUG)
    params = CREATE | {"apiKey": KEY, "orgId": "org-tenant"}
    with client_of(refuse) as client:
        other = Account.among(params).client(client)
        with pytest.raises(Unauthenticated) as refused:
            run(client, "devin_create_session", params, catalog=catalog)
    shown = [repr(other), str(other), repr(other.settings), repr(Account.among(params)), caplog.text]
    shown += [
        str(refused.value),
        repr(refused.value.as_dict()),
        repr(translated("devin_create_session", params, catalog)),
    ]
    assert [text for text in shown if KEY in text] == []


def test_a_key_in_a_place_of_its_own_stays_out_of_the_output(api: Api, catalog: Catalog) -> None:
    with client_of(api) as client:
        output = run(client, "devin_create_session", CREATE | {"apiKey": KEY}, catalog=catalog)
    assert KEY not in json.dumps(output)


RULES: list[tuple[dict[str, Any], dict[str, str], str]] = [
    ({"read_only": True}, CREATE, "read_only"),
    ({"denied_tools": "devin_create_session"}, CREATE, "denied_tools"),
    ({"allowed_tools": "devin_get_session"}, CREATE, "allowed_tools"),
    ({"max_acu": 5}, CREATE | {"maxAcuLimit": "6"}, "max_acu"),
    ({"confirm": True}, CREATE, "confirm"),
    ({"dry_run": True}, CREATE, "dry_run"),
]


@for_every("settings, params, rule", lambda: RULES)
def test_the_rules_hold_whosever_call_it_is(catalog: Catalog, settings: Any, params: Any, rule: str) -> None:
    for account in ({}, {"apiKey": KEY, "orgId": "org-tenant"}):
        api = Api()
        with client_of(api, **settings) as client, pytest.raises(Refused) as refused:
            run(client, "devin_create_session", params | account, catalog=catalog)
        assert refused.value.details[0]["rule"] == rule
        assert api.seen == []


def test_consent_lets_a_call_pass(api: Api, catalog: Catalog) -> None:
    with client_of(api, confirm=True) as client:
        run(client, "devin_create_session", CREATE | {"apiKey": KEY}, catalog=catalog, confirm=True)
    assert len(api.seen) == 1


def test_sessions_of_all_accounts_count(api: Api, catalog: Catalog) -> None:
    """Another key, or the same name of a task with another key, is not a way around the most sessions."""
    with client_of(api, max_sessions=2) as client:
        for key in ("cog_a", "cog_b"):
            run(
                client,
                "devin_create_session",
                CREATE | {"apiKey": key, "idempotencyKey": "k"},
                catalog=catalog,
            )
        for params in (CREATE, CREATE | {"apiKey": "cog_c", "idempotencyKey": "k"}):
            with pytest.raises(Refused, match="has started 2 sessions"):
                run(client, "devin_create_session", params, catalog=catalog)
    assert sum(request.method == "POST" for request in api.seen) == 2


def test_a_default_limit_is_given_to_sessions_without_one(api: Api, catalog: Catalog) -> None:
    with client_of(api, default_acu=4) as client:
        run(client, "devin_create_session", CREATE | {"maxAcuLimit": ""}, catalog=catalog)
    assert json.loads(api.seen[0].content)["max_acu_limit"] == 4


def test_a_created_session_carries_a_tag_of_its_own(api: Api, catalog: Catalog) -> None:
    with client_of(api) as client:
        run(client, "devin_create_session", CREATE, catalog=catalog)
    sims, own = json.loads(api.seen[0].content)["tags"]
    assert sims == "bug" and own.startswith("devin-tools-key:")


def test_a_create_whose_answer_is_lost_is_not_paid_twice(catalog: Catalog) -> None:
    simulator = Simulator(seed=7)
    lost: list[httpx.Request] = []

    class Losing(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = simulator.connection()["transport"].handle_request(request)
            if request.method == "POST" and not lost:
                lost.append(request)
                raise httpx.ReadTimeout("lost")
            return answer

    with Client(**simulator.connection() | {"transport": Losing()}) as client:
        output = run(client, "devin_create_session", CREATE, catalog=catalog)
    assert lost and [*simulator.world.sessions] == [output["sessionId"]]


def test_a_sessions_own_id_can_be_given_back(catalog: Catalog) -> None:
    """Sim's own integration sends the bare id of its output, where the API wants `devin-` before it."""
    simulator = Simulator(seed=7)
    with Client(**simulator.connection()) as client:
        made = run(client, "devin_create_session", CREATE, catalog=catalog)
        assert not made["sessionId"].startswith("devin-")
        got = run(client, "devin_get_session", {"sessionId": made["sessionId"]}, catalog=catalog)
    assert got["sessionId"] == made["sessionId"]


def test_a_message_to_a_sleeping_session_costs_one_read_more(catalog: Catalog) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(200, json={"session_id": "a" * 32, "status": "suspended"})

    with client_of(answer) as client:
        output = run(
            client, "devin_send_message", {"sessionId": "a" * 32, "message": "Go on."}, catalog=catalog
        )
    assert asked == ["POST", "GET"] and "resumed" not in output


def test_both_clients_speak_it(catalog: Catalog) -> None:
    async def asynchronous(params: Any) -> Any:
        async with AsyncClient(**Simulator(seed=7).connection()) as client:
            return await arun(client, "devin_create_session", params, catalog=catalog)

    def sync(params: Any) -> Any:
        with Client(**Simulator(seed=7).connection()) as client:
            return run(client, "devin_create_session", params, catalog=catalog)

    for params in (CREATE, CREATE | {"apiKey": KEY}):
        ours, theirs = sync(params), asyncio.run(asynchronous(params))
        ours["tags"], theirs["tags"] = ours["tags"][:1], theirs["tags"][:1]
        assert ours == theirs


def test_without_a_catalog_the_installed_tools_are_meant(api: Api) -> None:
    with client_of(api) as client:
        assert run(client, "devin_get_session", {"sessionId": "a" * 32})["status"] == "new"
        with pytest.raises(DevinToolsError, match="No tool is called"):
            run(client, "devin_get_sessions", {})


def test_a_value_is_never_repeated(api: Api, catalog: Catalog) -> None:
    wrong = [
        {"sessionId": "a" * 32, "archive": "secret-value"},
        {"sessionId": "secret value"},
        {"sessionId": "a" * 32, "session_id": "secret-value"},
        {"sessionId": ["secret-value"]},
    ]
    for params in wrong:
        with client_of(api) as client, pytest.raises(InvalidArguments) as refused:
            run(client, "devin_terminate_session", params, catalog=catalog)
        assert "secret" not in repr(refused.value.as_dict())
    assert api.seen == []


def test_settings_stay_as_they_are(api: Api) -> None:
    settings = Settings(api_key="cog_own", org_id="org-own", max_tries=2)
    with Client(settings, transport=httpx.MockTransport(api), guards=()) as client:
        assert Account().client(client) is client
        other = client.acting_as(org_id="org-2")
        assert (other.settings.max_tries, other.settings.org_id, client.settings) == (2, "org-2", settings)
