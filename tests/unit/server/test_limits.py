"""How much a server takes and how long a call may: refused early, and without harm."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from support.served_apps import SESSION, Held, ask, kind, over, scope_of, simulated, together, until, working

from devin_tools.server import Limits
from devin_tools.server.limits import CallLimiter
from devin_tools.server.responses import HTTPError


@pytest.mark.parametrize("is_declared", [True, False])
def test_a_body_that_is_too_large_is_refused(simulator, is_declared):
    async def pieces() -> Any:
        for _ in range(30):
            yield b" " * 100

    content = {"content": b" " * 3000} if is_declared else {"content": pieces()}
    app = simulated(simulator, limits=Limits(body_bytes=2000))
    got = ask(app, "devin_get_self", **content, headers={"Content-Type": "application/json"})
    assert (got.status_code, kind(got)) == (413, "usage")


def test_a_body_as_large_as_allowed_is_read(simulator):
    app = simulated(simulator, limits=Limits(body_bytes=2000))
    body = b"{}" + b" " * 1998
    assert ask(app, "devin_get_self", body, headers={"Content-Type": "application/json"}).status_code == 200


def test_a_body_that_does_not_arrive_is_given_up(simulator):
    async def stuck() -> Any:
        yield b"{"
        await asyncio.Event().wait()

    app = simulated(simulator, limits=Limits(body_seconds=0.05))
    got = ask(app, "devin_get_self", content=stuck(), headers={"Content-Type": "application/json"})
    assert (got.status_code, kind(got)) == (408, "usage")


def test_a_call_too_many_in_a_minute_is_told_when_to_come_back(simulator):
    app = simulated(simulator, limits=Limits(calls_a_minute=2))

    async def three(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [await client.post("/tools/devin_get_self") for _ in range(3)]

    *passed, refused = together(app, three)
    assert [got.status_code for got in passed] == [200, 200]
    assert (refused.status_code, kind(refused)) == (429, "rate_limited")
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    assert refused.json()["error"]["retryable"] is True


def test_calls_come_back_as_the_minute_passes():
    now = [0.0]
    gate = CallLimiter(Limits(calls_a_minute=60), now=lambda: now[0])

    def entered(times: int) -> int:
        done = 0
        try:
            for _ in range(times):
                with gate.entered():
                    done += 1
        except HTTPError:
            pass
        return done

    assert entered(100) == 60
    now[0] += 2
    assert entered(100) == 2
    now[0] += 3600
    assert entered(100) == 60


def test_calls_too_many_at_a_time_are_told_to_come_back():
    api = Held()

    async def three(client: httpx.AsyncClient) -> list[httpx.Response]:
        first = [asyncio.create_task(client.post("/tools/devin_get_session", json=SESSION)) for _ in range(2)]
        await until(lambda: len(api.asked) == 2)
        third = await client.post("/tools/devin_get_session", json=SESSION)
        health = await client.get("/healthz")
        api.let()
        return [third, health, *[await task for task in first]]

    app = over(working, transport=api, limits=Limits(calls_at_once=2))
    third, *others = together(app, three)
    assert (third.status_code, kind(third), third.headers["retry-after"]) == (503, "busy", "1")
    assert [got.status_code for got in others] == [200, 200, 200]


@pytest.mark.parametrize(
    ("name", "arguments", "retryable"),
    [("devin_get_session", SESSION, True), ("devin_archive_session", SESSION, False)],
)
def test_a_call_that_takes_too_long_is_stopped(name, arguments, retryable):
    app = over(working, transport=Held(), limits=Limits(call_seconds=0.05))
    got = ask(app, name, arguments)
    assert (got.status_code, kind(got), got.json()["error"]["retryable"]) == (504, "timeout", retryable)
    assert (got.json()["error"]["hint"] is None) is retryable


@pytest.mark.parametrize(
    ("asked", "slice_seconds"), [({}, 40), ({"max_seconds": 3600}, 40), ({"max_seconds": 7}, 7)]
)
def test_a_wait_is_cut_below_the_time_of_a_call_and_says_how_to_go_on(asked, slice_seconds):
    app = over(working, limits=Limits(call_seconds=50))
    got = ask(app, "devin_wait_session", SESSION | asked).json()
    assert got["outcome"] == "still_running"
    assert got["waited_seconds"] == pytest.approx(slice_seconds, abs=1)
    assert got["resume_with"]["name"] == "devin_wait_session"
    assert got["resume_with"]["arguments"]["max_seconds"] == slice_seconds
    assert ask(app, "devin_wait_session", got["resume_with"]["arguments"]).status_code == 200


def test_a_task_can_be_carried_through_slice_by_slice(simulator):
    app = simulated(simulator, limits=Limits(call_seconds=10))
    name, arguments, calls = "devin_run_task", {"prompt": "Look."}, 0
    while name:
        got = ask(app, name, arguments)
        assert got.status_code == 200
        calls += 1
        rest = got.json()["resume_with"] or {"name": "", "arguments": {}}
        name, arguments = rest["name"], rest["arguments"]
    assert got.json()["outcome"] == "finished"
    assert calls > 2
    assert len(simulator.world.sessions) == 1


@pytest.mark.parametrize(("status", "kind_of_error"), [(503, "server_fault"), (429, "rate_limited")])
def test_tries_end_before_the_time_of_the_call_does(status, kind_of_error):
    app = over(
        lambda request: httpx.Response(status, headers={"retry-after": "30"}), limits=Limits(call_seconds=50)
    )
    got = ask(app, "devin_get_session", SESSION)
    assert kind(got) == kind_of_error
    assert got.json()["error"]["tries"] == 2


def test_a_reader_that_leaves_ends_its_wait():
    api = Held(free=1)
    assert leaves(over(working, transport=api), api, "devin_wait_session") == (499, "before the API did")
    assert (api.asked, api.answered) == (["GET", "GET"], ["GET"])


def test_a_write_goes_on_when_its_caller_leaves():
    api = Held()
    assert leaves(over(working, transport=api), api, "devin_archive_session") == (
        200,
        "after the API did",
    )
    assert api.answered == ["POST"]


def leaves(app: Any, api: Held, name: str) -> tuple[int, str]:
    """Call a tool and leave while the API is held; return the status that nobody reads, and when it came."""
    sent: list[Any] = []
    parts = iter([{"type": "http.request", "body": b'{"session_id": "abc"}', "more_body": False}])
    left = asyncio.Event()

    async def receive() -> Any:
        for part in parts:
            return part
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async def go() -> str:
        task = asyncio.create_task(app(scope_of(name), receive, send))
        await until(lambda: len(api.asked) > api.free)
        left.set()
        for _ in range(50):  # turns in which it can end
            await asyncio.sleep(0)
        when = "before the API did" if task.done() else "after the API did"
        api.let()
        await task
        await app.aclose()
        return when

    when = asyncio.run(go())
    return sent[0]["status"], when


def test_a_stopping_server_says_so_to_calls_that_do_not_end():
    api = Held()
    app = over(working, transport=api)
    sent: list[Any] = []
    parts = iter([{"type": "http.request", "body": b'{"session_id": "abc"}'}])

    async def receive() -> Any:
        for part in parts:
            return part
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    async def go() -> None:
        task = asyncio.create_task(app(scope_of("devin_get_session"), receive, send))
        await until(lambda: api.asked)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await app.aclose()

    asyncio.run(go())
    assert sent[0]["status"] == 503
    assert b'"kind":"stopping"' in sent[1]["body"]
