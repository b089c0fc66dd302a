"""The server over HTTP: who is let in, with whose key, and under which names."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from typing import Any

import httpx
import pytest

pytest.importorskip("mcp.types", reason="needs pip install -e '.[mcp]'")

from external.mcp.mcp_doors import MAJOR, connect_to, in_memory, listening, over_http, run, service_over
from pydantic import SecretStr

from devin_tools import AsyncClient, Settings, Simulator, UsageError, load_catalog
from devin_tools.client.call_limits import CallLimits
from devin_tools.mcp import Access, Service, TransportGuard
from devin_tools.mcp.client_pool import ClientPool
from devin_tools.mcp.sessions import MOST_OF_A_CALLER
from devin_tools.model_input import for_models

CATALOG = load_catalog(plugins=())
TOKEN = "CANARY-access-token"
ADA, BOB = "cog_CANARY_ada", "cog_CANARY_bob"
EVERYTHING = frozenset(spec.permission for spec in CATALOG if spec.permission)
WITH_TOKEN = TransportGuard(access=Access(SecretStr(TOKEN)))
WITH_KEYS = TransportGuard(access=Access(key_from_caller=True))
WITH_BOTH = TransportGuard(access=Access(SecretStr(TOKEN), key_from_caller=True))
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}


CREATE = {
    "jsonrpc": "2.0",
    "id": 7,
    "method": "tools/call",
    "params": {"name": "devin_create_session", "arguments": {"prompt": "Spend money."}},
}


def post(url: str, *, body: Any = HELLO, **headers: str) -> httpx.Response:
    sent = {"accept": "application/json, text/event-stream", **headers}
    return httpx.post(url, json=body, headers={name.replace("_", "-"): text for name, text in sent.items()})


def world_of(*keys: str) -> Simulator:
    """Make a simulator that knows these keys and no other."""
    return Simulator(seed=1, keys=dict.fromkeys(keys, EVERYTHING))


@pytest.fixture
def keys_seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the key of every request that reaches a simulator."""
    seen: list[str] = []
    receive = Simulator.receive

    def record(self: Simulator, method: str, target: str, content: bytes, headers: Any) -> Any:
        seen.append(headers.get("authorization").removeprefix("Bearer "))
        return receive(self, method, target, content, headers)

    monkeypatch.setattr(Simulator, "receive", record)
    return seen


def test_tools_are_listed_and_called_over_http() -> None:
    async def work() -> None:
        with listening(service_over(Simulator(seed=1))) as url:
            async with over_http(url) as caller, in_memory(service_over(Simulator(seed=1))) as other:
                assert await caller.tools() == await other.tools()
                made = await caller.output("devin_create_session", {"prompt": "Fix it."})
                assert made["status"] == "new"
                assert (await caller.error("devin_get_session"))["kind"] == "invalid_arguments"

    run(work)


@pytest.mark.skipif(MAJOR == 1, reason="the first major does not know the protocol without a handshake")
def test_the_protocol_without_a_handshake_works_over_http() -> None:
    from mcp import Client

    async def work() -> None:
        with listening(service_over(Simulator(seed=1), listing="full")) as url:
            async with Client(url, mode="2026-07-28") as client:
                assert len((await client.list_tools()).tools) == len(for_models(CATALOG))
                result = await client.call_tool("devin_create_session", {"prompt": "Fix it."})
                assert result.structured_content["status"] == "new"

    run(work)


@pytest.mark.parametrize(
    ("guard", "authorization"),
    [
        (WITH_TOKEN, None),
        (WITH_TOKEN, "Bearer wrong"),
        (WITH_TOKEN, f"Bearer {TOKEN}x"),
        (WITH_TOKEN, f"Basic {TOKEN}"),
        (WITH_TOKEN, f"Bearer {ADA}"),
        (WITH_KEYS, None),
        (WITH_KEYS, f"Bearer {TOKEN}"),
        (WITH_KEYS, "Bearer cog_"),
        (WITH_KEYS, "Bearer apk_CANARY_old"),
        (WITH_BOTH, "Bearer CANARY-wrong"),
    ],
)
def test_who_does_not_show_the_right_thing_is_not_let_in(
    guard: TransportGuard, authorization: str | None
) -> None:
    simulator = Simulator(seed=1)
    with listening(service_over(simulator), guard) as url:
        answer = post(url, **({"authorization": authorization} if authorization else {}))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"]["kind"] == "unauthenticated"
    assert "CANARY" not in answer.text
    assert simulator.requests == []


def test_the_holder_of_the_access_token_uses_the_servers_own_key(keys_seen: list[str]) -> None:
    async def work() -> None:
        for guard in (WITH_TOKEN, WITH_BOTH):
            with listening(service_over(world_of("cog_own")), guard) as url:
                async with over_http(url, TOKEN) as caller:
                    await caller.output("devin_list_sessions")

    run(work)
    assert set(keys_seen) == {"cog_own"}


def test_each_caller_uses_its_own_key_and_sees_nothing_of_others(keys_seen: list[str]) -> None:
    simulator = world_of("cog_own", ADA, BOB)

    async def work() -> None:
        with listening(service_over(simulator), WITH_BOTH) as url:
            for key in (ADA, BOB, ADA):
                async with over_http(url, key) as caller:
                    await caller.output("devin_list_sessions")
            refused = post(url, authorization="Bearer cog_unknown")
            assert (refused.status_code, refused.json()["error"]["kind"]) == (401, "unauthenticated")

    run(work)
    assert keys_seen == [ADA, ADA, BOB, BOB, ADA, "cog_unknown"]  # whoever is new is asked about first


def test_calls_of_two_callers_at_once_keep_their_keys(keys_seen: list[str]) -> None:
    async def work() -> None:
        with listening(service_over(world_of(ADA, BOB)), WITH_KEYS) as url:
            async with over_http(url, ADA) as ada, over_http(url, BOB) as bob:
                await asyncio.gather(*(c.output("devin_list_sessions") for c in (ada, bob) * 10))

    run(work)
    assert sorted(keys_seen) == [ADA] * 11 + [BOB] * 11


def test_a_server_for_callers_keys_needs_none_of_its_own() -> None:
    simulator = world_of(ADA)
    service = Service(CATALOG, Settings(org_id=simulator.world.org_id), connect_to(simulator))

    async def work() -> None:
        with listening(service, WITH_KEYS) as url:
            async with over_http(url, ADA) as caller:
                await caller.output("devin_list_sessions")

    run(work)


def test_the_organisation_of_a_caller_is_read_with_its_key() -> None:
    simulator = world_of(ADA)
    service = Service(CATALOG, Settings(), connect_to(simulator))

    async def work() -> None:
        with listening(service, WITH_KEYS) as url:
            async with over_http(url, ADA) as caller:
                await caller.output("devin_list_sessions")

    run(work)
    assert [path for _, path in simulator.requests] == [
        "/v3/self",
        "/v3/self",
        f"/v3/organizations/{simulator.world.org_id}/sessions",
    ]


def test_nobody_gets_into_the_session_that_another_caller_opened() -> None:
    with listening(service_over(world_of(ADA, BOB)), WITH_KEYS) as url:
        opened = post(url, authorization=f"Bearer {ADA}")
        session = opened.headers["mcp-session-id"]
        body = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
        same = post(url, body=body, authorization=f"Bearer {ADA}", mcp_session_id=session)
        other = post(url, body=body, authorization=f"Bearer {BOB}", mcp_session_id=session)
    assert (same.status_code, other.status_code) == (200, 404)


def asking(url: str, key: str, body: Any, *sessions: str) -> httpx.Response:
    """Post with as many session ids as are given."""
    headers = [("authorization", f"Bearer {key}"), ("accept", "application/json, text/event-stream")]
    headers += [("mcp-session-id", session) for session in sessions]
    return httpx.post(url, json=body, headers=headers, timeout=30)


def test_a_stranger_with_two_session_ids_neither_enters_nor_takes_over_nor_consents_for_another() -> None:
    simulator = world_of(ADA, BOB)
    hello = {**HELLO, "params": {**HELLO["params"], "capabilities": {"elicitation": {}}}}
    accept = {"jsonrpc": "2.0", "result": {"action": "accept", "content": {}}}

    async def work() -> None:
        with listening(service_over(simulator, confirm=True), WITH_KEYS) as url:
            session = post(url, body=hello, authorization=f"Bearer {ADA}").headers["mcp-session-id"]
            asking(url, ADA, {"jsonrpc": "2.0", "method": "notifications/initialized"}, session)
            headers = {"authorization": f"Bearer {ADA}", "mcp-session-id": session}
            headers["accept"] = "application/json, text/event-stream"
            async with httpx.AsyncClient(timeout=30) as client:
                async with client.stream("POST", url, json=CREATE, headers=headers) as answer:
                    lines = answer.aiter_lines()
                    asked = [line async for line in take_until(lines, "elicitation/create")][-1]
                    number = json.loads(asked.removeprefix("data:"))["id"]
                    for ids in ((session, session), (session,)):
                        forged = asking(url, BOB, {**accept, "id": number}, *ids)
                        assert forged.status_code == (400 if len(ids) > 1 else 404)
                    for other in (number + 1, 99, "x"):
                        asking(url, ADA, {**accept, "id": other}, session)
                    assert len(simulator.world.sessions) == 0
                    assert asking(url, ADA, {**accept, "id": number}, session).status_code == 202
                    told = [line async for line in take_until(lines, '"id":7')][-1]
                    assert '"isError":false' in told
            assert len(simulator.world.sessions) == 1

    run(work)


async def take_until(lines: Any, text: str) -> Any:
    async for line in lines:
        yield line
        if text in line:
            return


def test_a_caller_with_too_many_sessions_loses_its_own_and_nobody_elses() -> None:
    with listening(service_over(world_of(ADA, BOB)), WITH_KEYS) as url:
        bobs = post(url, authorization=f"Bearer {BOB}").headers["mcp-session-id"]
        adas = [
            post(url, authorization=f"Bearer {ADA}").headers["mcp-session-id"]
            for _ in range(MOST_OF_A_CALLER + 1)
        ]
        ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
        codes = [asking(url, ADA, ping, session).status_code for session in (adas[0], adas[1], adas[-1])]
        assert codes == [404, 200, 200]
        assert asking(url, BOB, ping, bobs).status_code == 200


def test_the_calls_of_one_caller_at_once_are_bounded_and_others_are_not_held_up() -> None:
    simulator, let = world_of(ADA, BOB), threading.Event()
    reached = simulator.connection()

    class Slow(httpx.AsyncBaseTransport):
        """Answers Ada's lists when it is let."""

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            while ADA in request.headers["authorization"] and not let.is_set():
                await asyncio.sleep(0.01)
            return await reached["transport"].handle_async_request(request)

    def connect(settings: Settings) -> AsyncClient:
        return AsyncClient(settings, transport=Slow(), clock=reached["clock"], guards=())

    async def work() -> None:
        service = Service(CATALOG, Settings(org_id=reached["org_id"]), connect, calls_at_once=2)
        service.verifier = service_over(simulator).verifier
        with listening(service, WITH_KEYS) as url:
            async with over_http(url, ADA) as ada, over_http(url, BOB) as bob:
                calls = [asyncio.ensure_future(ada.call("devin_list_sessions")) for _ in range(5)]
                while sum(call.done() for call in calls) < 3:
                    await asyncio.sleep(0.01)
                await bob.output("devin_list_sessions")
                let.set()
                results = await asyncio.gather(*calls)
                busy = [json.loads(r["content"][0]["text"])["error"] for r in results if r["isError"]]
                assert [(error["kind"], error["retryable"]) for error in busy] == [("rate_limited", True)] * 3
                await ada.output("devin_list_sessions")
        assert not service.calls._running

    run(work)


BODIES: list[tuple[bytes, str, int]] = [
    (json.dumps([HELLO, HELLO]).encode(), "application/json", 400),
    (b"[" * 60_000, "application/json", 400),
    (("[" * 60_000).encode("utf-16"), "application/json", 400),
    (b'{"jsonrpc": "2.0", "id": "\\ud800", "method": "ping"}', "application/json", 400),
    (b'{"jsonrpc": "2.0", "id": 1, "method": "\xff"}', "application/json", 400),
    (b'{"jsonrpc": "2.0", "id": ' + b"9" * 5_000 + b', "method": "ping"}', "application/json", 400),
    (b'{"jsonrpc": "2.0", "id": 1, "method": ' + b"[" * 990 + b"]" * 990 + b"}", "application/json", 400),
    (b"a" * 5_000_000, "application/json", 413),
    (json.dumps(HELLO).encode(), "text/plain", 400),
]


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    BODIES,
    ids=["batch", "deep", "deep-utf-16", "half", "no-utf-8", "digits", "within", "large", "text"],
)
def test_a_body_that_is_no_message_is_refused(
    caplog: pytest.LogCaptureFixture, body: bytes, media_type: str, status: int
) -> None:
    simulator = Simulator(seed=1)
    accept = "application/json, text/event-stream"
    with listening(service_over(simulator)) as url:
        got = httpx.post(url, content=body, headers={"accept": accept, "content-type": media_type})
    assert got.status_code == status and "Traceback" not in got.text
    assert not any(record.exc_info for record in caplog.records)
    assert simulator.requests == []


def test_no_output_error_or_log_holds_a_key_or_the_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []

    async def work() -> None:
        with listening(service_over(world_of(ADA)), WITH_BOTH) as url:
            shown.append(post(url, authorization=f"Bearer {BOB}").text)
            for bearer in (ADA, TOKEN):
                async with over_http(url, bearer) as caller:
                    for name in ("devin_get_self", "devin_get_session", "devin_list_sessions"):
                        shown.append(json.dumps(await caller.call(name)))

    run(work)
    shown += [repr(WITH_BOTH), repr(WITH_BOTH.access.admit(f"Bearer {ADA}"))]
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("httpcore", "mcp.client"))]
    assert "CANARY" not in "\n".join(shown + ours)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:1"}, 200),
        ({"host": "mcp.example.com"}, 200),
        ({"host": "mcp.example.com:443", "origin": "https://mcp.example.com"}, 200),
        ({"origin": "http://127.0.0.1:6274"}, 200),
        ({"host": "evil.example"}, 421),
        ({"host": "mcp.example.com.evil.example"}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_only_known_names_are_answered(headers: dict[str, str], status: int) -> None:
    with listening(service_over(Simulator(seed=1)), TransportGuard(names=("mcp.example.com",))) as url:
        assert post(url, **headers).status_code == status


@pytest.mark.parametrize("path", ["/", "/mcp/x", "/sse"])
def test_other_paths_are_not_there_and_it_is_said_where_the_server_is(path: str) -> None:
    with listening(service_over(Simulator(seed=1))) as url:
        answer = httpx.post(url.replace("/mcp", path), json=HELLO)
    assert answer.status_code == 404 and "/mcp" in answer.json()["error"]["hint"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "mcp.example.com"])
def test_nothing_but_loopback_is_served_to_everybody(host: str) -> None:
    with pytest.raises(UsageError, match="must show who they are"):
        TransportGuard(host=host)
    assert TransportGuard(host=host, access=Access(SecretStr(TOKEN))).host == host
    assert TransportGuard(host=host, access=Access(key_from_caller=True)).host == host


class Counted:
    """A client that only knows whether it is open."""

    def __init__(self, settings: Settings):
        self.key = settings.require_key()
        self.limits = CallLimits(settings)
        self.is_open = True

    async def aclose(self) -> None:
        self.is_open = False


def callers(made: list[Counted], most: int) -> ClientPool:
    def connect(settings: Settings) -> Any:
        made.append(Counted(settings))
        return made[-1]

    return ClientPool(Settings(api_key=SecretStr("cog_own")), connect, most)


def test_the_clients_of_callers_are_few_and_those_left_out_are_closed() -> None:
    made: list[Counted] = []

    async def work() -> None:
        kept = callers(made, most=2)
        for key in ("cog_1", "cog_2", "cog_1", "cog_3", None, "cog_1"):
            async with kept.client(SecretStr(key) if key else None):
                pass
        assert [(one.key, one.is_open) for one in made] == [
            ("cog_1", True),
            ("cog_2", False),
            ("cog_3", True),
            ("cog_own", True),
        ]
        await kept.aclose()
        assert not any(one.is_open for one in made)

    run(work)


def test_a_client_that_is_in_use_is_closed_only_afterwards() -> None:
    made: list[Counted] = []

    async def work() -> None:
        kept = callers(made, most=1)
        async with kept.client(SecretStr("cog_1")):
            async with kept.client(SecretStr("cog_2")):
                assert [one.is_open for one in made] == [True, True]
            assert [one.is_open for one in made] == [True, False]
        assert [one.is_open for one in made] == [True, False]

    run(work)
