"""Which proxy leads to a host, and what is said of one that cannot be used."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import product

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.laws import for_every

from devin_tools.client import proxies
from devin_tools.client.proxies import Bypass, proxy_to
from devin_tools.errors import MissingSetting


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(proxies, "find_spec", lambda name: name)


def read(text: str, variable: str = "HTTPS_PROXY") -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(variable, text)
        found = proxy_to("https", "api.devin.ai", 443)
    assert found is not None and found.variable == variable
    return found.url


FORMS = {
    "http://proxy:3128": "http://proxy:3128",
    "proxy:3128": "http://proxy:3128",
    "//proxy:3128/": "http://proxy:3128",
    " HTTP://Proxy.Corp:3128/\r\n": "http://proxy.corp:3128",
    "https://proxy": "https://proxy:443",
    "http://proxy.": "http://proxy.:80",
    "http://10.0.0.1:8080": "http://10.0.0.1:8080",
    "http://[::1]:8080": "http://[::1]:8080",
    "http://me:pass@proxy:1": "http://me:pass@proxy:1",
    "me:p@ss@proxy:1": "http://me:p@ss@proxy:1",
    "http://me:p%23ss@proxy:1/": "http://me:p%23ss@proxy:1",
    "http://b\u00fccher.example:1": "http://xn--bcher-kva.example:1",
    "socks://proxy/": "socks5://proxy:1080",
    "socks5h://proxy:9050": "socks5h://proxy:9050",
}


@for_every("text, url", FORMS.items)
def test_the_forms_that_people_write_are_read(text: str, url: str) -> None:
    assert read(text) == url == read(text, "all_proxy")


MALFORMED = [
    "http://", "http://:3128", "http://proxy:0", "http://proxy:99999", "http://proxy:port", "'http://proxy:1'",
    "http://::1:80", "http://[::1:80", "http://[canary]:1", "http://1.2.3:80", "http://999.1.1.1",
    "http://me:can#ary@proxy:1", "http://me:can/ary@proxy", "http://a b:1", "http://.proxy", "http://a..b",
    f"http://{'x' * 64}:1", "${PROXY}", "http://me:\x01@proxy:1", "socks4a://proxy", "ftp://proxy", "://proxy",
    "canary://proxy",
]  # fmt: skip


@for_every("text", lambda: MALFORMED)
def test_another_text_is_refused_by_its_variable_and_never_repeated(text: str) -> None:
    with pytest.raises(MissingSetting, match="HTTPS_PROXY") as caught:
        read(text)
    assert "canary" not in str(caught.value) and "ary@" not in str(caught.value)


def test_a_proxy_shows_neither_user_nor_password() -> None:
    found = proxies.read_proxy("HTTPS_PROXY", "http://canary:CANARY@proxy:3128/CANARY")
    assert str(found) == "http://(user)@proxy:3128"
    assert "canary" not in repr(found).lower()


def test_a_socks_proxy_without_what_speaks_to_it_is_refused_with_the_extra_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proxies, "find_spec", lambda name: None)
    with pytest.raises(MissingSetting, match=r"ALL_PROXY.*devin-tools\[socks\]"):
        read("socks5://127.0.0.1:1080", "ALL_PROXY")


CHOICES = {
    "nothing": ({}, None),
    "the scheme's own": ({"ALL_PROXY": "http://a:1", "HTTPS_PROXY": "http://b:1"}, "http://b:1"),
    "all": ({"ALL_PROXY": "http://a:1", "HTTP_PROXY": "http://c:1"}, "http://a:1"),
    "small letters": ({"https_proxy": "http://a:1", "HTTPS_PROXY": "http://b:1"}, "http://a:1"),
    "unset": ({"https_proxy": "", "HTTPS_PROXY": "http://b:1"}, None),
    "spaces": ({"HTTPS_PROXY": "  "}, None),
    "not for this host": ({"https_proxy": "http://a:1", "NO_PROXY": "devin.ai"}, None),
}


@for_every("name", lambda: CHOICES)
def test_one_variable_counts(name: str) -> None:
    given, url = CHOICES[name]
    with pytest.MonkeyPatch.context() as patch:
        for variable, value in given.items():
            patch.setenv(variable, value)
        found = proxy_to("https", "api.devin.ai", 443)
    assert (found.url if found else None) == url


COVERED = {
    "*": ["api.devin.ai", "10.0.0.1", "::1"],
    "devin.ai": ["devin.ai", "api.devin.ai", "API.Devin.AI."],
    ".devin.ai": ["devin.ai", "api.devin.ai"],
    "*.devin.ai": ["api.devin.ai"],
    "Devin.AI.": ["api.devin.ai"],
    "https://api.devin.ai/": ["api.devin.ai"],
    "api.devin.ai:443": ["api.devin.ai"],
    ".devin.ai:443": ["api.devin.ai"],
    "'localhost,api.devin.ai'": ["api.devin.ai", "localhost"],
    "localhost api.devin.ai": ["api.devin.ai", "localhost"],
    "localhost;api.devin.ai ,": ["api.devin.ai", "localhost"],
    "10.0.0.1": ["10.0.0.1"],
    "10.0.0.1:443": ["10.0.0.1"],
    "10.0.0.0/8": ["10.200.0.1"],
    "10.1.2.3/8": ["10.200.0.1"],
    "10.*": ["10.200.0.1"],
    "::1": ["::1", "[::1]"],
    "[::1]": ["::1"],
    "[::1]:443": ["::1"],
    "fd00::/8": ["fd12::1"],
    "[fd00::]/8": ["fd12::1"],
    "[fd00::/8]": ["fd12::1"],
    "fe80::1%eth0": ["fe80::1"],
    "<local>": ["build"],
    "[,://:x,a:b,,::1:::,localhost,::1,[::1],fd00::/8,api.devin.ai": ["api.devin.ai", "::1", "fd00::1"],
}
LEFT = {
    "devin.ai": ["notdevin.ai", "devin.ai.example", "10.0.0.1"],
    "api.devin.ai:8443": ["api.devin.ai"],
    "[::1]:8443": ["::1"],
    "10.0.0.0/8": ["11.0.0.1", "10.example"],
    "10.0.0.1": ["110.0.0.1", "a.10.0.0.1"],
    "<local>": ["api.devin.ai", "::1"],
    "": ["api.devin.ai"],
    ",;  '": ["api.devin.ai"],
    ".": ["api.devin.ai"],
}


@for_every("text, hosts, is_covered", lambda: [
    *((text, hosts, True) for text, hosts in COVERED.items()),
    *((text, hosts, False) for text, hosts in LEFT.items()),
])  # fmt: skip
def test_hosts_without_a_proxy_are_read_in_all_forms(text: str, hosts: list[str], is_covered: bool) -> None:
    for host in hosts:
        assert Bypass(text).covers(host, 443) == is_covered, (text, host)


def test_what_cannot_be_read_is_passed_over_and_counted() -> None:
    passed = Bypass("localhost,[,a:b,api.devin.ai,[x]:1")
    assert (passed.size, passed.unread) == (2, [2, 3, 5])


@for_every("text, end", lambda: product("[]:/%*.<>@ \x7f\u00e9", ["", ":", "]", "/"]))
def test_no_text_breaks_the_reading(text: str, end: str) -> None:
    assert Bypass(f"{text}{end},localhost").covers("localhost", 443) in (True, False)


@given(
    st.text(":/@#?[]%.\\ -_ab1\u00e9\u0661\u3002*$", max_size=24),
    st.sampled_from(["", "http://", "https://", "//"]),
)
def test_whatever_is_read_as_a_proxy_is_one_for_httpx_too(text: str, begin: str) -> None:
    with suppress(MissingSetting):
        found = proxies.read_proxy("HTTPS_PROXY", begin + text)
        assert httpx.Proxy(found.url).url.raw_host
        str(found).encode()
