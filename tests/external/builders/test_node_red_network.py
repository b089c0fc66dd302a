"""The Node-RED pack behind proxies and private certificates, over real connections of a real Node-RED."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from external.builders.node_red_home import entrance, node_red, tool_node, user_directory
from external.builders.test_node_red import HOME, free_port
from support.networks import HOST, PrivateCA, TlsApi, http_proxy, listener, private_ca, socks_proxy, tls_api

from devin_tools import load_catalog
from devin_tools.export.builders.node_red import node_red_files

KEY = "cog_CANARY_network"
URL = f"https://{HOST}"
USER = "anna:pass@word"


@dataclass
class Network:
    """What there is to be reached, and what it was asked."""

    ca: PrivateCA
    api: TlsApi
    strict: TlsApi
    """Answers those alone who have a certificate."""
    proxy: int = 0
    guarded: int = 0
    """A proxy that wants a user and a password."""
    socks: int = 0
    seen: list[str] = field(default_factory=list)
    guarded_seen: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            patch.delenv(name)
        ca = private_ca(tmp_path_factory.mktemp("ca"))
        api = stack.enter_context(tls_api(ca))
        strict = stack.enter_context(tls_api(ca, wants_certificate=True))
        made = Network(ca, api, strict)
        made.proxy = stack.enter_context(listener(http_proxy(api.port, seen=made.seen)))
        made.guarded = stack.enter_context(listener(http_proxy(api.port, user=USER, seen=made.guarded_seen)))
        made.socks = stack.enter_context(listener(socks_proxy(api.port)))
        yield made


def tls(id_: str, **more: Any) -> dict[str, Any]:
    """Return a TLS configuration as the editor of Node-RED writes it."""
    empty = {"name": "", "cert": "", "key": "", "ca": "", "certname": "", "keyname": "", "caname": ""}
    checked = {"verifyservercert": True, "servername": "", "alpnprotocol": ""}
    return {"id": id_, "type": "tls-config", **checked, **empty, **more}


def account(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "type": "devin-account", "baseUrl": URL, "orgId": "org-1", "serverUrl": "", **more}


ACCOUNTS = ("trusting", "plain", "unchecked", "absent", "broken", "direct", "strict", "stranger", "proxied")
ACCOUNTS += ("unnamed", "server", "spoilt")


def flows(network: Network) -> list[dict[str, Any]]:
    ca, folder = str(network.ca.ca), network.ca.ca.parent
    own = {"cert": str(folder / "api.pem"), "key": str(folder / "api.key")}
    local, strict = f"https://localhost:{network.api.port}", f"https://127.0.0.1:{network.strict.port}"
    spoilt = folder / "spoilt.pem"
    spoilt.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", encoding="ascii")
    proxy = {"id": "proxy", "type": "http proxy", "url": f"http://127.0.0.1:{network.guarded}", "noproxy": []}
    configurations = [
        tls("ca", ca=ca),
        tls("unchecked-tls", verifyservercert=False),
        tls("missing", ca=str(folder / "nothing.pem")),
        tls("own", ca=ca, **own),
        tls("spoilt-tls", ca=str(spoilt), cert=str(spoilt), key=str(spoilt)),
        proxy,
        proxy | {"id": "nobody"},
    ]
    accounts = [
        account("trusting", tls="ca"),
        account("plain"),
        account("unchecked", tls="unchecked-tls"),
        account("absent", tls="never-made"),
        account("broken", tls="missing"),
        account("direct", tls="ca", baseUrl=local),
        account("strict", tls="own", baseUrl=strict),
        account("stranger", tls="ca", baseUrl=strict),
        account("proxied", tls="ca", proxy="proxy"),
        account("unnamed", tls="ca", proxy="nobody"),
        account("server", serverTls="ca", serverUrl=URL),
        account("spoilt", tls="spoilt-tls"),
    ]
    nodes: list[dict[str, Any]] = [{"id": "tab", "type": "tab", "label": "Tests"}]
    for name in ACCOUNTS:
        field_ = {"f_session_id": "abc", "f_session_idType": "str", "account": name}
        type_ = "devin-wait-session" if name == "server" else "devin-get-session"
        nodes.append(tool_node(f"get {name}", type_, ["out"], **field_))
        nodes += entrance(f"/{name}", f"get {name}")
    created = {"f_prompt": "x", "f_promptType": "str", "account": "plain"}
    nodes.append(tool_node("create", "devin-create-session", ["out"], **created))
    nodes += entrance("/create", "create")
    unique = {one["id"]: one for one in nodes}
    return [*configurations, *accounts, *unique.values()]


@contextmanager
def running(network: Network, folder: Path, **variables: str) -> Iterator[str]:
    pack = node_red_files([*load_catalog(plugins=())])
    user_directory(folder, pack, flows(network), {"key": KEY, "serverToken": "any"})
    secrets = folder / "flows_cred.json"
    user, _, password = USER.partition(":")
    known = json.loads(secrets.read_text(encoding="utf-8"))
    known["proxy"] = {"username": user, "password": password}
    secrets.write_text(json.dumps(known), encoding="utf-8")
    with node_red(HOME, folder, free_port(), **variables) as url:
        yield url
    log = (folder / "log.txt").read_text(encoding="utf-8")
    assert KEY not in log and password not in log


@pytest.fixture(scope="module")
def behind(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run Node-RED where only a proxy leads to the API."""
    variables = {
        "HTTPS_PROXY": f"http://127.0.0.1:{network.proxy}",
        "NO_PROXY": "10.0.0.0/8,[fd00::1],other.test",
    }
    with running(network, tmp_path_factory.mktemp("behind"), **variables) as url:
        yield url


def asked(url: str, name: str) -> Any:
    return httpx.post(f"{url}/{name}", json={}, timeout=60, trust_env=False).json()


@pytest.fixture
def quiet(network: Network) -> Network:
    for heard in (network.api.asked, network.strict.asked, network.seen, network.guarded_seen):
        heard.clear()
    return network


def test_a_proxy_of_the_environment_leads_to_a_host_with_a_private_ca(behind: str, quiet: Network) -> None:
    assert asked(behind, "trusting")["session_id"] == "devin-abc"
    assert quiet.seen == [f"CONNECT {HOST}:443 HTTP/1.1"]


def test_certificates_are_checked_unless_a_person_said_otherwise(behind: str, quiet: Network) -> None:
    told = asked(behind, "plain")["error"]
    assert "certificate is not trusted. Give its authority in the TLS configuration" in told
    assert quiet.api.asked == []
    assert asked(behind, "unchecked")["session_id"] == "devin-abc"


def test_a_create_whose_connection_failed_was_not_sent_and_says_so_at_once(
    behind: str, quiet: Network
) -> None:
    told = asked(behind, "create")["error"]
    assert "certificate is not trusted" in told and "may have" not in told
    assert quiet.api.asked == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("absent", "The TLS configuration of the account is not there, or not deployed."),
        ("broken", "The TLS configuration of the account cannot be used"),
        ("spoilt", "The TLS configuration of the account cannot be used"),
    ],
)
def test_a_configuration_that_cannot_be_used_stops_the_call(
    behind: str, quiet: Network, name: str, reason: str
) -> None:
    told = asked(behind, name)["error"]
    assert told.startswith(f"Error: {reason}") and told.endswith("Nothing was sent.")
    assert quiet.api.asked == [] and quiet.seen == []


def test_this_machine_is_reached_without_the_proxy(behind: str, quiet: Network) -> None:
    assert asked(behind, "direct")["session_id"] == "devin-abc"
    assert quiet.seen == []


def test_a_certificate_of_one_s_own_is_shown(behind: str, quiet: Network) -> None:
    assert asked(behind, "strict")["session_id"] == "devin-abc"
    quiet.strict.asked.clear()
    told = asked(behind, "stranger")["error"]
    assert "TLS configuration of the account" in told and quiet.strict.asked == []


def test_the_proxy_of_an_account_goes_before_the_environment(behind: str, quiet: Network) -> None:
    assert asked(behind, "proxied")["session_id"] == "devin-abc"
    assert len(quiet.guarded_seen) == 1 and quiet.seen == []


def test_a_proxy_that_wants_a_user_is_named(behind: str, quiet: Network) -> None:
    told = asked(behind, "unnamed")["error"]
    assert f"the proxy of the account (127.0.0.1:{quiet.guarded}) wants a user and a password (407)" in told
    assert told.endswith("Nothing was sent.") and quiet.api.asked == []


def test_the_tools_server_has_a_configuration_of_its_own(behind: str, quiet: Network) -> None:
    assert asked(behind, "server")["session_id"] == "devin-abc"
    assert quiet.api.asked == ["POST /tools/devin_wait_session"]


def test_the_button_uses_proxy_and_certificates(behind: str, quiet: Network) -> None:
    body = {"id": "trusting", "baseUrl": URL, "key": KEY}
    path = f"{behind}/devin-tools/test"
    assert httpx.post(path, json=body | {"tls": "ca", "proxy": "_ADD_"}, trust_env=False).json()["ok"] is True
    assert "not trusted" in httpx.post(path, json=body, trust_env=False).json()["reason"]
    assert quiet.seen == [f"CONNECT {HOST}:443 HTTP/1.1"] * 2


def test_a_socks_proxy_for_everything_leads_there_too(
    network: Network, tmp_path: Path, quiet: Network
) -> None:
    with running(network, tmp_path, all_proxy=f"socks5h://127.0.0.1:{network.socks}") as url:
        assert asked(url, "trusting")["session_id"] == "devin-abc"
    assert quiet.seen == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ftp://SPOIL:21", "HTTPS_PROXY names a proxy of a kind that is not supported"),
        ("http://user:SPOIL@", "HTTPS_PROXY does not name a proxy"),
        ("http://user:SPOIL@127.0.0.1:1", "There is no connection to the proxy of HTTPS_PROXY (127.0.0.1:1)"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_told_by_its_variable(
    network: Network, tmp_path: Path, quiet: Network, text: str, reason: str
) -> None:
    with running(network, tmp_path, HTTPS_PROXY=text) as url:
        told = asked(url, "trusting")["error"]
        assert asked(url, "direct")["session_id"] == "devin-abc"
    assert told.startswith(f"Error: {reason}") and "SPOIL" not in told
