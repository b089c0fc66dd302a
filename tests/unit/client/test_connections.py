"""When connections are opened, who shares them, and what is said of an environment that spoils them."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.laws import for_every

from devin_tools import AsyncClient, Client, CreateSession, Settings
from devin_tools.client import connections
from devin_tools.client.connections import Connections
from devin_tools.errors import MissingSetting

SETTINGS = Settings(api_key="cog_x", org_id="org-1")
LOOPBACK = Settings(api_key="cog_x", org_id="org-1", base_url="http://127.0.0.1:9")

both = pytest.mark.parametrize("kind", [Client, AsyncClient])


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "SSLKEYLOGFILE",
    ):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def close(client: Any) -> None:
    if isinstance(client, Client):
        client.close()
    else:
        asyncio.run(client.aclose())


@both
def test_none_are_opened_before_a_request(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx, kind.__name__, None)
    client = kind(SETTINGS)
    close(client.acting_as(org_id="org-2"))
    close(client)


def test_threads_that_ask_at_once_share_them() -> None:
    made: list[httpx.Client] = []

    def make(settings: Settings, transport: Any) -> httpx.Client:
        made.append(httpx.Client(trust_env=False, transport=httpx.MockTransport(lambda _: None)))
        return made[-1]

    shared = Connections(make, LOOPBACK, None)
    together, got = threading.Barrier(8), []

    def ask() -> None:
        together.wait()
        got.append(shared.opened())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and {id(one) for one in got} == {id(made[0])}
    assert shared.close() is made[0]


def test_a_process_that_was_forked_waits_for_no_thread_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    held = threading.Lock()
    with held:  # a thread that is not there after the fork was opening connections
        monkeypatch.setattr(connections, "_opening", held)
        connections._forget_opening()
        with Client(LOOPBACK) as client:
            assert isinstance(client._connections.opened(), httpx.Client)


@both
def test_a_client_for_another_account_shares_them_even_if_it_asks_first(kind: Any) -> None:
    client = kind(LOOPBACK)
    other = client.acting_as(org_id="org-2")
    assert other._connections.opened() is client._connections.opened()
    close(client)
    assert other._connections.opened().is_closed


@both
def test_after_the_end_nothing_is_sent_even_if_nothing_was_before(kind: Any) -> None:
    client = kind(LOOPBACK)
    close(client)

    async def run() -> Any:
        done = client.run(CreateSession(prompt="x"))
        return await done if kind is AsyncClient else done

    with pytest.raises(RuntimeError, match="closed"):
        asyncio.run(run())


@both
def test_a_transport_that_was_given_is_closed_though_nothing_was_sent(kind: Any) -> None:
    class Transport(httpx.MockTransport):
        ends = 0

        def close(self) -> None:
            self.ends += 1

        async def aclose(self) -> None:
            self.ends += 1

    transport = Transport(lambda request: httpx.Response(200))
    close(kind(SETTINGS, transport=transport))
    assert transport.ends == 1


WRONG = {
    "a proxy of an unknown kind": {"HTTPS_PROXY": "gopher://proxy:1"},
    "a proxy that is no URL": {"all_proxy": "http://proxy:port:1"},
    "a file of certificates that is not there": {"SSL_CERT_FILE": "/no/such/file.pem"},
    "a log of keys that cannot be written": {"SSLKEYLOGFILE": "/no/such/folder/keys.log"},
}


@for_every("wrong", lambda: WRONG)
def test_an_environment_that_cannot_be_used_is_found_when_a_client_is_made(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in WRONG[wrong].items():
        monkeypatch.setenv(name, value)
    for kind in (Client, AsyncClient):
        with pytest.raises(MissingSetting, match="certificates or proxies") as caught:
            kind(SETTINGS)
        assert "SSL_CERT_FILE" in str(caught.value) and "HTTPS_PROXY" in caught.value.hint
        kind(LOOPBACK)  # it uses neither
    for name in WRONG[wrong]:
        monkeypatch.delenv(name)


def test_a_file_without_certificates_is_found_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty.pem").write_text("none here", encoding="utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty.pem"))
    with Client(SETTINGS) as client, pytest.raises(MissingSetting, match="SSLError"):
        client.run(CreateSession(prompt="x"))
