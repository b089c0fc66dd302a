"""What the clients do with real connections and in real time. Each test holds for both clients."""

from __future__ import annotations

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from devin_tools.api import GetSelf, GetSession, Principal
from devin_tools.client.clock import WallClock
from devin_tools.errors import ConnectionFailed
from devin_tools.flow import Now, Pause


def test_connections_are_reused(with_client) -> None:
    accepted: list[Any] = []

    class Server(ThreadingHTTPServer):
        def get_request(self) -> Any:
            accepted.append(1)
            return super().get_request()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    async def work(perform: Any) -> None:
        for _ in range(5):
            assert await perform("run", GetSelf()) == Principal()

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        with_client(None, work, base_url=f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert len(accepted) == 1


def test_by_the_wall_clock_a_pause_takes_real_time(with_client) -> None:
    def flow() -> Any:
        began = yield Now()
        yield Pause(0.05)
        return began, (yield Now())

    before = time.time()
    began, ended = with_client(None, lambda perform: perform("drive", flow()), clock=WallClock())
    assert ended - began >= 0.045 and began >= before


def test_nobody_listening_is_a_failed_connection(with_client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    with pytest.raises(ConnectionFailed):
        with_client(
            None,
            lambda perform: perform("run", GetSession(session_id="abc")),
            base_url=f"http://127.0.0.1:{port}",
        )
