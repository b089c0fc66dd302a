"""Connections: who keeps the server waiting is left, in time and for others; one end of a request."""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="python3 -m pip install 'devin-tools[server]'")

import h11
import uvicorn
from support.laws import for_every
from uvicorn.server import ServerState

from devin_tools.security.http_limits import (
    BoundedProtocol,
    ConnectionLimits,
    log_loop_errors,
    uvicorn_options,
)

LIMITS = ConnectionLimits(head_seconds=15, body_seconds=30, write_seconds=40, connections=3)
HEAD = b"POST /x HTTP/1.1\r\nhost: x\r\n"
BODY = HEAD + b"content-length: 5\r\n\r\n"


class Loop:
    """A loop whose time a test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []
        self.started: list[Timer] = []
        self.soon: deque[tuple[Callable[..., Any], tuple[Any, ...]]] = deque()

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, work: Callable[..., Any], *given: Any) -> Timer:
        self.timers.append(Timer(self.now + seconds, work, given))
        return self.timers[-1]

    def call_soon(self, work: Callable[..., Any], *given: Any) -> None:
        self.soon.append((work, given))

    def turn(self) -> None:
        """Do what waits now, as one round of a loop does."""
        for _ in range(len(self.soon)):
            work, given = self.soon.popleft()
            work(*given)

    def create_task(self, work: Any) -> Timer:
        work.close()
        self.started.append(Timer(0, print, ()))
        return self.started[-1]

    def step(self, seconds: float) -> None:
        self.now += seconds
        for timer in self.timers:
            if timer.due <= self.now and not timer.is_over:
                timer.is_over = True
                timer.work(*timer.given)


class Timer:
    def __init__(self, due: float, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
        self.due, self.work, self.given, self.is_over = due, work, given, False

    def cancel(self) -> None:
        self.is_over = True

    def add_done_callback(self, work: Callable[..., Any]) -> None:
        """Be a task, too, that never ends."""


class Wire:
    """The transport of a connection."""

    def __init__(self) -> None:
        self.written, self.unread, self.ended, self.is_read = b"", 0, "", True

    def get_extra_info(self, name: str) -> None:
        return None

    def write(self, data: bytes) -> None:
        self.written += data

    def get_write_buffer_size(self) -> int:
        return self.unread

    def is_closing(self) -> bool:
        return bool(self.ended)

    def set_write_buffer_limits(self, high: int) -> None:
        assert high == 0

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True

    def close(self) -> None:
        self.ended = self.ended or "closed"

    def abort(self) -> None:
        self.ended = "aborted"


class Server:
    """A server without a port."""

    def __init__(self, limits: ConnectionLimits = LIMITS) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            raise AssertionError("it is never run")

        self.loop, self.state, self.limits = Loop(), ServerState(), limits
        self.config = uvicorn.Config(app, **uvicorn_options(limits), ws="none", log_config=None)
        self.config.load()

    def taken(self, *data: bytes) -> tuple[BoundedProtocol, Wire]:
        wire = Wire()
        protocol: Any = self.config.http_protocol_class
        made = protocol(self.config, self.state, {}, _loop=self.loop)
        made.connection_made(wire)
        for part in data:
            made.data_received(part)
        return made, wire


@pytest.fixture
def server() -> Server:
    return Server()


@for_every(
    "case",
    lambda: [
        ("no head at all", (), 15, b""),
        ("a head that never ends", (HEAD,), 15, b"HTTP/1.1 408 "),
        ("a body that never ends", (BODY, b"12"), 30, b""),
    ],
)
def test_who_keeps_the_server_waiting_is_left(case: Any) -> None:
    _, data, seconds, said = case
    server = Server()
    _, wire = server.taken(*data)
    server.loop.step(seconds - 1)
    assert not wire.ended
    server.loop.step(1)
    assert wire.ended and wire.written.startswith(said) and (said or not wire.written)


def answer(made: BoundedProtocol) -> None:
    for event in (h11.Response(status_code=200, headers=[("content-length", "0")]), h11.EndOfMessage()):
        made.conn.send(event)
    made.cycle.response_complete = True
    made.on_response_complete()


GET = b"GET /x HTTP/1.1\r\nhost: x\r\n\r\n"


def test_a_further_request_waits_until_the_answer_before_is_taken(server: Server) -> None:
    made, wire = server.taken(GET * 3)
    made.pause_writing()
    answer(made)
    server.loop.turn()
    assert len(server.loop.started) == 1 and not wire.is_read
    server.loop.step(10)  # beyond the time that uvicorn keeps a connection without a request
    made.resume_writing()
    server.loop.turn()
    assert len(server.loop.started) == 2
    made.pause_writing()
    answer(made)
    wire.unread = 1
    server.loop.step(40)
    server.loop.turn()
    assert wire.ended == "aborted" and len(server.loop.started) == 2


def test_further_requests_are_begun_one_at_a_time_and_first_ones_at_once() -> None:
    server = Server(ConnectionLimits(connections=1000))
    many = [server.taken(GET * 50)[0] for _ in range(20)]
    for round in range(1, 41):
        for made in many:
            if not made.cycle.response_complete:
                answer(made)
        server.loop.turn()
        assert len(server.loop.started) == 20 + round
    server.taken(GET)
    assert len(server.loop.started) == 61


def test_a_request_behind_a_body_that_was_answered_early_waits_too(server: Server) -> None:
    made, _ = server.taken(HEAD + b"content-length: 5\r\n\r\n")
    answer(made)
    made.data_received(b"12345" + GET)
    assert len(server.loop.started) == 1
    server.loop.turn()
    assert len(server.loop.started) == 2


def test_a_further_request_that_comes_in_parts_is_read_to_its_end(server: Server) -> None:
    made, wire = server.taken(GET)
    answer(made)
    for part in (GET[:9], GET[9:20], GET[20:]):
        made.data_received(part)
        server.loop.turn()
        assert wire.is_read or part == GET[20:]
    assert len(server.loop.started) == 2 and not wire.ended


def test_who_waits_for_a_turn_makes_room_and_is_not_begun_any_more(server: Server) -> None:
    full = [server.taken(GET * 2) for _ in range(3)]
    for made, _ in full:
        answer(made)
        server.loop.step(1)
    server.taken(GET)
    assert Counter(wire.ended for _, wire in full) == {"": 2, "aborted": 1}
    for _ in range(9):
        server.loop.turn()
    assert len(server.loop.started) == 3 + 1 + 2


def test_what_trickles_in_after_the_answer_gets_no_more_time(server: Server) -> None:
    made, wire = server.taken(HEAD + b"content-length: 500\r\n\r\n")
    for event in (h11.Response(status_code=401, headers=[("content-length", "0")]), h11.EndOfMessage()):
        made.conn.send(event)
    made.cycle.response_complete = True
    made.on_response_complete()
    for _ in range(14):
        server.loop.step(1)
        made.data_received(b"1")
    assert not wire.ended
    server.loop.step(1)
    assert wire.ended == "aborted"


def test_a_head_that_trickles_gets_no_more_time(server: Server) -> None:
    made, wire = server.taken(HEAD)
    for number in range(14):
        server.loop.step(1)
        made.data_received(b"x-%d: y\r\n" % number)
    assert not wire.ended
    server.loop.step(1)
    assert wire.ended == "closed"


def test_who_waits_for_an_answer_is_not_left(server: Server) -> None:
    _, wire = server.taken(BODY, b"12345")
    server.loop.step(3600)
    assert not wire.ended


def test_a_reader_who_takes_nothing_is_left_and_a_slow_one_is_not(server: Server) -> None:
    (made, slow), (other, still) = server.taken(BODY, b"12345"), server.taken(BODY, b"12345")
    for protocol, wire in ((made, slow), (other, still)):
        wire.unread = 1_000_000
        protocol.pause_writing()
    slow.unread = 900_000
    server.loop.step(40)
    assert (slow.ended, still.ended) == ("", "aborted")
    server.loop.step(40)
    assert slow.ended == "aborted"


def test_a_reader_who_reads_on_is_waited_for_no_longer(server: Server) -> None:
    made, wire = server.taken(BODY, b"12345")
    wire.unread = 1_000_000
    made.pause_writing()
    assert made.waits_since == 0
    server.loop.step(39)
    made.resume_writing()
    assert made.waits_since is None
    server.loop.step(3600)
    assert not wire.ended
    made.pause_writing()  # and a new halt gets all of its time
    server.loop.step(39)
    assert not wire.ended
    server.loop.step(1)
    assert wire.ended == "aborted"


def test_a_full_server_leaves_who_has_kept_it_waiting_longest(server: Server) -> None:
    wires = []
    for data in ((BODY, b"12345"), (HEAD,), (BODY,)):
        wires.append(server.taken(*data)[1])
        server.loop.step(1)
    honest = server.taken(BODY, b"12345")[1]
    assert [wire.ended for wire in wires] == ["", "aborted", ""] and not honest.ended
    assert server.taken(BODY, b"12345")[1].ended == "" and wires[2].ended == "aborted"
    refused = server.taken()[1]  # all the others wait for answers
    assert refused.ended == "closed" and refused.written.startswith(b"HTTP/1.1 503 ")
    assert len(server.loop.started) == 4


def test_there_are_fewer_connections_than_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource")
    for soft, most in ((1024, 512), (256, 64), (20, 16), (1_000_000, 1000), (resource.RLIM_INFINITY, 1000)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, soft=soft: (soft, soft))
        assert ConnectionLimits().connections == most
        assert uvicorn_options(ConnectionLimits())["backlog"] <= 128


def test_where_descriptors_are_not_counted_there_is_a_limit_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert ConnectionLimits().connections == 512
    assert ConnectionLimits(connections=7).connections == 7


@for_every(
    "head",
    lambda: [
        [("content-length", "6"), ("transfer-encoding", "chunked")],
        [("Transfer-Encoding", "chunked"), ("Content-Length", "6")],
        [("transfer-encoding", "chunked"), ("version", "1.0")],
    ],
)
def test_a_request_with_two_ends_is_refused_and_nothing_behind_it_is_read(head: Any) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    version = "1.0" if ("version", "1.0") in head else "1.1"
    headers = [(name.encode(), value.encode()) for name, value in head]
    scope = {"type": "http", "http_version": version, "headers": headers}
    app = Server().taken()[0].app
    asyncio.run(app(scope, None, send))
    assert sent[0]["status"] == 400 and (b"connection", b"close") in sent[0]["headers"]


def test_a_full_table_of_descriptors_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.new_event_loop()
    log_loop_errors(loop)
    for _ in range(500):
        fault = OSError(errno.EMFILE, "Too many open files")
        loop.call_exception_handler({"message": "socket.accept() out of system resource", "exception": fault})
    loop.call_exception_handler({"message": "a task failed", "exception": ValueError("cog_secret")})
    loop.close()
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2
    assert not any(record.exc_info for record in caplog.records)
    assert "EMFILE" in caplog.text and "cog_secret" not in caplog.text
