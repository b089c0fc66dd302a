"""What only a real process shows: ports, signals, and that running calls end before it does."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from support.served_processes import HANG_SECONDS, TOKEN, environment, held_api, served, stop

from devin_tools import Simulator
from devin_tools.cli import cli

pytest.importorskip("uvicorn", reason="python3 -m pip install 'devin-tools[server]'")

SERVE = ["serve", "--port", "0"]
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
WITH_TOKEN = {"DEVIN_SERVE_TOKEN": TOKEN}
SESSION = {"session_id": "abc"}
GRACE = "200"
"""Seconds, so many that no slow machine needs them."""


def test_the_simulator_is_served_until_it_is_told_to_stop(tmp_path):
    """With a token in a file; one that comes in the environment is in the other tests."""
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n", encoding="utf-8")
    with served("--simulate", *SERVE, "--token-file", str(file)) as (process, url):
        assert url.startswith("http://127.0.0.1:")
        with httpx.Client(base_url=url, timeout=HANG_SECONDS) as client:
            document = client.get("/openapi.json").json()
            assert document["servers"] == [{"url": url}]
            assert client.get("/readyz").json() == {"status": "ready"}
            assert client.post("/tools/devin_get_self").status_code == 401
            client.headers.update(HEADERS)
            got = client.post("/tools/devin_list_sessions", json={"limit": 3})
            assert len(got.json()["sessions"]) == 3
            assert finished(client) == "finished"
        assert stop(process, signal.SIGINT) == (0, "", "")


def finished(client: httpx.Client) -> str:
    """Run a task to its end, which it comes to by itself; return how it ended."""
    got = client.post("/tools/devin_run_task", json={"prompt": "Look."}).json()
    while got["resume_with"]:
        rest = got["resume_with"]
        got = client.post(f"/tools/{rest['name']}", json=rest["arguments"]).json()
    return str(got["outcome"])


def test_a_server_that_is_stopped_at_once_stops():
    with served("--simulate", *SERVE, **WITH_TOKEN) as (process, _):
        assert stop(process) == (0, "", "")


def test_a_running_call_ends_before_the_server_does():
    with held_api() as api, served(*SERVE, "--grace", GRACE, **real(api.url)) as (process, url):
        with ThreadPoolExecutor(1) as threads:
            calling = threads.submit(call, url)
            assert api.asked.wait(HANG_SECONDS)
            process.send_signal(signal.SIGTERM)
            until_nobody_listens(url)
            assert process.poll() is None and not calling.done()
            api.let.set()
            _, err = process.communicate(timeout=HANG_SECONDS)
            answer = calling.result(HANG_SECONDS)
    assert (process.returncode, err) == (0, "")
    assert (answer.status_code, answer.json()["session_id"]) == (200, "abc")


def test_a_call_that_does_not_end_is_told_that_the_server_stops():
    with held_api() as api, served(*SERVE, "--grace", "1", **real(api.url)) as (process, url):
        with ThreadPoolExecutor(1) as threads:
            calling = threads.submit(call, url)
            assert api.asked.wait(HANG_SECONDS)
            code, _, err = stop(process)
            answer = calling.result(HANG_SECONDS)
    assert code == 0
    assert "Traceback" not in err
    assert (answer.status_code, answer.json()["error"]["kind"]) == (503, "stopping")


def until_nobody_listens(url: str) -> None:
    """Wait until a server that stops takes no more connections."""
    host, port = url.removeprefix("http://").split(":")
    end = time.monotonic() + HANG_SECONDS
    while time.monotonic() < end:
        try:
            socket.create_connection((host, int(port))).close()
        except OSError:
            return
        time.sleep(0.02)
    pytest.fail("the server goes on taking connections")


def real(api: str) -> dict[str, str]:
    return WITH_TOKEN | {"DEVIN_BASE_URL": api, "DEVIN_API_KEY": "cog_canary", "DEVIN_ORG_ID": "org-1"}


def call(url: str) -> httpx.Response:
    return httpx.post(f"{url}/tools/devin_get_session", json=SESSION, headers=HEADERS, timeout=HANG_SECONDS)


def test_broken_requests_and_an_unreachable_api_leave_no_secret_behind():
    with served("-v", *SERVE, **real("http://127.0.0.1:1"), DEVIN_MAX_TRIES="1") as (process, url):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"NO HTTP AT ALL\r\n\r\n")
            assert connection.recv(1000).startswith(b"HTTP/1.1 400")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(
                f"POST /tools/devin_get_self HTTP/1.1\r\nauthorization: Bearer {TOKEN}\r\n".encode()
            )
        assert call(url).json()["error"]["kind"] == "connection_failed"
        assert httpx.get(f"{url}/readyz", timeout=HANG_SECONDS).status_code == 503
        code, out, err = stop(process)
    assert (code, out) == (0, "")
    assert "POST /tools/devin_get_session -> 502 in " in err
    for text in (TOKEN, "cog_canary", "Traceback"):
        assert text not in err


def test_without_a_token_it_says_so_and_serves_the_chosen_tools_to_this_machine():
    chosen = ["--read-only", "--tools", "devin_get_self,devin_archive_session"]
    with served("--simulate", *SERVE, "--no-auth", *chosen) as (process, url):
        with httpx.Client(base_url=url, timeout=HANG_SECONDS) as client:
            assert client.post("/tools/devin_get_self").status_code == 200
            assert list(client.get("/openapi.json").json()["paths"]) == ["/tools/devin_get_self"]
            got = client.post("/tools/devin_archive_session", json=SESSION)
            assert (got.status_code, got.json()["error"]["kind"]) == (403, "refused")
        code, _, err = stop(process)
    assert (code, err) == (0, "warning: Every program on this machine can call it.\n")


def test_connections_that_send_nothing_keep_nobody_out_and_no_traceback_in_the_log():
    resource = pytest.importorskip("resource")
    few = ["-c", 'ulimit -Sn 160; exec "$0" "$@"', sys.executable, "-m", "devin_tools"]
    with ExitStack() as stack:
        process = stack.enter_context(
            subprocess.Popen(
                ["/bin/sh", *few, "-v", "--simulate", *SERVE],
                env=environment(**WITH_TOKEN),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(process.kill)
        url = process.stdout.readline().split(" at ")[1].split()[0]
        host, port = url.removeprefix("http://").split(":")
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 500
        for _ in range(400):
            connection = stack.enter_context(
                socket.create_connection((host, int(port)), timeout=HANG_SECONDS)
            )
            connection.sendall(b"POST /tools/x HTTP/1.1\r\nHost: x\r\n")
        answer = httpx.post(f"{url}/tools/devin_get_self", headers=HEADERS, timeout=HANG_SECONDS)
        assert answer.status_code == 200
        code, _, err = stop(process)
    assert code == 0 and "Traceback" not in err and err.count("EMFILE") <= 1


def test_a_request_with_two_ends_is_refused_and_what_is_behind_it_is_not_answered():
    with served("--simulate", *SERVE, "--no-auth") as (process, url):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=HANG_SECONDS) as connection:
            connection.sendall(
                b"POST /tools/devin_get_self HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n"
                b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            )
            got = b""
            while part := connection.recv(65536):
                got += part
        assert got.startswith(b"HTTP/1.1 400 ") and got.count(b"HTTP/1.1 ") == 1
        stop(process)


def test_who_pipelines_and_reads_nothing_keeps_nobody_out_and_who_reads_gets_each_answer():
    with ExitStack() as stack:
        process, url = stack.enter_context(served("--simulate", *SERVE, **WITH_TOKEN))
        host, port = url.removeprefix("http://").split(":")
        document = len(httpx.get(f"{url}/openapi.json", timeout=HANG_SECONDS).content)
        asked = f"GET /openapi.json HTTP/1.1\r\nHost: {host}\r\n".encode()
        for _ in range(300):
            connection = stack.enter_context(socket.create_connection((host, int(port)), HANG_SECONDS))
            connection.sendall((asked + b"\r\n") * 50)
        answer = httpx.post(f"{url}/tools/devin_get_self", headers=HEADERS, timeout=HANG_SECONDS)
        assert answer.status_code == 200
        with socket.create_connection((host, int(port)), HANG_SECONDS) as connection:
            connection.sendall((asked + b"\r\n") * 9 + asked + b"Connection: close\r\n\r\n")
            got = b""
            while part := connection.recv(1 << 20):
                got += part
        assert got.count(b"HTTP/1.1 200 ") == 10 and len(got) > 10 * document
        assert "Traceback" not in stop(process)[2]


POST = b"POST /tools/devin_get_self HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
RAW = {
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
    "an unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "two hosts": POST + b"Host: localhost\r\n\r\n",
    "a folded header": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n X: a\r\n: b\r\n\r\n",
    "a chunk size without end": CHUNKED + b"0" * 200_000,
    "a chunk extension without end": CHUNKED + b"1;" + b"x" * 200_000,
    "a head without end": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 200_000,
}


def test_requests_that_are_no_http_are_refused_and_the_next_caller_is_answered():
    with served("--simulate", *SERVE, "--no-auth") as (process, url):
        host, port = url.removeprefix("http://").split(":")
        for name, sent in RAW.items():
            with socket.create_connection((host, int(port)), timeout=HANG_SECONDS) as connection:
                got = b""
                with suppress(ConnectionError):  # it is closed while there is more to read
                    connection.sendall(sent)
                with suppress(ConnectionError):
                    got = connection.recv(65536)
            assert not got or got.startswith(b"HTTP/1.1 400 "), name
        assert httpx.post(f"{url}/tools/devin_get_self", timeout=HANG_SECONDS).status_code == 200
        code, _, err = stop(process)
    assert code == 0 and "Traceback" not in err


def refused(*words: str, monkeypatch: pytest.MonkeyPatch, **variables: str) -> tuple[int, str]:
    """Run, in this process, a command that cannot start; return its exit code and standard error."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    got = CliRunner().invoke(cli, list(words))
    return got.exit_code, got.stderr


@pytest.mark.parametrize(
    ("words", "variables", "code", "said"),
    [
        ([], {}, 3, "No server token is set."),
        ([], {"DEVIN_SERVE_TOKEN": "short"}, 3, "16 to 512"),
        (["--token-file", "no_such_file"], {}, 3, "no_such_file"),
        (["--no-auth", "--host", "0.0.0.0"], {}, 2, "loopback only"),
        (["--no-auth", "--token-file", "x"], {}, 2, "exclude each other"),
        (["--tools", "devin_get_sesion"], WITH_TOKEN, 2, "Did you mean devin_get_session"),
        (["--public-url", "tools.example"], WITH_TOKEN, 2, "must start with"),
        (["--host", "no such host"], WITH_TOKEN, 2, "cannot be used"),
    ],
)
def test_a_server_that_cannot_be_started_says_why(monkeypatch, words, variables, code, said):
    got, err = refused("--simulate", *SERVE, *words, monkeypatch=monkeypatch, **variables)
    assert got == code
    assert said in err
    assert "Traceback" not in err


def test_a_server_without_a_devin_key_is_not_started(monkeypatch):
    code, err = refused(*SERVE, monkeypatch=monkeypatch, **WITH_TOKEN)
    assert (code, "No API key is set." in err) == (3, True)


def test_a_taken_port_is_one_line(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        words = ["--simulate", "serve", "--port", port]
        code, err = refused(*words, monkeypatch=monkeypatch, **WITH_TOKEN)
    assert code == 2
    assert f"127.0.0.1, port {port}, cannot be used: Address already in use." in err
    assert err.count("\n") == 1


def test_a_missing_uvicorn_is_named_with_what_to_install(monkeypatch, simulator):
    import builtins

    from support.served_apps import simulated

    from devin_tools.errors import UsageError
    from devin_tools.server.uvicorn_server import Address, serve

    real_import = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "uvicorn":
            raise ImportError(name)
        return real_import(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match="needs uvicorn") as refusal:
        serve(simulated(simulator), Address(), grace_seconds=1, ready=print)
    assert "devin-tools[server]" in refusal.value.hint


def test_twenty_calls_at_once_with_one_key_start_one_session_and_count_once():
    simulator = Simulator(seed=1)
    given = WITH_TOKEN | {"DEVIN_API_KEY": "cog_simulator", "DEVIN_MAX_SESSIONS": "1"}
    with simulator.serve() as api, served(*SERVE, **given, DEVIN_BASE_URL=api.url) as (_, url):
        together = threading.Barrier(20)

        def create(_: int) -> dict[str, Any]:
            together.wait(HANG_SECONDS)
            body = {"prompt": "Look.", "idempotency_key": "k"}
            path = f"{url}/tools/devin_create_session"
            return dict(httpx.post(path, json=body, headers=HEADERS, timeout=HANG_SECONDS).json())

        with ThreadPoolExecutor(20) as threads:
            answers = list(threads.map(create, range(20)))
    assert [answer for answer in answers if "error" in answer] == []
    assert sorted(answer["creation"] for answer in answers) == ["adopted"] * 19 + ["created"]
    assert len({answer["session_id"] for answer in answers}) == len(simulator.world.sessions) == 1
