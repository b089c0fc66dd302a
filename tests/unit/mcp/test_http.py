"""The door of the server over HTTP: who may be let in from where, and that the limits hold behind it."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import asynccontextmanager, contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from support.laws import for_every

from devin_tools.errors import UsageError
from devin_tools.mcp import http
from devin_tools.mcp.auth import Access
from devin_tools.mcp.http import TransportGuard, app_over, serve_http

TOKEN = "t" * 32
GUARDED = Access(SecretStr(TOKEN))


@for_every(
    "host", lambda: ["0.0.0.0", "::", "192.168.1.7", "devin.example", "", "127.0.0.1.example", "x" * 99]
)
def test_a_door_to_others_is_not_opened_to_everybody(host: str) -> None:
    with pytest.raises(UsageError, match="callers must show who they are") as caught:
        TransportGuard(host)
    assert "DEVIN_MCP_TOKEN" in str(caught.value.hint) and len(str(caught.value)) < 300
    for access in (GUARDED, Access(key_from_caller=True)):
        assert TransportGuard(host, access=access).host == host


@for_every("host", lambda: ["127.0.0.1", "::1", "localhost"])
def test_a_door_on_loopback_may_be_open(host: str) -> None:
    assert TransportGuard(host).access.is_open


def test_the_names_of_a_door_are_those_of_loopback_its_own_and_those_it_was_given() -> None:
    loopback = ("127.0.0.1", "localhost", "[::1]")
    assert TransportGuard().hosts == TransportGuard("::1").hosts == loopback
    assert TransportGuard("::", access=GUARDED).hosts == (*loopback, "[::]")
    assert TransportGuard("10.0.0.7", names=("devin.example",), access=GUARDED).hosts == (
        *loopback,
        "10.0.0.7",
        "devin.example",
    )


class Socket:
    """A socket that opens no port."""

    def __init__(self, family: int, kind: int, fault: OSError | None = None) -> None:
        self.family, self.fault = family, fault
        self.bound: Any = None
        self.is_listening = self.is_closed = False

    def __enter__(self) -> Socket:
        return self

    def __exit__(self, *_: object) -> None:
        self.is_closed = True

    def setsockopt(self, *_: int) -> None:
        pass

    def bind(self, address: Any) -> None:
        if self.fault:
            raise self.fault
        self.bound = address

    def listen(self) -> None:
        self.is_listening = True

    def getsockname(self) -> tuple[str, int]:
        return self.bound[0], 4321


def in_place_of_sockets(patch: pytest.MonkeyPatch, fault: OSError | None = None) -> list[Socket]:
    """Have the door make sockets that open no port; the loop's own are as they were."""
    made: list[Socket] = []

    def make(family: int, kind: int) -> Socket:
        made.append(Socket(family, kind, fault))
        return made[-1]

    patch.setattr(http, "socket", SimpleNamespace(**vars(socket) | {"socket": make}))
    return made


@pytest.mark.parametrize(("host", "url"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")])
def test_the_server_listens_before_it_says_so_and_keeps_the_limits_of_connections(
    host: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    uvicorn = pytest.importorskip("uvicorn", reason="python3 -m pip install 'devin-tools[mcp]'")
    from devin_tools.security.http_limits import BoundedProtocol

    opened = in_place_of_sockets(monkeypatch)
    served: list[Any] = []
    said: list[tuple[str, bool]] = []
    raised: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: raised.append(number))

    async def serve(server: Any, sockets: list[Any]) -> None:
        served.append((server.config, sockets))
        handler = asyncio.get_running_loop()._exception_handler  # type: ignore[attr-defined]
        assert handler is not None, "faults of the loop are a line"
        with server.capture_signals():
            signal.raise_signal(signal.SIGTERM)
            assert server.should_exit

    monkeypatch.setattr(uvicorn.Server, "serve", serve)
    monkeypatch.setattr(http, "app_over", lambda service, door: "the app")
    service: Any = None
    try:
        serve_http(service, TransportGuard(host), lambda text: said.append((text, opened[0].is_listening)))
        assert raised == [], "the signal is not raised again once the server has stopped"
        signal.raise_signal(signal.SIGTERM)
        assert raised == [signal.SIGTERM], "and who had it before has it again"
    finally:
        signal.signal(signal.SIGTERM, before)
    ((config, listeners),) = served
    assert said == [(f"http://{url}:4321/mcp", True)]
    assert listeners == opened and opened[0].bound == (host, 0) and opened[0].is_closed
    assert config.app == "the app" and config.http.func is BoundedProtocol and config.backlog <= 128
    assert (config.ws, config.access_log, config.lifespan) == ("none", False, "on")
    assert config.timeout_graceful_shutdown == http.GRACE_SECONDS


def test_a_port_that_cannot_be_had_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = in_place_of_sockets(monkeypatch, OSError(errno.EADDRINUSE, "Address already in use"))
    service: Any = None
    with pytest.raises(UsageError, match=r"^Port 80 cannot be used: Address already in use\."):
        serve_http(service, TransportGuard(port=80), lambda text: pytest.fail("it is not ready"))
    assert opened[0].is_closed


class Manager:
    """What the `mcp` package has for sessions over HTTP; it notes what comes through to it."""

    made: list[Manager] = []

    def __init__(self, server: Any, security_settings: Any) -> None:
        self.server, self.security = server, security_settings
        self.seen: list[str] = []
        self.is_running = False
        self.made.append(self)

    async def handle_request(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope["method"])

    @asynccontextmanager
    async def run(self) -> Any:
        self.is_running = True
        yield
        self.is_running = False


@contextmanager
def foreign_packages() -> Iterator[None]:
    """Stand in for what is not installed here: tests/external/mcp has the packages themselves."""
    with pytest.MonkeyPatch.context() as patch:
        parts = {
            "mcp.server.streamable_http_manager": {"StreamableHTTPSessionManager": Manager},
            "mcp.server.transport_security": {"TransportSecuritySettings": SimpleNamespace},
            "starlette.applications": {"Starlette": SimpleNamespace},
            "starlette.routing": {"Route": lambda path, endpoint: (path, endpoint)},
        }
        for name, holds in {"mcp": {}, "mcp.server": {}, "starlette": {}, **parts}.items():
            patch.setitem(sys.modules, name, SimpleNamespace(**holds))
        patch.setattr(http, "build", lambda service, listing: f"the server of {listing}")
        patch.setattr(Manager, "made", [])
        yield


def test_every_request_passes_the_gate_and_only_the_names_of_the_door_are_allowed() -> None:
    closed: list[bool] = []
    answers: list[int] = []

    async def send(message: Any) -> None:
        answers.append(message.get("status", 0))

    async def receive() -> Any:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def go() -> None:
        async def aclose() -> None:
            closed.append(any(manager.is_running for manager in Manager.made))

        service: Any = SimpleNamespace(verifier=SimpleNamespace(check=None), aclose=aclose)
        app = app_over(service, TransportGuard(names=("devin.example",), access=GUARDED))
        paths = ["/mcp", "/mcp/auto", "/mcp/full", "/mcp/core"]
        assert [path for path, _ in app.routes] == paths
        listings = [None, "auto", "full", "core"]
        assert [one.server for one in Manager.made] == [f"the server of {name}" for name in listings]
        for (path, gate), manager in zip(app.routes, Manager.made, strict=True):
            for given in ("", "Bearer wrong", f"Bearer {TOKEN}"):
                headers = [(b"host", b"localhost"), (b"authorization", given.encode())]
                scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
                await gate(scope, receive, send)
            assert manager.seen == ["POST"]
            names = {"127.0.0.1", "localhost", "[::1]", "devin.example"}
            hosts, origins = manager.security.allowed_hosts, manager.security.allowed_origins
            assert set(hosts) == names | {f"{name}:*" for name in names}
            assert set(origins) == {f"{scheme}://{name}" for name in hosts for scheme in ("http", "https")}
        async with app.lifespan(app):
            assert all(manager.is_running for manager in Manager.made) and not closed

    with foreign_packages():
        asyncio.run(go())
    assert [status for status in answers if status] == [401, 401] * 4
    assert closed == [False], "the connections are closed once no session runs"
