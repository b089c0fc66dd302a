"""Proxies and certificates over real connections. Each test holds for both clients."""

from __future__ import annotations

import os
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.networks import (
    HOST,
    PrivateCA,
    TlsApi,
    http_proxy,
    listener,
    private_ca,
    socks_proxy,
    tls_api,
)

from devin_tools.api import CreateSession, GetSession
from devin_tools.client import journey
from devin_tools.client.clock import WallClock
from devin_tools.errors import Ambiguous, ConnectionFailed, DevinToolsError

CREATE = CreateSession(prompt="Look.", max_acu_limit=1)
READ = GetSession(session_id="abc")
URL = f"https://{HOST}"

Run = Callable[..., Any]
Serve = Callable[[socket.socket], None]


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> PrivateCA:
    return private_ca(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def shared_api(ca: PrivateCA) -> Iterator[TlsApi]:
    with tls_api(ca) as api:
        yield api


@pytest.fixture
def api(shared_api: TlsApi) -> TlsApi:
    shared_api.asked.clear()
    shared_api.delay = 0.0
    return shared_api


@pytest.fixture(autouse=True)
def trusted(ca: PrivateCA, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(ca.ca))


@pytest.fixture
def run(with_client: Any) -> Run:
    """Run a call by the wall clock: what is told soon is told soon."""

    def go(call: Any, base_url: str = URL, **options: Any) -> Any:
        options = {"clock": WallClock(), "base_url": base_url, "connect_timeout": 1.0, **options}
        return with_client(None, lambda perform: perform("run", call), **options)

    return go


def failed(run: Run, call: Any = CREATE, base_url: str = URL, **options: Any) -> DevinToolsError:
    """Run a call that cannot be sent; return why, which is told within two seconds."""
    started = time.monotonic()
    with pytest.raises(ConnectionFailed) as caught:
        run(call, base_url, max_sessions=1, **options)
    assert time.monotonic() - started < 2
    assert "was not sent" in caught.value.message
    return caught.value


def test_a_private_ca_is_trusted_by_its_file(run: Run, api: TlsApi) -> None:
    assert run(CREATE, f"https://localhost:{api.port}").session_id == "devin-abc"
    assert len(api.asked) == 1


def test_a_private_ca_that_is_not_known_is_told_at_once_with_the_remedy(
    run: Run, api: TlsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    error = failed(run, base_url=f"https://localhost:{api.port}")
    assert f"localhost:{api.port} has a certificate that is not trusted" in error.message
    assert "SSL_CERT_FILE" in error.hint and (error.tries, error.retryable, api.asked) == (1, False, [])


def test_a_certificate_of_another_host_is_told(run: Run, api: TlsApi) -> None:
    error = failed(run, base_url=f"https://127.0.0.2:{api.port}")
    assert "127.0.0.2" in error.message
    with listener(http_proxy(api.port)) as port, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        error = failed(run, base_url="https://api.other.test")
    assert "api.other.test has a certificate that is not trusted" in error.message
    assert "DEVIN_BASE_URL" in error.hint


def test_a_proxy_tunnels_and_keeps_the_tunnel(run: Run, api: TlsApi, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    with listener(http_proxy(api.port, user="me:p@ss", seen=seen)) as port:
        monkeypatch.setenv("https_proxy", f"http://me:p%40ss@127.0.0.1:{port}/")
        monkeypatch.setenv("NO_PROXY", "localhost,[::1],fd00::/8,x:y")
        assert run(CREATE).session_id == "devin-abc"
    assert seen == [f"CONNECT {HOST}:443 HTTP/1.1"] and len(api.asked) == 1


def test_a_proxy_behind_tls_with_a_private_ca_tunnels(
    run: Run, api: TlsApi, ca: PrivateCA, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca.chain)

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            http_proxy(api.port)(wrapped)

    with listener(serve) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"https://localhost:{port}")
        assert run(READ).session_id == "devin-abc"


def test_this_machine_is_reached_directly(run: Run, api: TlsApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    for host in ("localhost", "127.0.0.1"):
        assert run(READ, f"https://{host}:{api.port}").session_id == "devin-abc"


def test_a_host_of_no_proxy_is_looked_up_here(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", ".private.test")
    assert f"{HOST} was not found" in failed(run).message


def test_a_slow_answer_through_a_tunnel_has_the_time_of_an_answer(
    run: Run, api: TlsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journey, "TUNNEL_SECONDS", 0.3)
    api.delay = 0.6
    with listener(http_proxy(api.port)) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        assert run(READ, max_tries=1).session_id == "devin-abc"


def test_what_was_not_sent_is_not_counted(with_client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://nobody.invalid")

    async def work(perform: Any) -> None:
        for _ in range(2):  # the second would be refused
            with pytest.raises(ConnectionFailed):
                await perform("run", CREATE)

    with_client(None, work, base_url=URL, max_sessions=1)


def answering(answer: bytes) -> Serve:
    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    return serve


REFUSALS: dict[str, tuple[bytes, str, str]] = {
    "who are you": (b"HTTP/1.1 407 Who\r\n\r\n", "wants a user and a password (407)", "HTTPS_PROXY"),
    "not there": (b"HTTP/1.1 403 No\r\n\r\n", f"refuses to connect to {HOST} (403)", "NO_PROXY"),
    "cannot": (b"HTTP/1.1 503 Down\r\n\r\n", f"could not connect to {HOST} (503)", "DEVIN_BASE_URL"),
    "nothing": (b"", "as such a proxy does", "HTTPS_PROXY"),
    "garbage": (b"220 mail ESMTP\r\n", "as such a proxy does", "HTTPS_PROXY"),
    "a page": (b"HTTP/1.1 302 Login\r\nLocation: http://x/\r\n\r\n", "could not connect", "HTTPS_PROXY"),
    "half a tunnel": (b"HTTP/1.1 200 OK\r\n\r\n", f"{HOST} ", "network"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_proxy_that_refuses_is_told_and_nothing_is_looked_for(
    name: str, run: Run, api: TlsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, message, hint = REFUSALS[name]
    with listener(answering(answer)) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        error = failed(run)
    assert message in error.message and hint in error.hint and api.asked == []


def test_a_user_that_a_proxy_does_not_know_is_told_and_not_shown(
    run: Run, api: TlsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listener(http_proxy(api.port, user="me:right")) as port:
        monkeypatch.setenv("ALL_PROXY", f"http://me:CANARY@127.0.0.1:{port}")
        error = failed(run)
    assert "refuses the user and password that are in ALL_PROXY (407)" in error.message
    assert "CANARY" not in str(error)


def test_a_proxy_that_hangs_did_not_pass_anything_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with listener(lambda connection: connection.recv(65536) and connection.recv(1)) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        monkeypatch.setattr(journey, "TUNNEL_SECONDS", 0.3)
        with pytest.raises(ConnectionFailed, match="did not answer in time") as caught:
            run(CREATE, max_tries=1)
    assert f"127.0.0.1:{port}" in caught.value.message


def test_a_proxy_that_speaks_no_tls_is_told_how_to_be_written(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listener(answering(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"https://127.0.0.1:{port}")
        error = failed(run)
    assert "does not speak TLS" in error.message and "HTTPS_PROXY to http://" in error.hint


NOBODY = {
    "a port that nobody has": ("https://localhost:1", {}, "localhost:1 refused"),
    "a name that nobody has": ("https://nobody.invalid", {}, "nobody.invalid was not found"),
    "a proxy that is not there": (URL, {"HTTPS_PROXY": "127.0.0.1:1"}, "HTTPS_PROXY (127.0.0.1:1) refused"),
    "a proxy without a name": (
        URL,
        {"ALL_PROXY": "http://nobody.invalid"},
        "ALL_PROXY (nobody.invalid:80) was",
    ),
    "plain HTTP": ("http://127.0.0.1:1", {}, "127.0.0.1:1 refused"),
}


@pytest.mark.parametrize("name", NOBODY)
def test_an_unreachable_host_is_named_with_the_cause_within_two_seconds(
    name: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, variables, message = NOBODY[name]
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    error = failed(run, base_url=url)
    assert message in error.message and error.tries == 3


def test_an_answer_that_is_lost_after_sending_stays_ambiguous(
    run: Run, ca: PrivateCA, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca.chain)

    def serve(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            wrapped.recv(65536)

    with listener(serve) as inner, listener(http_proxy(inner)) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        with pytest.raises(Ambiguous):
            run(CREATE, max_tries=1, tag_creates=False)


def test_a_socks_proxy_leads_to_the_api(run: Run, api: TlsApi, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("socksio", reason="python3 -m pip install 'devin-tools[socks]'")
    for kind in ("socks", "socks5", "socks5h"):
        with listener(socks_proxy(api.port)) as port:
            monkeypatch.setenv("ALL_PROXY", f"{kind}://127.0.0.1:{port}")
            assert run(READ).session_id == "devin-abc"


def test_a_socks_proxy_that_is_silent_or_none_is_told(
    run: Run, api: TlsApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("socksio", reason="python3 -m pip install 'devin-tools[socks]'")
    monkeypatch.setattr(journey, "TUNNEL_SECONDS", 0.2)
    for serve in (
        socks_proxy(api.port, answers=False),
        answering(b"HTTP/1.1 400 Bad\r\n\r\n"),
        answering(b"\x05\xff"),
    ):
        with listener(serve) as port:
            monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{port}")
            assert "The proxy of ALL_PROXY" in failed(run).message


def test_a_folder_of_certificates_counts(
    run: Run, api: TlsApi, ca: PrivateCA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import subprocess

    (tmp_path / "ca.pem").write_bytes(ca.ca.read_bytes())
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with pytest.raises(DevinToolsError, match="openssl rehash"):
        run(READ, f"https://localhost:{api.port}")
    subprocess.run(["openssl", "rehash", str(tmp_path)], check=True, capture_output=True)
    assert run(READ, f"https://localhost:{api.port}").session_id == "devin-abc"
