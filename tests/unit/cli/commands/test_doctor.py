"""`doctor` says what is there and what is missing, and never shows the key."""

from __future__ import annotations

import os
import re
from importlib.metadata import EntryPoint

import certifi
import httpx
import pytest
from support.laws import for_every
from support.shell import at_terminal, in_place_of_the_network, run, simulated

from devin_tools import Simulator, catalog
from devin_tools.cli.commands import doctor
from devin_tools.settings import VARIABLES
from devin_tools.simulator.principals import Principal

KEY = "cog_CANARY_d0c70r"
URL = "http://127.0.0.1:1"


@pytest.fixture
def reached(monkeypatch):
    """An API that answers one key, and is named in the environment."""
    monkeypatch.setenv("DEVIN_BASE_URL", URL)
    with in_place_of_the_network(Simulator(keys={KEY: {"ViewOrgSessions"}})):
        yield


def test_all_is_well_in_the_simulator():
    ran = simulated("doctor")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["ok"] is True
    assert ran.json["settings"]["api_key"]["source"] == "simulator"
    assert ran.json["self"]["principal_type"] == "service_user"


def test_a_key_of_the_enterprise_is_told_that_its_own_tools_work(monkeypatch):
    monkeypatch.setenv("DEVIN_BASE_URL", URL)
    monkeypatch.setenv("DEVIN_API_KEY", KEY)
    theirs = Principal("service-user-enterprise", "Enterprise", org_id=None)
    with in_place_of_the_network(Simulator(keys={KEY: theirs})):
        ran = run("doctor")
    assert ran.code == 3
    assert "only tools of the enterprise work without it" in ran.err


def test_sources_are_named_and_the_key_is_not_shown(reached, tmp_path):
    (tmp_path / "env").write_text(f"DEVIN_API_KEY={KEY}\n")
    words = ["--env-file", f"{tmp_path}/env", "-v", "doctor"]
    ran = run(*words)
    assert ran.code == 0
    settings = ran.json["settings"]
    assert settings["api_key"] == {
        "kind": "service user key or personal access token (cog_)",
        "source": f"file {tmp_path}/env",
    }
    assert settings["base_url"] == {"value": URL, "source": "environment"}
    assert settings["org_id"]["value"] is None
    assert ran.json["self"]["org_id"].startswith("org-")
    assert KEY not in ran.out + ran.err


def test_a_person_sees_the_same_without_the_key(reached):
    ran = at_terminal("doctor", DEVIN_API_KEY=KEY)
    assert ran.code == 0
    assert "(environment)" in ran.out
    assert "answers: service_user" in ran.out
    assert KEY not in ran.out


@pytest.mark.parametrize(
    ("variables", "code", "kind"),
    [
        ({}, 3, "missing_setting"),
        ({"DEVIN_API_KEY": f"apk_{KEY}"}, 3, "missing_setting"),
        ({"DEVIN_API_KEY": f"{KEY} {KEY}"}, 3, "missing_setting"),
        ({"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": "http://example.com"}, 3, "missing_setting"),
        ({"DEVIN_API_KEY": KEY, "DEVIN_ORG_ID": "mine"}, 3, "missing_setting"),
        ({"DEVIN_API_KEY": KEY, "DEVIN_ORG_ID": "org-of-others"}, 3, "missing_setting"),
        ({"DEVIN_API_KEY": f"{KEY}_revoked"}, 5, "unauthenticated"),
    ],
)
def test_what_stops_calls_gives_an_exit_code(reached, monkeypatch, variables, code, kind):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    ran = run("doctor")
    assert ran.code == code
    assert ran.json["ok"] is False
    assert [error["kind"] for error in ran.json["errors"]] == [kind]
    assert ran.err.startswith("error: ")
    assert KEY not in ran.out + ran.err


def test_the_rules_in_force_are_told_with_their_sources(monkeypatch, tmp_path):
    (tmp_path / "env").write_text("DEVIN_MAX_ACU=5\nDEVIN_READ_ONLY=1\n")
    monkeypatch.setenv("DEVIN_DENIED_TOOLS", "devin_terminate_session")
    monkeypatch.setenv("DEVIN_READ_ONLY", "0")
    rules = run("--env-file", f"{tmp_path}/env", "doctor").json["rules"]
    assert rules["max_acu"] == {"value": 5, "source": f"file {tmp_path}/env"}
    assert rules["read_only"] == {"value": False, "source": "environment"}
    assert rules["denied_tools"] == {"value": ["devin_terminate_session"], "source": "environment"}
    assert rules["max_tries"] == {"value": 5, "source": "default"}
    assert set(rules) == set(VARIABLES) - {"api_key", "org_id", "base_url"}


def test_a_variable_that_is_nearly_a_setting_is_told(monkeypatch, tmp_path):
    (tmp_path / "env").write_text("export DEVIN_MAX_ACUS=5\nDEVIN_API_KEY=CANARY\nDEVIN_MAX_ACU=4\n")
    monkeypatch.setenv("DEVIN_READONLY", "CANARY")
    for other in ("DEVIN_MCP_TOKEN", "DEVIN_SERVE_TOKEN", "DEVIN_HOOK_SECRET", "DEVIN_TOOLS_PLUGINS"):
        monkeypatch.setenv(other, "devin")
    assert simulated("--env-file", f"{tmp_path}/env", "doctor").err.splitlines() == [
        "warning: No setting is read from DEVIN_MAX_ACUS. Did you mean DEVIN_MAX_ACU?",
        "warning: No setting is read from DEVIN_READONLY. Did you mean DEVIN_READ_ONLY?",
    ]


def test_a_person_reads_the_rules_in_words():
    given = {"DEVIN_CONFIRM": "1", "DEVIN_ALLOWED_TOOLS": "devin_a, devin_b", "DEVIN_MAX_RETRY_SECONDS": "90"}
    plain = re.sub(r"\x1b\[\d*m", "", at_terminal("doctor", **given).out)
    shown = [" ".join(line.split()) for line in plain.splitlines()]
    for line in (
        "confirm yes (environment)",
        "allowed_tools devin_a, devin_b (environment)",
        "max_retry_seconds 90 (environment)",
        "read_only no (default)",
        "max_acu no limit (default)",
        "denied_tools none (default)",
    ):
        assert line in shown


def test_a_rule_that_is_malformed_is_said(monkeypatch):
    monkeypatch.setenv("DEVIN_MAX_ACU", "lots")
    ran = run("doctor")
    assert (ran.code, ran.json["rules"]) == (3, None)
    assert "DEVIN_MAX_ACU" in ran.err


def test_an_unreachable_api_is_said(monkeypatch):
    monkeypatch.setenv("DEVIN_API_KEY", KEY)
    monkeypatch.setenv("DEVIN_MAX_TRIES", "1")
    monkeypatch.setenv("DEVIN_BASE_URL", URL)
    ran = run("doctor")
    assert ran.code == 10
    assert ran.json["self"] is None


@pytest.fixture
def bare(monkeypatch):
    """A machine without proxies and certificates of its own, from where nothing can be reached."""
    for name in [name for name in os.environ if name.lower().endswith(ENDS)]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", _nobody)
    monkeypatch.setenv("DEVIN_MAX_TRIES", "1")


ENDS = ("_proxy", "ssl_cert_file", "ssl_cert_dir", "sslkeylogfile", "_ca_bundle", "_ca_certs")


def _nobody(*_):
    raise httpx.ConnectError("CANARY")


MACHINES = {
    "a proxy": (
        {"HTTPS_PROXY": "http://CANARY:CANARY@proxy:1"},
        "http://(user)@proxy:1",
        "in use for api.devin.ai",
    ),
    "a proxy that gives way": (
        {"https_proxy": "proxy", "ALL_PROXY": "gopher://CANARY"},
        None,
        "not used: https_proxy",
    ),
    "a proxy of nobody": (
        {"https_proxy": "proxy", "HTTP_PROXY": "http://:CANARY"},
        None,
        "not used: https_proxy",
    ),
    "a host without one": (
        {"NO_PROXY": "a:b,devin.ai", "ALL_PROXY": "://"},
        None,
        "not used for api.devin.ai",
    ),
    "what is passed over": (
        {"NO_PROXY": "[CANARY,::1,CANARY:x"},
        "entries: 1",
        "does not name api.devin.ai; what is",
    ),
    "other programs": ({"REQUESTS_CA_BUNDLE": "/CANARY"}, None, "not used: set SSL_CERT_FILE"),
    "a second place": (
        {"SSL_CERT_FILE": certifi.where(), "SSL_CERT_DIR": "/CANARY"},
        None,
        "not used: SSL_CERT_FILE",
    ),
    "certificates": ({"SSL_CERT_FILE": certifi.where()}, certifi.where(), "certificates"),
}


@for_every("name", lambda: MACHINES)
def test_what_counts_of_the_machine_is_told_and_never_a_password(name, bare):
    given, value, state = MACHINES[name]
    with pytest.MonkeyPatch.context() as patch:
        for variable, text in {"DEVIN_API_KEY": KEY, **given}.items():
            patch.setenv(variable, text)
        ran, shown = run("doctor"), at_terminal("doctor", width=400).out
    assert (ran.code, [error["kind"] for error in ran.json["errors"]]) == (10, ["connection_failed"])
    row = next(row for row in ran.json["machine"] if row["variable"] == list(given)[-1])
    assert row["value"] == value and state in row["state"]
    assert "CANARY" not in (ran.out + ran.err + shown).replace(KEY, "")
    assert state in shown


BROKEN = {
    "HTTPS_PROXY": "http://CANARY:CANARY#@proxy:1",
    "ALL_PROXY": "gopher://CANARY",
    "SSL_CERT_FILE": "/CANARY",
    "SSL_CERT_DIR": "/CANARY",
    "SSLKEYLOGFILE": "/CANARY/keys",
}


@for_every("variable", lambda: BROKEN)
def test_what_is_broken_on_the_machine_is_told_with_all_the_rest(variable, bare):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEVIN_API_KEY", KEY)
        patch.setenv(variable, BROKEN[variable])
        ran, shown = run("doctor"), at_terminal("doctor", width=400).out
    assert ran.code == 3 and [error["kind"] for error in ran.json["errors"]] == ["missing_setting"]
    assert [(row["variable"], row["value"]) for row in ran.json["machine"]] == [(variable, None)]
    assert variable in ran.err and variable in shown and ran.json["rules"]
    assert "/CANARY" not in ran.out + ran.err + shown and "CANARY@" not in ran.out + ran.err + shown


def test_the_machine_is_told_of_without_a_key_too(bare, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy")
    ran = run("doctor")
    assert ran.code == 3 and "HTTPS_PROXY" in ran.json["errors"][0]["message"]


def test_a_fault_of_the_program_does_not_end_the_report(bare, monkeypatch):
    monkeypatch.setattr(doctor, "_rules", lambda options: 1 // 0)
    ran = run("doctor")
    assert ran.code == 1 and ran.json["settings"] and "ZeroDivisionError" in ran.err


@pytest.mark.usefixtures("own_catalog")
def test_plugins_are_listed_with_what_became_of_them(monkeypatch):
    points = [EntryPoint(name, f"{name}_tools", "devin_tools") for name in ("tea", "jam")]
    for module in (catalog, doctor):
        monkeypatch.setattr(module, "entry_points", lambda group: points)
    states = {item["name"]: item["state"] for item in simulated("doctor").json["plugins"]}
    assert states["tea"].startswith("skipped: ModuleNotFoundError")
    monkeypatch.setenv("DEVIN_TOOLS_PLUGINS", "tea")
    states = {item["name"]: item["state"] for item in simulated("doctor").json["plugins"]}
    assert states["jam"] == "left out by DEVIN_TOOLS_PLUGINS"


@pytest.mark.usefixtures("own_catalog")
def test_a_plugin_that_stops_everything_is_said(monkeypatch):
    monkeypatch.setenv("DEVIN_TOOLS_STRICT_PLUGINS", "1")
    point = EntryPoint("tea", "tea_tools", "devin_tools")
    monkeypatch.setattr(catalog, "entry_points", lambda group: [point])
    ran = simulated("doctor")
    assert ran.code == 13
    assert [error["kind"] for error in ran.json["errors"]] == ["plugin"]
