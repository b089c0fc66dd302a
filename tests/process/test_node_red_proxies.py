"""The Node-RED pack reads the environment's proxies as our own client does."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from support.node_red_code import NODE, run

from devin_tools.client.proxies import PORTS, proxy_to
from devin_tools.errors import MissingSetting

pytestmark = pytest.mark.skipif(NODE is None, reason="needs node")

READ = """
const { proxyTo } = require('./proxies.js');
const proxies = () => Object.keys(process.env).filter(name => /_proxy$/i.test(name));
const main = cases => cases.map(([environment, url]) => {
  proxies().forEach(name => delete process.env[name]);
  Object.assign(process.env, environment);
  try {
    const proxy = proxyTo(new URL(url));
    const host = proxy && (proxy.host.includes(':') ? `[${proxy.host}]` : proxy.host);
    return proxy && [proxy.name, proxy.kind, `${host}:${proxy.port}`, Boolean(proxy.user)];
  } catch (error) {
    return error.message;
  }
});
"""

API = "https://api.devin.ai"
P = "http://proxy.corp:3128"
EXCEPTIONS = [
    "*",
    "api.devin.ai",
    ".devin.ai",
    "*.devin.ai",
    "devin.ai",
    "DEVIN.AI",
    "API.DEVIN.AI:443",
    "api.devin.ai:8443",
    "other.test",
    "evil-devin.ai",
    "pi.devin.ai",
    "10.0.0.0/8",
    "10.1.2.3",
    "10.0.0.0/255.0.0.0",
    "[fd00::1]",
    "fd00::/8",
    "[fd00::]/8",
    "<local>",
    "https://api.devin.ai",
    '"devin.ai"',
    "10.0.0.0/99",
    "[::",
    "d*n.ai",
    ",,,",
    "api.devin.ai.",
    "api.*.ai",
]
HOSTS = (
    "https://api.devin.ai",
    "https://10.1.2.3",
    "https://[fd00::1]",
    "https://intern",
    "https://API.Devin.AI:8443",
)
CASES: list[tuple[Mapping[str, str], str]] = [
    *(({"HTTPS_PROXY": P, "NO_PROXY": entry}, host) for entry in EXCEPTIONS for host in HOSTS),
    ({"HTTPS_PROXY": P, "NO_PROXY": "a.test, b.test; devin.ai"}, API),
    ({"HTTPS_PROXY": P, "NO_PROXY": " other.test "}, API),
    ({"HTTPS_PROXY": P, "no_proxy": "", "NO_PROXY": "*"}, API),
    ({"https_proxy": "", "HTTPS_PROXY": P}, API),
    ({"https_proxy": "", "ALL_PROXY": P}, API),
    ({"https_proxy": "http://small:1", "HTTPS_PROXY": P}, API),
    ({"HTTP_PROXY": P}, API),
    ({"HTTP_PROXY": P}, "http://server.corp:8765"),
    ({"HTTPS_PROXY": P}, "http://server.corp:8765"),
    ({"ALL_PROXY": P}, "http://server.corp:8765"),
    ({"Https_Proxy": P}, API),
    *(({"HTTPS_PROXY": P}, f"https://{host}:9") for host in ("localhost", "127.0.0.1", "127.9.9.9", "[::1]")),
    *(
        ({"HTTPS_PROXY": text}, API)
        for text in (
            "proxy.corp:3128", "//proxy.corp:1", "proxy.corp", "HTTP://proxy.corp:1/", "https://proxy.corp",
            "http://anna:pass%40word@proxy.corp:1", "http://[fd00::2]:3128", "http://10.0.0.1:3128",
            "8080", "http://8080", "10.0:1", "http://", "http://:3128", "proxy.corp:0", "proxy.corp:70000",
            "ftp://proxy.corp", "http://a b", "http://user:p@ss/word@proxy.corp", "http://[fd00", "   ",
        )
    ),
]  # fmt: skip


def as_our_client(environment: Mapping[str, str], url: str, patch: pytest.MonkeyPatch) -> Any:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        patch.delenv(name)
    for name, value in environment.items():
        patch.setenv(name, value)
    parts = urlsplit(url)
    try:
        proxy = proxy_to(parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme])
    except MissingSetting as error:
        return error.message
    return proxy and [proxy.variable, proxy.kind, proxy.place, proxy.has_user]


def test_every_form_leads_where_it_leads_our_client() -> None:
    wrong = []
    for (environment, url), found in zip(CASES, run(READ, CASES), strict=True):
        with pytest.MonkeyPatch.context() as patch:
            wanted = as_our_client(environment, url, patch)
        is_refused = isinstance(wanted, str) and isinstance(found, str)
        if found != wanted and not (
            is_refused and found.startswith(wanted.partition(" of a kind")[0].rstrip("."))
        ):
            wrong.append((dict(environment), url, found, wanted))
    assert not wrong
