"""The simulator behind a real socket: what arrives broken creates nothing, and closing leaves nothing."""

from __future__ import annotations

import gc
import http.client
import json
import socket
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import httpx
import pytest
from support.laws import for_every
from support.tools import built_in

from devin_tools import Client, CreateSession, GetSelf, Simulator
from devin_tools.simulator.server import Server

HANG_SECONDS = 120.0

KEY = "authorization: Bearer cog_any\r\n"
JSON = "content-type: application/json\r\n"


@pytest.fixture
def server() -> Iterator[Server]:
    with Simulator(seed=7, catalog=built_in()).serve() as server:
        yield server


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    headers = {"authorization": "Bearer cog_any"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=HANG_SECONDS) as client:
        yield client


def sessions_path(server: Server) -> str:
    return f"/v3/organizations/{server.simulator.world.org_id}/sessions"


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=HANG_SECONDS)


def create(server: Server, headers: str) -> bytes:
    """Return the head of a create request."""
    return f"POST {sessions_path(server)} HTTP/1.1\r\nhost: x\r\n{KEY}{JSON}{headers}\r\n".encode()


def exchange(server: Server, *parts: bytes, end: bool = False) -> tuple[int, Any]:
    """Send raw bytes; `end` half-closes the connection after them. Return status and parsed body."""
    with connect(server) as connection:
        for part in parts:
            connection.sendall(part)
        if end:
            connection.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, json.loads(answer.read() or b"null")


def test_one_connection_carries_many_requests(server):
    with connect(server) as connection:
        for number in range(5):
            body = json.dumps({"prompt": f"Look {number}."}).encode()
            connection.sendall(create(server, f"content-length: {len(body)}\r\n") + body)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert answer.status == 200
            assert json.loads(answer.read())["status"] == "new"
    assert len(server.simulator.world.sessions) == 5


@for_every("sent", lambda: [b"", b'{"prompt": "Lo'])
def test_a_body_that_ends_early_is_refused_and_creates_nothing(server, sent):
    status, problem = exchange(server, create(server, "content-length: 20\r\n"), sent, end=True)
    assert (status, problem["status"]) == (400, 400)
    assert not server.simulator.world.sessions


def test_a_client_that_dies_in_mid_body_creates_nothing_and_disturbs_nobody(server, client, capfd):
    with connect(server) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        connection.sendall(create(server, "content-length: 20\r\n") + b'{"prompt"')
    assert client.get("/_simulator").json()["sessions"] == 0
    assert capfd.readouterr().err == ""


def test_a_body_in_chunks_is_read_whole(server):
    def pieces() -> Iterator[bytes]:
        yield from (b'{"prompt":', b' "Look."', b"}")

    headers = {"authorization": "Bearer cog_any", "content-type": "application/json"}
    with httpx.Client(base_url=server.url, headers=headers) as client:
        assert client.post(sessions_path(server), content=pieces()).status_code == 200
        assert client.get(sessions_path(server)).json()["total"] == 1


BROKEN_CHUNKS = [
    b"5\r\n{}",
    b"zz\r\n{}\r\n0\r\n\r\n",
    b"2\r\n{}more\r\n0\r\n\r\n",
    b"2\r\n{}\r\n",
    b"-2\r\n{}\r\n0\r\n\r\n",
]


@for_every("chunks", lambda: BROKEN_CHUNKS)
def test_broken_chunks_are_refused_and_create_nothing(server, chunks):
    status, _ = exchange(server, create(server, "transfer-encoding: chunked\r\n"), chunks, end=True)
    assert status == 400
    assert not server.simulator.world.sessions


MALFORMED = [
    "content-length: many\r\n",
    "content-length: -2\r\n",
    "content-length: +2\r\n",
    "content-length: 1_0\r\n",
    "content-length:\r\n",
    "content-length: 2\r\ncontent-length: 3\r\n",
    "content-length: 2\r\ntransfer-encoding: chunked\r\n",
    "transfer-encoding: gzip\r\n",
]


@for_every("headers", lambda: MALFORMED)
def test_a_malformed_length_is_refused(server, headers):
    status, problem = exchange(server, create(server, headers), b"{}", end=True)
    assert (status, problem["status"]) == (400, 400)


@for_every("length", lambda: ["8388609", "9" * 5_000])
def test_a_length_that_is_too_large_is_refused_before_the_body_comes(server, length):
    status, problem = exchange(server, create(server, f"content-length: {length}\r\n"), end=True)
    assert (status, problem["status"]) == (413, 413)


def test_whoever_sends_an_oversize_body_gets_to_read_the_refusal(server):
    head = create(server, "content-length: 30000000\r\n")
    assert exchange(server, head, b"x" * 30_000_000)[0] == 413
    headers = {"authorization": "Bearer cog_any", "content-type": "application/json"}
    with httpx.Client(base_url=server.url, headers=headers) as client:
        answer = client.post(sessions_path(server), content=b"x" * 9_000_000)
        assert (answer.status_code, answer.headers["connection"]) == (413, "close")
        assert client.get(sessions_path(server)).json()["total"] == 0


NO_OBJECTS = [b"{", b"[]", b'"text"', b"null", b'{"prompt": NaN}', b"\xff", b"[" * 100_000]


@for_every("body", lambda: NO_OBJECTS)
def test_a_body_that_is_no_json_object_is_refused(server, body):
    status, problem = exchange(server, create(server, f"content-length: {len(body)}\r\n"), body)
    assert (status, problem["errors"][0]["loc"]) == (422, ["body"])
    assert not server.simulator.world.sessions


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(server):
    body = b'{"prompt": "Look."}'
    with connect(server) as connection:
        connection.sendall(create(server, f"content-length: {len(body)}\r\nexpect: 100-continue\r\n"))
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        connection.sendall(body)
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


@for_every("method", lambda: ["OPTIONS", "TRACE", "BREW"])
def test_a_method_that_nobody_knows_is_refused_as_a_problem(server, method):
    status, problem = exchange(server, f"{method} {sessions_path(server)} HTTP/1.1\r\n{KEY}\r\n".encode())
    assert (status, problem["title"]) == (405, "Method Not Allowed")


def test_head_is_refused_without_a_body(server):
    with httpx.Client(base_url=server.url, headers={"authorization": "Bearer cog_any"}) as client:
        answer = client.head(sessions_path(server))
        assert (answer.status_code, answer.content) == (405, b"")
        assert client.get(sessions_path(server)).status_code == 200


GARBAGE = [b"\x16\x03\x01\x02\x00\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n"]


@for_every("garbage", lambda: GARBAGE)
def test_what_is_no_http_disturbs_nobody(server, client, garbage, capfd):
    with connect(server) as connection:
        connection.sendall(garbage)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(100_000)
    assert client.get("/_simulator").status_code == 200
    assert capfd.readouterr().err == ""


def test_eight_threads_create_two_hundred_sessions(server):
    settings = {"api_key": "cog_any", "org_id": server.simulator.world.org_id, "base_url": server.url}

    def work(thread: int) -> list[str]:
        with Client(**settings, guards=()) as client:
            return [client.run(CreateSession(prompt=f"{thread}")).session_id for _ in range(25)]

    with ThreadPoolExecutor(8) as threads:
        made = [session_id for ids in threads.map(work, range(8)) for session_id in ids]
    assert len(set(made)) == 200
    assert set(made) == set(server.simulator.world.sessions)


def test_the_control_path_tells_the_state_and_steps_the_clock(server):
    with httpx.Client(base_url=server.url) as client:
        before = client.get("/_simulator").json()
        after = client.post("/_simulator/step", json={"seconds": 60}).json()
    assert after["now"] - before["now"] == 60
    assert after["org_id"] == server.simulator.world.org_id


NO_STEPS = [b"", b"{", b"[]", b"{}", *(b'{"seconds": %s}' % n for n in (b'"soon"', b"-1", b"1e300", b"NaN"))]


@for_every("body", lambda: NO_STEPS)
def test_a_step_that_is_no_time_is_refused(server, client, body):
    before = server.simulator.clock.now()
    answer = client.post("/_simulator/step", content=body)
    assert (answer.status_code, server.simulator.clock.now()) == (422, before)


OTHER_PATHS = [("POST", ""), ("GET", "/step"), ("GET", "/x"), ("DELETE", "/step"), ("GET", "x")]


@for_every("method, path", lambda: OTHER_PATHS)
def test_other_control_paths_are_not_there(client, method, path):
    assert client.request(method, f"/_simulator{path}").status_code == 404


def test_a_handler_that_fails_is_answered_as_a_server_fault(capfd):
    def fails(world: Any, call: Any) -> Any:
        raise KeyError("cog_secret")

    catalog = built_in()
    catalog = replace(catalog, handlers={**catalog.handlers, GetSelf: fails})
    with Simulator(catalog=catalog).serve() as server:
        answer = httpx.get(f"{server.url}/v3/self", headers={"authorization": "Bearer cog_any"})
    assert answer.status_code == 500
    assert "fails, which answers devin_get_self, raised KeyError at " in answer.json()["detail"]
    assert "cog_secret" not in answer.text + "".join(capfd.readouterr())


def test_closing_ends_kept_connections_and_leaves_no_thread_and_no_socket(simulator):
    before = set(threading.enumerate())
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        with simulator.serve() as server:
            idle, used = connect(server), httpx.Client(base_url=server.url)
            used.get("/_simulator")
        assert set(threading.enumerate()) == before
        assert idle.recv(1) == b""
        with pytest.raises(httpx.TransportError):
            used.get("/_simulator")
        idle.close()
        used.close()
        gc.collect()


def test_closing_waits_for_the_answer_that_is_under_way(simulator):
    answers = []

    def slow(world: Any, call: Any) -> Any:
        started.set()
        let.wait(HANG_SECONDS)
        return {"principal_type": "service_user"}

    catalog = built_in()
    catalog = replace(catalog, handlers={**catalog.handlers, GetSelf: slow})
    started, let = threading.Event(), threading.Event()

    def ask() -> None:
        headers = {"authorization": "Bearer cog_any"}
        answers.append(httpx.get(f"{server.url}/v3/self", headers=headers, timeout=HANG_SECONDS).status_code)

    def let_when_it_closes() -> None:
        end = time.monotonic() + HANG_SECONDS
        with suppress(OSError):  # nobody listens any more
            while time.monotonic() < end:
                connect(server).close()
                time.sleep(0.01)
        let.set()

    with Simulator(catalog=catalog).serve() as server:
        asking, waiting = threading.Thread(target=ask), threading.Thread(target=let_when_it_closes)
        asking.start()
        assert started.wait(HANG_SECONDS)
        waiting.start()
    asking.join()
    waiting.join()
    assert answers == [200]


def test_two_servers_stand_side_by_side_and_a_taken_port_is_an_error(simulator):
    with simulator.serve() as one, simulator.serve() as two:
        assert one.url != two.url
        with pytest.raises(OSError, match="in use"):
            simulator.serve(port=int(one.url.rpartition(":")[2]))
