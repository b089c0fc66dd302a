"""The simulator as a real HTTP server on loopback, for clients in any language."""

from __future__ import annotations

import json
import math
import os
import socket
import struct
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from ..errors import PluginError
from ..version import USER_AGENT
from .bodies import Body, read_body
from .refusal import Refusal
from .response import Answer, http_date

if TYPE_CHECKING:
    from .api import SimulatedApi
    from .response import EventStream

MAX_UNREAD = 64 * 1024 * 1024
"""How much of a refused body is read and dropped, so that its sender gets to see the refusal."""
CONTROL = "/_simulator"
"""The simulator's own path, which the API does not have: its state, and a way to step the clock."""
LONGEST_STEP = 10 * 366 * 24 * 3600


class Server:
    """Serves a simulator on 127.0.0.1 until closed; `port=0` takes a free one."""

    def __init__(self, simulator: SimulatedApi, port: int = 0):
        self.simulator = simulator
        self._http = _HttpServer(("127.0.0.1", port), simulator)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        simulator.world.files.host = f"http://localhost:{self._http.server_port}"  # as another host
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        self._http.close_connections()


class _HttpServer(ThreadingHTTPServer):
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], simulator: SimulatedApi):
        self.simulator = simulator
        self.is_closing = False
        self._connections: list[tuple[Any, threading.Thread]] = []
        super().__init__(address, _RequestHandler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection on a thread of its own, and remember it until it ends."""
        work = self.process_request_thread
        thread = threading.Thread(target=work, args=(request, client_address), daemon=True)
        thread.start()
        self._connections = [item for item in self._connections if item[1].is_alive()]
        self._connections.append((request, thread))

    def close_connections(self) -> None:
        """End the connections that clients keep open, each after the answer it is at."""
        self.is_closing = True
        for connection, thread in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
            thread.join()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent: a client that went away is nobody's mistake."""


class _RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = f"{USER_AGENT} simulator"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60
    server: _HttpServer

    def _serve(self) -> None:
        path = self.path.partition("?")[0]
        is_ours = path == CONTROL or path.startswith(f"{CONTROL}/")
        try:
            body = self.server.simulator.body(
                {"content-type": "application/json"} if is_ours else self.headers
            )
            for piece in read_body(self.headers, self.rfile):
                body.take(piece)
        except Refusal as refusal:
            self._refuse(refusal)
            return
        try:
            if is_ours:
                answer = self._control(path, body)
            else:
                answer = self.server.simulator.receive(self.command, self.path, body, self.headers)
        except Refusal as refusal:
            answer = refusal.response(path)
        except PluginError as error:
            answer = Refusal(500, error.message).response(path)
        except Exception as error:
            answer = Refusal(500, f"The simulator raised {type(error).__name__}").response(path)
        self._deliver(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - names http.server calls
    do_HEAD = do_OPTIONS = do_TRACE = do_CONNECT = _serve  # noqa: N815

    def _control(self, path: str, body: Body) -> Answer:
        simulator = self.server.simulator
        if (self.command, path) == ("POST", f"{CONTROL}/step"):
            simulator.clock.step(_seconds(body))
        elif (self.command, path) == ("POST", f"{CONTROL}/fire"):
            return Answer(200, json.dumps({"session_ids": _fire(simulator, body)}).encode())
        elif (self.command, path) != ("GET", CONTROL):
            raise Refusal(404, "Not Found")
        state: dict[str, Any] = {
            "simulator": USER_AGENT,
            "now": simulator.clock.now(),
            "requests": len(simulator.requests),
            "faults": dict(simulator.faults.met) if simulator.faults else {},
            "sessions": len(simulator.world.sessions),
            "org_id": simulator.world.org_id,
        }
        return Answer(200, json.dumps(state).encode())

    def _refuse(self, refusal: Refusal) -> None:
        """Refuse a request that could not be read to its end, and take no other after it."""
        self.close_connection = True
        self._send(refusal.response(getattr(self, "path", "*").partition("?")[0]))
        left = MAX_UNREAD
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while left > 0 and (dropped := self.rfile.read1(65_536)):
                left -= len(dropped)

    def _deliver(self, answer: Answer) -> None:
        """Deliver an answer whole, in part, or not at all, as its fault says."""
        if answer.stream is not None and answer.delivery in ("whole", "cut"):
            self._send_events(answer, answer.stream)
        elif answer.delivery in ("whole", "cut"):
            self._send(answer)
        if answer.delivery == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())
        self.close_connection = self.close_connection or answer.delivery != "whole"

    def _wait(self, due: float) -> None:
        """Wait until a time of the simulator's clock, in small steps, so that the server can be closed."""
        clock = self.server.simulator.clock
        while not self.server.is_closing and (left := due - clock.now()) > 0:
            clock.sleep(min(left, 1.0))

    def _send(self, answer: Answer) -> None:
        self.close_connection = self.close_connection or self.server.is_closing
        headers = {
            "server": self.version_string(),
            "date": http_date(self.server.simulator.clock.now()),
            "content-type": "application/json",
            **answer.headers,
            "content-length": str(answer.length),
        }
        if self.close_connection:
            headers["connection"] = "close"
        self.send_response_only(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        late, due = answer.delay, self.server.simulator.clock.now() + answer.delay
        for piece in () if self.command == "HEAD" else answer.pieces():
            if late:  # a slow body: half of it, and the rest when its time has come
                self.wfile.write(piece[: len(piece) // 2])
                self.wfile.flush()
                self._wait(due)
                piece, late = piece[len(piece) // 2 :], 0.0
            self.wfile.write(piece)
        self._wait(due)
        self.wfile.flush()

    def _send_events(self, answer: Answer, stream: EventStream) -> None:
        """Send events as they come; the end of the connection is that of the stream."""
        simulator, self.close_connection = self.server.simulator, True
        self.send_response_only(answer.status)
        for name, value in {**answer.headers, "connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()
        while not self.server.is_closing and (piece := simulator.next_events(stream)) is not None:
            self.wfile.write(piece)
            self.wfile.flush()
            if answer.delivery == "cut":
                return
            self._wait(simulator.clock.now() + 1.0)

    def handle_expect_100(self) -> bool:
        """Send 100 Continue at once: in a buffer it would wait for the body that waits for it."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is not HTTP that this server knows, in the shape of every other refusal."""
        self._refuse(Refusal(405, "Method Not Allowed") if code == 501 else Refusal(code, "Not understood"))

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: a request line can hold what a person would not log."""


def _fire(simulator: SimulatedApi, body: Body) -> list[str]:
    try:
        given = dict(body.json() or {})
        event_type, fields = given["event_type"], given.get("fields") or {}
        if isinstance(event_type, str) and isinstance(fields, dict):
            return simulator.fire(event_type, fields, automation_id=given.get("automation_id"))
    except (ValueError, KeyError, TypeError):
        pass
    raise Refusal(422, 'Send {"event_type": "github:push", "fields": {}}')


def _seconds(body: Body) -> float:
    try:
        seconds = float((body.json() or {})["seconds"])
    except (ValueError, KeyError, TypeError):
        seconds = math.nan
    if not 0 <= seconds <= LONGEST_STEP:
        raise Refusal(422, 'Send {"seconds": 60}')
    return seconds
