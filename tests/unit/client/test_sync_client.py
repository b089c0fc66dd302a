"""What the clients send, and how they take the steps of a flow. Each test holds for both clients."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from devin_tools import AsyncClient, Client, Settings, __version__
from devin_tools.api import (
    ArchiveSession,
    CreateSession,
    GetSelf,
    GetSession,
    ListSessions,
    SessionSecret,
)
from devin_tools.client.clock import WallClock
from devin_tools.errors import MissingSetting, UnexpectedResponse
from devin_tools.flow import Now, Pause, Progress

SESSION = {"session_id": "abc", "status": "running"}


class Api:
    """Answers every request alike, and keeps the requests."""

    def __init__(self, status: int = 200, json: Any = SESSION, org_id: str | None = "org-learned"):
        self.status, self.json, self.org_id = status, json, org_id
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path.endswith("/v3/self"):
            return httpx.Response(200, json={"principal_type": "service_user", "org_id": self.org_id})
        return httpx.Response(self.status, json=self.json)

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.requests]


def test_a_write_goes_out_with_key_agent_and_exact_bytes(run) -> None:
    api = Api()
    secret = SessionSecret(key="TOKEN", value="hunter2")
    run(api, CreateSession(prompt="Grüße", tags=[], session_secrets=[secret]), tag_creates=False)
    (request,) = api.requests
    assert (request.method, str(request.url)) == (
        "POST",
        "https://api.devin.ai/v3/organizations/org-1/sessions",
    )
    assert request.headers["authorization"] == "Bearer cog_key"
    assert request.headers["user-agent"] == f"devin-tools/{__version__}"
    assert request.headers["accept"] == request.headers["content-type"] == "application/json"
    assert request.content == (
        b'{"prompt":"Gr\\u00fc\\u00dfe","tags":[],"session_secrets":[{"key":"TOKEN","value":"hunter2"}]}'
    )


def test_a_read_goes_out_without_a_body(run) -> None:
    api = Api(json={"items": []})
    run(api, ListSessions(limit=5, tags=["a b", "c&d"], is_archived=True))
    (request,) = api.requests
    assert sorted(request.url.query.split(b"&")) == [
        b"first=5",
        b"is_archived=true",
        b"tags=a+b",
        b"tags=c%26d",
    ]
    assert request.content == b"" and "content-type" not in request.headers


def test_a_write_without_arguments_of_its_own_has_no_body(run) -> None:
    api = Api()
    run(api, ArchiveSession(session_id="abc"))
    assert api.paths == ["/v3/organizations/org-1/sessions/devin-abc/archive"]
    assert api.requests[0].content == b""


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_base_url_keeps_its_path(run, slash: str) -> None:
    api = Api()
    run(api, GetSession(session_id="abc"), base_url=f"https://acme.example:8443/devin{slash}")
    expected = "https://acme.example:8443/devin/v3/organizations/org-1/sessions/devin-abc"
    assert str(api.requests[0].url) == expected


def test_every_request_has_timeouts(run) -> None:
    api = Api()
    run(api, GetSelf())
    run(api, GetSelf(), timeout=7, connect_timeout=2)
    assert [request.extensions["timeout"] for request in api.requests] == [
        {"connect": 5.0, "read": 60.0, "write": 60.0, "pool": 60.0},
        {"connect": 2, "read": 7, "write": 7, "pool": 7},
    ]


def test_every_request_says_the_same_and_returns_the_cookies_of_answers(with_client) -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json=SESSION, headers={"set-cookie": "server=7"})

    async def work(perform: Any) -> None:
        await perform("run", GetSession(session_id="abc"))
        await perform("run", ArchiveSession(session_id="abc"))

    with_client(answer, work)
    said = [
        ("host", "api.devin.ai"),
        ("connection", "keep-alive"),
        ("accept", "application/json"),
        ("accept-encoding", "gzip"),
        ("user-agent", f"devin-tools/{__version__}"),
        ("authorization", "Bearer cog_key"),
    ]
    read, write = (list(request.headers.items()) for request in requests)
    assert read == said
    assert sorted(write) == sorted([*said, ("content-length", "0"), ("cookie", "server=7")])


def test_a_client_of_another_account_says_its_own_key() -> None:
    api = Api()
    with Client(api_key="cog_key", org_id="org-1", transport=httpx.MockTransport(api), guards=()) as client:
        other = client.acting_as(api_key=SecretStr("cog_other"))
        for each in (client, other, client):
            each.run(GetSession(session_id="abc"))
    keys = [request.headers["authorization"] for request in api.requests]
    assert keys == ["Bearer cog_key", "Bearer cog_other", "Bearer cog_key"]


@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
def test_tls_verification_is_never_touched(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    options: dict[str, Any] = {}
    monkeypatch.setattr(httpx, kind, lambda **given: options.update(given))
    (Client if kind == "Client" else AsyncClient)(api_key="cog_key")
    assert "verify" not in options and "cert" not in options


def test_a_redirect_is_not_followed_so_the_key_stays_home(run) -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(307, headers={"location": "https://evil.example/"})

    with pytest.raises(UnexpectedResponse, match="307") as caught:
        run(answer, GetSelf())
    assert seen == ["api.devin.ai"] and "evil" not in str(caught.value)


def test_settings_can_be_given_whole(with_client) -> None:
    api = Api()
    settings = Settings.load(api_key="cog_other", org_id="org-other")
    with_client(api, lambda perform: perform("run", GetSession(session_id="abc")), settings=settings)
    assert api.requests[0].headers["authorization"] == "Bearer cog_other"
    assert api.paths == ["/v3/organizations/org-other/sessions/devin-abc"]


def test_settings_come_from_the_environment(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVIN_API_KEY", "cog_environment")
    monkeypatch.setenv("DEVIN_ORG_ID", "org-environment")
    api = Api()
    run(api, GetSession(session_id="abc"), api_key=None, org_id=None)
    assert api.requests[0].headers["authorization"] == "Bearer cog_environment"
    assert api.paths == ["/v3/organizations/org-environment/sessions/devin-abc"]


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_client_without_a_key_is_not_made(kind: type[Any]) -> None:
    with pytest.raises(MissingSetting, match="No API key is set"):
        kind()


def test_the_organisation_is_learned_once_and_only_when_it_is_needed(with_client) -> None:
    api = Api()

    async def work(perform: Any) -> None:
        await perform("run", GetSelf())
        for _ in range(3):
            await perform("run", GetSession(session_id="abc"))

    with_client(api, work, org_id=None)
    assert api.paths == ["/v3/self"] * 2 + ["/v3/organizations/org-learned/sessions/devin-abc"] * 3


def test_a_key_of_no_organisation_needs_one_to_be_set(run) -> None:
    api = Api(org_id=None)
    with pytest.raises(MissingSetting, match="The organisation is not set") as caught:
        run(api, GetSession(session_id="abc"), org_id=None)
    assert "DEVIN_ORG_ID" in caught.value.hint
    assert api.paths == ["/v3/self"]


@pytest.mark.parametrize("hostile", ["org-x/../../enterprise", "org-a?b", "acme", ""])
def test_an_organisation_that_would_change_the_path_is_not_learned(run, hostile: str) -> None:
    api = Api(org_id=hostile)
    with pytest.raises(MissingSetting, match="malformed"):
        run(api, GetSession(session_id="abc"), org_id=None)
    assert api.paths == ["/v3/self"]


def test_twenty_threads_learn_the_organisation_once() -> None:
    class SlowApi(Api):
        def __call__(self, request: httpx.Request) -> httpx.Response:
            if request.url.path == "/v3/self":
                for _ in range(2_000):
                    time.sleep(0)  # lets the other threads come as far as they may
            return super().__call__(request)

    api = SlowApi()
    barrier = threading.Barrier(20)

    def work(client: Client) -> Any:
        barrier.wait()
        return client.run(GetSession(session_id="abc")).session_id

    client = Client(api_key="cog_key", transport=httpx.MockTransport(api), guards=())
    with client, ThreadPoolExecutor(20) as pool:
        assert list(pool.map(work, [client] * 20)) == ["abc"] * 20
    assert api.paths.count("/v3/self") == 1 and len(api.paths) == 21


def test_twenty_tasks_learn_the_organisation_once() -> None:
    api = Api()

    async def answer(request: httpx.Request) -> httpx.Response:
        for _ in range(100):
            await asyncio.sleep(0)  # lets the other tasks come as far as they may
        return api(request)

    async def main() -> None:
        options: dict[str, Any] = {"transport": httpx.MockTransport(answer), "guards": ()}
        async with AsyncClient(api_key="cog_key", **options) as client:
            await asyncio.gather(*(client.run(GetSession(session_id="abc")) for _ in range(20)))

    asyncio.run(main())
    assert api.paths.count("/v3/self") == 1 and len(api.paths) == 21


def test_progress_goes_to_whoever_watches_and_time_comes_from_the_clock(with_client, simulator) -> None:
    told: list[Progress] = []

    def flow() -> Any:
        began = yield Now()
        assert (yield Progress("waiting", 1)) is None
        assert (yield Pause(3600)) is None
        return (yield Now()) - began

    def work(perform: Any) -> Any:
        return perform("drive", flow())

    assert with_client(Api(), work, clock=simulator.clock, watch=told.append) == 3600
    assert told == [Progress("waiting", 1)]
    assert with_client(Api(), work, clock=simulator.clock) == 3600


def test_a_pause_of_one_task_lets_the_others_run() -> None:
    class Blocking(WallClock):
        def sleep(self, seconds: float) -> None:
            raise AssertionError("an async client must not block its loop")

        async def sleep_async(self, seconds: float) -> None:
            slept.append(seconds)

    slept: list[float] = []

    def flow() -> Any:
        return (yield Pause(0.01))

    async def main() -> None:
        async with AsyncClient(api_key="cog_key", guards=(), clock=Blocking()) as client:
            await client.drive(flow())

    asyncio.run(main())
    assert slept == [0.01]


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_client_prints_its_host_and_organisation_and_no_key(kind: type[Any]) -> None:
    client = kind(api_key="cog_CANARY", org_id="org-1")
    assert repr(client) == f"{kind.__name__}('https://api.devin.ai', org_id='org-1')"
