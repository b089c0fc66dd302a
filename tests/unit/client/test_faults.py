"""What is said of a request that did not arrive, by how far it came and what stopped it."""

from __future__ import annotations

import errno
import socket
import ssl
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from support.laws import for_every

from devin_tools.client.faults import fault
from devin_tools.client.journey import Journey
from devin_tools.client.proxies import read_proxy
from devin_tools.errors import ConnectionFailed, ConnectionLost, NetworkError
from devin_tools.wire import Request

CREATE = Request("POST", "/v3/sessions", tool="devin_create_session")
PROXY = read_proxy("HTTPS_PROXY", "http://canary:canary@proxy.corp:3128")
PLAIN = read_proxy("https_proxy", "https://proxy.corp:3128")

CONNECT, TLS, PROXY_TLS = "connection.connect_tcp", "connection.start_tls", "connection.start_tls"
TUNNEL, INNER_TLS = ("http11.send_request_headers", b"CONNECT"), "proxy.start_tls"
SENT = ("http11.send_request_headers", b"POST")


def after(*steps: Any, proxy: Any = None) -> Journey:
    """Return a journey that came as far as these steps, the last of which failed."""
    journey = Journey()
    journey.begin("api.devin.ai", 443, proxy)
    for step in steps:
        name, method = step if isinstance(step, tuple) else (step, b"")
        journey.see(f"{name}.started", {"request": SimpleNamespace(method=method, extensions={})})
        journey.see(f"{name}.complete" if step != steps[-1] else f"{name}.failed", {})
    return journey


def failure(error: Exception, cause: BaseException | None = None) -> Exception:
    error.__cause__ = cause
    return error


def told(error: Exception, journey: Journey, **options: Any) -> NetworkError:
    got = fault(error, CREATE, journey, **options)
    assert isinstance(got, NetworkError) and "canary" not in str(got)
    return got


def untrusted(code: int = 20, message: str = "unable to get local issuer certificate") -> Exception:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, message
    return error


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


GROUP = ExceptionGroup("all", [OSError("first"), ConnectionRefusedError(111, "refused")])
BUSY = OSError(errno.ENETUNREACH, "Network is unreachable")

CAUSES: dict[str, tuple[BaseException, list[Any], Any, str, str]] = {
    "refused": (ConnectionRefusedError(), [CONNECT], None, "api.devin.ai refused", "DEVIN_BASE_URL"),
    "refused, asynchronous": (GROUP, [CONNECT], None, "api.devin.ai refused", "DEVIN_BASE_URL"),
    "no name": (socket.gaierror(-2, "canary"), [CONNECT], None, "api.devin.ai was not found", "HTTPS_PROXY"),
    "a name too long": (UnicodeError("canary"), [CONNECT], None, "was not found", "HTTPS_PROXY"),
    "no network": (BUSY, [CONNECT], None, "api.devin.ai cannot be reached", "network"),
    "reset": (ConnectionResetError(), [CONNECT, TLS], None, "broke the connection off", "network"),
    "late": (TimeoutError(), [CONNECT], None, "did not answer in time", "network"),
    "untrusted": (untrusted(), [CONNECT, TLS], None, "not trusted (TLS: unable", "SSL_CERT_FILE"),
    "another host": (untrusted(62), [CONNECT, TLS], None, "certificate that is not", "DEVIN_BASE_URL"),
    "expired": (untrusted(10, "certificate has expired"), [CONNECT, TLS], None, "has expired", "clock"),
    "no TLS": (tls("WRONG_VERSION_NUMBER"), [CONNECT, TLS], None, "does not speak TLS", "DEVIN_BASE_URL"),
    "old TLS": (tls("UNSUPPORTED_PROTOCOL"), [CONNECT, TLS], None, "(unsupported protocol)", "network"),
    "a proxy away": (ConnectionRefusedError(), [CONNECT], PROXY, "(proxy.corp:3128) refused", "HTTPS_PROXY"),
    "a proxy without TLS": (tls("WRONG_VERSION_NUMBER"), [CONNECT, TLS], PLAIN, "of https_proxy", "to http://"),
    "a proxy that signs": (
        untrusted(), [CONNECT, TUNNEL, INNER_TLS], PROXY, "api.devin.ai has a certificate", "SSL_CERT_FILE"
    ),
    "a proxy that hangs": (TimeoutError(), [CONNECT, TUNNEL], PROXY, "3128) did not answer", "HTTPS_PROXY"),
    "no proxy there": (ValueError(), [CONNECT, TUNNEL], PROXY, "as such a proxy does", "HTTPS_PROXY"),
}  # fmt: skip
LASTING = {"untrusted", "another host", "expired", "no TLS", "a proxy without TLS", "a proxy that signs"}
SLOW = {"late", "a proxy that hangs"}


@for_every("name", lambda: CAUSES)
def test_what_failed_is_named_with_its_cause_and_the_remedy(name: str) -> None:
    cause, steps, proxy, message, hint = CAUSES[name]
    kinds = (
        [httpx.ReadTimeout, httpx.ConnectTimeout] if name in SLOW else [httpx.ConnectError, httpx.ReadError]
    )
    for error in (failure(kind("canary"), cause) for kind in kinds):
        got = told(error, after(*steps, proxy=proxy))
        assert type(got) is ConnectionFailed
        assert message in got.message and "devin_create_session (POST) was not sent" in got.message
        assert hint in got.hint
        assert got.retryable == (name not in LASTING)
        assert got.is_immediate == (name not in LASTING | SLOW)
        assert not told(error, after(*steps, proxy=proxy), was_reached=True).is_immediate


PROXY_WORDS = {
    "407 Proxy Authentication Required": (
        "refuses the user and password that are in HTTPS_PROXY (407)",
        "%40",
    ),
    "403 Forbidden": ("refuses to connect to api.devin.ai (403)", "NO_PROXY"),
    "503 Service Unavailable": ("could not connect to api.devin.ai (503)", "HTTPS_PROXY"),
    "Invalid username/password": ("refuses the user and password", "HTTPS_PROXY"),
    "Proxy Server could not connect: Host unreachable.": ("could not connect", "HTTPS_PROXY"),
}


@for_every("text, words", PROXY_WORDS.items)
def test_what_a_proxy_answers_is_said_and_nothing_was_sent(text: str, words: tuple[str, str]) -> None:
    got = told(httpx.ProxyError(text), after(CONNECT, TUNNEL, proxy=PROXY))
    assert type(got) is ConnectionFailed and words[0] in got.message and words[1] in got.hint
    assert got.retryable == (words[0].startswith("could"))


def test_a_proxy_that_knows_nobody_wants_to_know_who_asks() -> None:
    proxy = read_proxy("ALL_PROXY", "proxy:1")
    got = told(httpx.ProxyError("407 x"), after(CONNECT, TUNNEL, proxy=proxy))
    assert "wants a user and a password (407)" in got.message and "ALL_PROXY" in got.hint


LOST = [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.RemoteProtocolError]


@for_every("kind", lambda: LOST)
def test_what_was_sent_may_have_arrived_and_what_was_not_did_not(kind: Any) -> None:
    assert type(told(kind("x"), after(CONNECT, TLS, SENT))) is ConnectionLost
    assert type(told(kind("x"), after(SENT))) is ConnectionLost  # over a connection that was there
    assert type(told(kind("x"), after(CONNECT, TUNNEL, INNER_TLS, SENT, proxy=PROXY))) is ConnectionLost
    assert type(told(kind("x"), after(CONNECT, TUNNEL, proxy=PROXY))) is ConnectionFailed
    assert type(told(kind("x"), after(CONNECT, TLS))) is ConnectionFailed


def test_a_proxy_that_is_not_used_for_a_host_is_told_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def hint() -> str:
        refused = failure(httpx.ConnectError("x"), ConnectionRefusedError())
        return told(refused, after(CONNECT)).hint or ""

    monkeypatch.setenv("https_proxy", "http://canary@proxy.corp:3128")
    monkeypatch.setenv("no_proxy", "localhost, .devin.ai")
    assert hint().startswith("NO_PROXY names api.devin.ai, so https_proxy is not used")
    monkeypatch.setenv("no_proxy", "localhost")
    assert hint().startswith("Check the base URL")
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("https_proxy", "")
    assert "set HTTPS_PROXY" in hint()


def test_a_socks_proxy_that_says_nothing_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    timers: list[Any] = []

    class Timer:
        def __init__(self, seconds: float, end: Any):
            self.end, self.is_over = end, False
            timers.append(self)

        def start(self) -> None:
            pass

        def cancel(self) -> None:
            self.is_over = True

    monkeypatch.setattr("threading.Timer", Timer)
    stream = SimpleNamespace(get_extra_info=lambda name: SimpleNamespace(shutdown=ended.append))
    journey = Journey()
    journey.begin("api.devin.ai", 443, PROXY)
    journey.see("socks.setup_socks5_connection.started", {"stream": stream})
    timers[0].end()
    assert ended == [socket.SHUT_RDWR] and journey.stage == "tunnel"
    journey.see("socks.setup_socks5_connection.complete", {})
    assert timers[0].is_over
