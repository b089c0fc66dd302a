"""The console's routes: its files for anybody, its data behind the token, one look a tick for all."""

from __future__ import annotations

import asyncio
import json
import re
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.laws import for_every
from support.served_apps import SESSION, TOKEN, ask, simulated, together, until
from support.tools import built_in

from devin_tools import Simulator
from devin_tools.server import App, Console
from devin_tools.server.console.assets import assets
from devin_tools.server.console.feed import Feed
from devin_tools.simulator.clock import SimulatedClock

API = "/console/api"


def served(simulator: Simulator, **more: Any) -> App:
    return simulated(simulator, console=Console(is_simulated=more.pop("is_simulated", False)), **more)


def test_the_page_and_its_files_are_there_for_anybody(simulator: Simulator) -> None:
    async def look(client: httpx.AsyncClient) -> None:
        del client.headers["authorization"]
        for name in ("", *assets()):
            answer = await client.get(f"/console/{name}")
            assert answer.status_code == 200, name
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
        assert (await client.get("/console/../pyproject.toml")).status_code == 404
        assert (await client.get("/console/%2e%2e/routes.py")).status_code == 404

    together(served(simulator), look)


def test_the_page_loads_nothing_from_elsewhere(simulator: Simulator) -> None:
    from importlib.resources import files

    home = files("devin_tools.server.console") / "assets"
    for name in assets():
        if name.startswith("vendor/"):
            continue
        text = (home / name).read_text(encoding="utf-8")
        assert not re.search(r"(src|href)=\"(https?:)?//", text), name
        assert "innerHTML" not in text and "eval(" not in text and "style=" not in text, name


@pytest.mark.parametrize(
    "path", ["about", "tools", "tools/devin_get_self", "board", f"sessions/{SESSION['session_id']}"]
)
def test_data_wants_the_token(simulator: Simulator, path: str) -> None:
    async def look(client: httpx.AsyncClient) -> None:
        del client.headers["authorization"]
        assert (await client.get(f"{API}/{path}")).status_code == 401

    together(served(simulator), look)


def test_without_a_console_there_is_none(simulator: Simulator) -> None:
    async def look(client: httpx.AsyncClient) -> None:
        assert (await client.get("/console/")).status_code == 404
        assert (await client.get(f"{API}/tools")).status_code == 404

    together(simulated(simulator), look)


def test_the_catalogue_has_every_tool_with_what_only_a_person_may_fill(simulator: Simulator) -> None:
    async def look(client: httpx.AsyncClient) -> None:
        listed = (await client.get(f"{API}/tools")).json()["tools"]
        assert {tool["name"] for tool in listed} == set(built_in().specs)
        tool = (await client.get(f"{API}/tools/devin_create_secret")).json()
        (value,) = [field for field in tool["fields"] if field["name"] == "value"]
        assert value["is_user_only"] and value["is_secret"] and "value" in tool["input"]["properties"]

    together(served(simulator, catalog=built_in()), look)


def test_tools_are_found_by_what_somebody_wants_among_those_that_may_run_here(simulator: Simulator) -> None:
    async def look(client: httpx.AsyncClient) -> None:
        found = (await client.get(f"{API}/tools", params={"query": "end a session for good"})).json()
        assert found["fits"] is True
        assert found["tools"][0]["name"] == "devin_terminate_session"
        listed = (await client.get(f"{API}/tools")).json()["tools"]
        assert len(found["tools"]) <= 6 and all(tool in listed for tool in found["tools"])
        none = (await client.get(f"{API}/tools", params={"query": "<b>zqx</b>"})).json()
        assert none["tools"] == [] and none["fits"] is False
        secret = (await client.get(f"{API}/tools", params={"query": "store my password as a secret"})).json()
        assert secret["tools"][0]["name"] == "devin_create_secret"
        assert secret["fits"] is True  # a person fills its value here

    async def look_where_it_only_reads(client: httpx.AsyncClient) -> None:
        found = (await client.get(f"{API}/tools", params={"query": "end a session for good"})).json()["tools"]
        assert found and {tool["effect"] for tool in found} == {"read"}

    together(served(simulator, catalog=built_in()), look)
    together(served(simulator, catalog=built_in(), read_only=True), look_where_it_only_reads)


def test_a_preview_sends_nothing(simulator: Simulator) -> None:
    async def look(client: httpx.AsyncClient) -> None:
        before = len(simulator.requests)
        answer = await client.post(f"{API}/tools/devin_create_session/preview", json={"prompt": "Fix it."})
        assert answer.json()["requests"][0]["method"] == "POST"
        assert len(simulator.requests) == before

    together(served(simulator), look)


def test_what_costs_wants_consent_unless_nothing_can(simulator: Simulator) -> None:
    async def look(client: httpx.AsyncClient) -> None:
        path, body = f"{API}/tools/devin_create_session/run", {"prompt": "Fix it."}
        refused = await client.post(path, json=body)
        assert refused.status_code == 403 and not simulator.world.sessions
        assert (await client.post(path, json=body, headers={"x-devin-confirm": "true"})).status_code == 200

    together(served(simulator), look)

    async def simulated_look(client: httpx.AsyncClient) -> None:
        answer = await client.post(f"{API}/tools/devin_create_session/run", json={"prompt": "Fix it."})
        assert answer.status_code == 200

    together(served(simulator, is_simulated=True), simulated_look)


def test_what_it_costs_is_told_where_consent_is_asked_for_and_in_the_preview(simulator: Simulator) -> None:
    body = {"name": "n", "prompt": "p", "frequency": "* * * * *"}
    cost = "1,440 sessions start by themselves in a day"

    async def look(client: httpx.AsyncClient) -> None:
        path = f"{API}/tools/devin_create_schedule"
        assert (await client.get(path)).json()["spends"].startswith("spends ACUs again and again by itself")
        assert cost in (await client.post(f"{path}/preview", json=body)).json()["cost"]
        refused = await client.post(f"{path}/run", json=body)
        assert refused.status_code == 403 and cost in refused.json()["error"]["message"]
        assert (await client.post(f"{path}/run", json={})).status_code == 422
        assert simulator.requests == []

    together(served(simulator, catalog=built_in()), look)


REFERENCES = ["env:CANARY_VARIABLE", "file:canary.txt"]


@for_every("value, deed", lambda: product(REFERENCES, ["run", "preview"]))
def test_the_server_reads_no_secret_of_its_own_for_the_page(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, value: str, deed: str
) -> None:
    monkeypatch.setenv("CANARY_VARIABLE", "CANARY")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "canary.txt").write_text("CANARY")
    calls = {
        "devin_create_secret": {"key": "K", "kind": "key-value", "value": value},
        "devin_create_session": {"prompt": "x", "session_secrets": [{"key": "K", "value": value}]},
    }

    async def look(client: httpx.AsyncClient) -> None:
        for name, body in calls.items():
            path = f"{API}/tools/{name}/{deed}"
            answer = await client.post(path, json=body, headers={"x-devin-confirm": "true"})
            assert answer.status_code == 422 and value[5:] not in answer.text
            assert "CANARY" not in answer.text

    together(served(simulator), look)
    assert not simulator.world.sessions


def test_calls_are_written_out_without_a_secret(simulator: Simulator) -> None:
    async def look(client: httpx.AsyncClient) -> None:
        body = {"prompt": "Fix it's", "session_secrets": [{"key": "NPM", "value": "hush"}]}
        texts = (await client.post(f"{API}/tools/devin_create_session/snippets", json=body)).json()
        assert texts.keys() == {"cli", "python", "curl", "mcp"}
        assert "hush" not in json.dumps(texts) and TOKEN not in json.dumps(texts)
        assert "devin-tools call devin_create_session" in texts["cli"] and "env:NPM" in texts["cli"]
        compile(texts["python"], "snippet", "exec")

    together(served(simulator), look)


def test_a_read_only_server_shows_what_reads(simulator: Simulator) -> None:
    async def look(client: httpx.AsyncClient) -> None:
        listed = (await client.get(f"{API}/tools")).json()["tools"]
        assert {tool["effect"] for tool in listed} == {"read"}
        answer = await client.post(f"{API}/tools/devin_create_session/run", json={"prompt": "x"})
        assert answer.status_code == 403

    together(served(simulator, catalog=built_in(), read_only=True), look)


def test_all_watchers_share_one_look_a_tick_and_nobody_costs_none() -> None:
    looks: list[float] = []
    clock = SimulatedClock()

    async def look() -> dict[str, int]:
        looks.append(clock.now())
        return {"look": len(looks)}

    async def watch(feed: Feed, events: int) -> list[bytes]:
        stream = feed.watch()
        found = [await anext(stream) for _ in range(events)]
        await stream.aclose()
        return found

    async def go() -> None:
        feed = Feed(look, clock, 5.0)
        found = await asyncio.gather(*(watch(feed, 3) for _ in range(20)))
        assert all(len(each) == 3 for each in found)
        first = len(looks)
        assert first <= 5, "twenty watchers cost what one does"
        assert all(later - earlier >= 5.0 for earlier, later in pairwise(looks))
        for _ in range(200):  # turns in which somebody could look, and time could pass
            await asyncio.sleep(0)
        assert len(looks) == first and feed.watchers == 0

    asyncio.run(go())


def test_a_board_costs_one_list_request_a_look(simulator: Simulator) -> None:
    from devin_tools.server.console.board import Board, History, SessionView, lane_of

    with_sessions = Simulator(seed=1, sessions=5, catalog=built_in())

    async def go() -> None:
        from devin_tools import AsyncClient
        from devin_tools.api import GetSession

        async with AsyncClient(**with_sessions.connection() | {"guards": ()}) as client:
            before = len(with_sessions.requests)
            board = await Board(client.run, client.now, History()).look()
            assert len(with_sessions.requests) - before == 1
            assert len(board["sessions"]) == 5 and all(one["lane"] for one in board["sessions"])
            call = GetSession(session_id=board["sessions"][0]["session_id"])
            view = await SessionView(call, client.run, client.now, History()).look()
            assert view["messages"] and view["states"] and view["problem"] is None
            assert lane_of(await client.run(call)) == board["sessions"][0]["lane"]

    asyncio.run(go())


@pytest.mark.parametrize(
    ("scenario", "lanes"),
    [
        ("finishes", ["working", "finished", "finished"]),
        ("delegates", ["working", "finished", "finished"]),
        ("asks", ["working", "needs_you", "asleep"]),
        ("sleeps", ["working", "asleep", "asleep"]),
    ],
)
def test_what_was_seen_finished_stays_in_its_lane_when_it_falls_asleep(
    simulator: Simulator, scenario: str, lanes: list[str]
) -> None:
    from devin_tools import AsyncClient
    from devin_tools.api import CreateSession
    from devin_tools.server.console.board import Board, History

    async def go() -> list[str]:
        async with AsyncClient(**simulator.connection() | {"guards": ()}) as client:
            made = await client.run(CreateSession(prompt=f"x #simulate:{scenario}"))
            board, seen = Board(client.run, client.now, History()), []
            for seconds in (5, 300, 7_200):
                simulator.clock.step(seconds)
                shown = {one["session_id"]: one for one in (await board.look())["sessions"]}
                seen.append(shown[made.session_id]["lane"])
            assert [path.rpartition("/")[2] for _, path in simulator.requests[1:]] == ["sessions"] * 3
            return seen

    assert asyncio.run(go()) == lanes


def test_what_the_messages_tell_of_a_session_that_sleeps_the_board_knows_too(simulator: Simulator) -> None:
    from devin_tools import AsyncClient
    from devin_tools.api import CreateSession, GetSession
    from devin_tools.server.console.board import Board, History, SessionView

    async def go() -> None:
        async with AsyncClient(**simulator.connection() | {"guards": ()}) as client:
            made = await client.run(CreateSession(prompt="x #simulate:delegates"))
            simulator.clock.step(7_200)
            history = History()
            board = Board(client.run, client.now, history)
            view = SessionView(GetSession(session_id=made.session_id), client.run, client.now, history)

            async def on_board() -> tuple[str, str]:
                shown = {one["session_id"]: one for one in (await board.look())["sessions"]}
                return shown[made.session_id]["lane"], shown[made.session_id]["certainty"]

            assert await on_board() == ("asleep", "likely")
            seen = [await view.look() for _ in range(2)][-1]
            assert (seen["session"]["lane"], seen["session"]["certainty"]) == ("finished", "likely")
            assert await on_board() == ("finished", "likely")
            assert len((await view.look())["states"]) == 2

    asyncio.run(go())


@pytest.mark.parametrize("version", ["2.3", "2.4"])
def test_a_watcher_who_goes_ends_the_stream_whatever_version_the_server_speaks(
    simulator: Simulator, version: str
) -> None:
    app = simulated(simulator, console=Console(clock=SimulatedClock()))
    head = [(b"authorization", f"Bearer {TOKEN}".encode())]
    scope = {"type": "http", "method": "GET", "path": f"{API}/board", "headers": head, "scheme": "http"}
    heard: list[Any] = []

    async def go() -> None:
        left = asyncio.Event()

        async def receive() -> dict[str, str]:
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            heard.append(message)
            left.set()

        asgi = {"asgi": {"version": "3.0", "spec_version": version}}
        await asyncio.wait_for(app(scope | asgi, receive, send), 5)
        await app.aclose()

    asyncio.run(go())
    assert heard


def test_twenty_boards_cost_one_list_request_a_tick(simulator: Simulator) -> None:
    ticks, seconds, clock = 5, 5.0, SimulatedClock()
    app = simulated(simulator, console=Console(tick_seconds=seconds, clock=clock))
    head = [(b"authorization", f"Bearer {TOKEN}".encode())]
    scope = {"type": "http", "method": "GET", "path": f"{API}/board", "headers": head, "scheme": "http"}
    told: list[list[bytes]] = [[] for _ in range(20)]

    async def watch(heard: list[bytes], left: asyncio.Event) -> None:
        async def receive() -> dict[str, str]:
            await left.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            heard.append(message.get("body", b""))

        await app(dict(scope), receive, send)

    async def go() -> None:
        left = asyncio.Event()
        watching = [asyncio.create_task(watch(heard, left)) for heard in told]
        began = clock.now()
        await until(lambda: len(simulator.requests) >= ticks)
        assert clock.now() - began == (ticks - 1) * seconds
        left.set()
        await asyncio.gather(*watching)
        await app.aclose()

    asyncio.run(go())
    assert len(simulator.requests) == ticks
    assert {(method, path.rpartition("/")[2]) for method, path, *_ in simulator.requests} == {
        ("GET", "sessions")
    }
    assert all(any(body.startswith(b"event: seen") for body in heard) for heard in told)


def test_a_stream_whose_body_nobody_gets_ends_at_once(simulator: Simulator) -> None:
    answer = ask(served(simulator), f"{API}/board", method="HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"] == "text/event-stream" and not simulator.requests


def test_unknown_tools_are_told(simulator: Simulator) -> None:
    answer = ask(served(simulator), "devin_nothing", {})
    assert answer.status_code == 404
