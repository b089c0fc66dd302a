"""The gate: what it lets through, with whose key, into whose session."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from pydantic import SecretStr
from support.laws import for_every

from devin_tools.errors import Unauthenticated
from devin_tools.mcp.auth import KEY, Access, SessionAuth
from devin_tools.mcp.sessions import Sessions

ADA, BOB = "cog_ada", "cog_bob"
Answer = tuple[int, dict[str, Any]]


class App:
    """Opens a session for a request that names none; reads the first of each header, as starlette does."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str | None, str | None]] = []
        """The method, the session and the key of each request that came through."""
        self.opened = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        sessions = [value.decode() for name, value in scope["headers"] if name == b"mcp-session-id"]
        key = scope[KEY].get_secret_value() if scope[KEY] else None
        self.seen.append((scope["method"], sessions[0] if sessions else None, key))
        self.opened += not sessions
        name = sessions[0] if sessions else f"s{self.opened}"
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"mcp-session-id", name.encode())]}
        )


async def known(key: SecretStr) -> None:
    if key.get_secret_value() not in (ADA, BOB):
        raise Unauthenticated("The Devin key is not valid.", status=401)


def gate_before(app: App, **given: Any) -> SessionAuth:
    return SessionAuth(app, Access(SecretStr("t" * 16), key_from_caller=True), known, **given)


def ask(
    gate: SessionAuth,
    key: str,
    *sessions: str,
    method: str = "POST",
    path: str = "/mcp",
    more: tuple[Any, ...] = (),
    body: bytes = b"{}",
) -> Answer:
    answer: list[Any] = [0, {}]

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer[0] = message["status"]
        else:
            answer[1] = json.loads(message["body"])["error"]

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {key}".encode()), *more]
    headers += [(b"mcp-session-id", name.encode()) for name in sessions]
    asyncio.run(gate({"type": "http", "method": method, "path": path, "headers": headers}, receive, send))
    return answer[0], answer[1]


def test_a_body_that_is_nested_too_deeply_does_not_come_through() -> None:
    app = App()
    status, error = ask(gate_before(app), ADA, body=b"[" * 60_000)
    assert (status, error["kind"], app.seen) == (400, "usage", [])


@for_every("method", lambda: ["POST", "GET", "DELETE", "PUT"])
def test_whatever_is_asked_of_a_session_only_its_opener_may(method: str) -> None:
    app = App()
    gate = gate_before(app)
    assert ask(gate, ADA)[0] == 200
    for names in (("s1",), ("s1", "s1"), ("", "s1"), ("s1, s1",), ("S1",), ("",)):
        assert ask(gate, BOB, *names, method=method)[0] == (400 if len(names) > 1 else 404)
    resuming = ((b"last-event-id", b"s1"),)
    assert ask(gate, BOB, "s1", method=method, more=resuming)[0] == 404
    assert ask(gate, "t" * 16, "s1", method=method)[0] == 404
    assert app.seen == [("POST", None, ADA)]
    assert ask(gate, ADA, "s1", method=method)[0] == 200


def test_a_session_is_of_the_path_that_it_was_opened_at() -> None:
    app = App()
    gate = gate_before(app)
    ask(gate, ADA, path="/mcp/core")
    assert ask(gate, ADA, "s1", path="/mcp/core")[0] == 200
    for path in ("/mcp", "/mcp/full"):
        for method in ("POST", "GET", "DELETE"):
            assert ask(gate, ADA, "s1", path=path, method=method)[0] == 404
    assert [name for _, name, _ in app.seen] == [None, "s1"]


def test_nobody_becomes_the_owner_of_a_session_by_using_it() -> None:
    gate = gate_before(App())
    ask(gate, ADA)
    ask(gate, BOB, "s1", "s1")
    ask(gate, BOB, "s1")
    assert (ask(gate, ADA, "s1")[0], ask(gate, BOB, "s1")[0]) == (200, 404)


@for_every("name", lambda: ["authorization", "host", "origin", "mcp-protocol-version", "last-event-id"])
def test_a_repeated_header_is_refused_with_its_name_before_anything_is_done(name: str) -> None:
    app = App()
    twice = ((name.encode(), b"CANARY"), (name.upper().encode(), b"CANARY"))
    status, error = ask(gate_before(app), ADA, more=twice)
    assert (status, error["kind"], app.seen) == (400, "usage", [])
    assert name in error["message"] and "CANARY" not in str(error)


def test_nothing_is_kept_for_a_key_that_the_api_does_not_know() -> None:
    app, sessions = App(), Sessions()
    gate = gate_before(app, sessions=sessions)
    for number in range(100):
        status, error = ask(gate, f"cog_made_up_{number}")
        assert (status, error["kind"]) == (401, "unauthenticated")
    assert (app.seen, len(sessions)) == ([], 0)


def test_a_session_that_has_to_make_room_is_ended_and_nobodys() -> None:
    app = App()
    gate = gate_before(app, sessions=Sessions(each=2))
    for _ in range(3):
        ask(gate, ADA)
    assert app.seen[-1] == ("DELETE", "s1", ADA)
    assert [ask(gate, ADA, name)[0] for name in ("s1", "s2", "s3")] == [404, 200, 200]


def test_a_session_that_its_opener_ended_is_nobodys() -> None:
    gate = gate_before(App())
    ask(gate, ADA)
    ask(gate, ADA, "s1", method="DELETE")
    assert ask(gate, ADA, "s1")[0] == 404
