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
from devin_tools.errors import DevinToolsError, MissingSetting

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
    http = other._connections.opened()
    close(client)
    assert http.is_closed
    with pytest.raises(DevinToolsError, match="closed"):
        other._connections.opened()


@both
def test_after_the_end_nothing_is_sent_even_if_nothing_was_before(kind: Any) -> None:
    client = kind(LOOPBACK)
    close(client)

    async def run() -> Any:
        done = client.run(CreateSession(prompt="x"))
        return await done if kind is AsyncClient else done

    with pytest.raises(DevinToolsError, match="client is closed: it sends nothing more"):
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
    "a proxy of an unknown kind": ("HTTPS_PROXY", "gopher://canary:1"),
    "a proxy of an old kind": ("HTTPS_PROXY", "socks4://canary:1"),
    "a proxy that is not a URL": ("all_proxy", "http://canary:port:1"),
    "a password with a character that ends a host": ("https_proxy", "http://me:can#ary@proxy:1"),
    "a port out of range": ("ALL_PROXY", "http://canary:70000"),
    "a file of certificates that is not there": ("SSL_CERT_FILE", "/canary/file.pem"),
    "certificates in place of their file": ("SSL_CERT_FILE", "-----BEGIN CERTIFICATE----- canary"),
    "a folder in place of a file": ("SSL_CERT_FILE", "/"),
    "a folder of certificates that is not there": ("SSL_CERT_DIR", "/canary"),
    "a folder without hashed names": ("SSL_CERT_DIR", "/"),
    "a log of keys that cannot be written": ("SSLKEYLOGFILE", "/canary/folder/keys.log"),
}


@for_every("wrong", lambda: WRONG)
def test_an_environment_that_cannot_be_used_is_found_when_a_client_is_made(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, value = WRONG[wrong]
    with monkeypatch.context() as patch:
        patch.setenv(name, value)
        for kind in (Client, AsyncClient):
            with pytest.raises(MissingSetting, match=name) as caught:
                kind(SETTINGS)
            assert name in caught.value.hint and "canary" not in str(caught.value)
            kind(LOOPBACK)  # it uses neither


def test_to_look_at_the_environment_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setattr(httpx, "Client", None)
    Client(SETTINGS)


UNUSED = {
    "one of another scheme": {"HTTP_PROXY": "gopher://proxy:1"},
    "one that gives way": {"ALL_PROXY": "gopher://proxy:1", "HTTPS_PROXY": "http://proxy:1"},
    "one of hosts that are not asked": {"HTTPS_PROXY": "gopher://proxy:1", "NO_PROXY": ".devin.ai"},
    "one that is unset in small letters": {"HTTPS_PROXY": "gopher://proxy:1", "https_proxy": ""},
}


@for_every("unused", lambda: UNUSED)
def test_what_is_not_used_may_be_wrong(unused: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        for name, value in UNUSED[unused].items():
            patch.setenv(name, value)
        Client(SETTINGS)


def test_a_file_without_certificates_is_found_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty.pem").write_text("none here", encoding="utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "empty.pem"))
    with Client(SETTINGS) as client, pytest.raises(MissingSetting, match="SSL_CERT_FILE"):
        client.run(CreateSession(prompt="x"))
