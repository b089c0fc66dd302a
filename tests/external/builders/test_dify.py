"""The generated Dify plugin, run by Dify's own SDK: `nox -s dify`."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from external.builders.arrivals import Arrivals, sent_by_client
from external.builders.dify_daemon import Daemon, Failed

from devin_tools import load_catalog
from devin_tools.export.builders.dify import dify_files
from devin_tools.version import __version__

if importlib.util.find_spec("dify_plugin") is None:
    pytest.skip("needs dify-plugin: nox -s dify", allow_module_level=True)

SPECS = list(load_catalog(plugins=()))
KEY = "cog_canary_in_dify"
RUN = {"prompt": "Go.", "tags": ["a", "b"], "knowledge_ids": [], "max_acu_limit": 5, "resumable": "false"}
SECRETS = [{"key": "TOKEN", "value": "a-canary-of-a-secret"}]


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plugin")
    for name, text in dify_files(SPECS).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def daemon(plugin: Path) -> Iterator[Daemon]:
    with Daemon(plugin) as running:
        yield running


@pytest.fixture
def simulator() -> Arrivals:
    return Arrivals(keys={KEY: frozenset(spec.permission for spec in SPECS)})


@pytest.fixture
def credentials(simulator: Arrivals) -> Iterator[dict[str, Any]]:
    with simulator.serve() as server:
        yield {"api_key": KEY, "org_id": simulator.world.org_id, "base_url": server.url}


READ = """
import sys
from dify_plugin.core.utils.yaml_loader import load_yaml_file
from dify_plugin.entities.tool import ToolConfiguration, ToolProviderConfiguration
provider = ToolProviderConfiguration(**load_yaml_file("provider/devin.yaml"))
for tool in provider.tools:
    print(tool.identity.name, *(one.name for one in tool.parameters if one.form.value == "form"))
"""


def test_the_sdk_takes_the_manifest_and_every_tool(plugin: Path, daemon: Daemon) -> None:
    """Read in a process of its own: the SDK changes the standard library of the one it is imported in."""
    assert (daemon.manifest["name"], daemon.manifest["version"]) == ("devin_tools", __version__)
    command = [sys.executable, "-c", READ]
    read = subprocess.run(command, cwd=plugin, capture_output=True, text=True, check=True).stdout
    tools = {name: set(of_a_person) for name, *of_a_person in map(str.split, read.splitlines())}
    consent = {spec.name: spec.effect.needs_consent for spec in SPECS}
    assert tools == {
        spec.name: set(spec.user_only) | ({"devin_confirm"} if consent[spec.name] else set())
        for spec in SPECS
    }


def test_a_good_key_is_taken_and_a_bad_one_refused(
    daemon: Daemon, simulator: Arrivals, credentials: dict[str, Any]
) -> None:
    assert daemon.check(credentials) == [{"result": True}]
    assert simulator.arrived == [("GET", "/v3/self", (), None)]
    for wrong, words in (
        ({"api_key": "cog_of_somebody_else"}, "401"),
        ({"api_key": ""}, "No API key is set"),
        ({"api_key": "apk_old"}, "legacy"),
        ({"base_url": "http://example.org"}, "https://"),
    ):
        with pytest.raises(Failed, match="ToolProviderCredentialValidationError") as caught:
            daemon.check(credentials | wrong)
        assert words in str(caught.value)
        assert "somebody_else" not in str(caught.value)


def test_tools_send_what_our_client_sends(
    daemon: Daemon, simulator: Arrivals, credentials: dict[str, Any]
) -> None:
    made = daemon.invoke("devin_create_session", credentials, **RUN)
    assert made["json"]["session_id"] == made["session_id"]
    assert made["json"]["status"] == made["status"] == "new"
    listed = daemon.invoke("devin_list_sessions", credentials, limit=5, tags=["a", "b"], is_archived="false")
    assert [session["session_id"] for session in listed["sessions"]] == [made["session_id"]]
    ended = daemon.invoke("devin_terminate_session", credentials, session_id=made["session_id"])
    assert ended["status"] == "exit"
    assert simulator.arrived == sent_by_client(
        [
            ("devin_create_session", RUN | {"resumable": False}),
            ("devin_list_sessions", {"limit": 5, "tags": ["a", "b"], "is_archived": False}),
            ("devin_terminate_session", {"session_id": made["session_id"]}),
        ]
    )


def test_what_dify_makes_of_empty_fields_is_not_sent(
    daemon: Daemon, simulator: Arrivals, credentials: dict[str, Any]
) -> None:
    empty = {"title": "", "tags": [""], "repos": [None], "structured_output_schema": {}, "resumable": ""}
    daemon.invoke("devin_create_session", credentials, prompt="Go.", max_acu_limit=None, **empty)
    assert simulator.arrived == sent_by_client([("devin_create_session", {"prompt": "Go."})])


def test_what_only_a_person_fills_is_sent_and_never_written(
    daemon: Daemon, simulator: Arrivals, credentials: dict[str, Any]
) -> None:
    secret = json.dumps(SECRETS)
    daemon.invoke("devin_create_session", credentials, prompt="Go.", session_secrets=secret)
    assert simulator.arrived[0][3]["session_secrets"] == SECRETS
    assert "a-canary" not in "".join(daemon.said)
    assert KEY not in "".join(daemon.said)


def test_errors_say_what_to_do(daemon: Daemon, simulator: Arrivals, credentials: dict[str, Any]) -> None:
    with pytest.raises(Failed, match=r"max_acu_limit: .*greater than or equal to 1"):
        daemon.invoke("devin_create_session", credentials, prompt="Go.", max_acu_limit=0)
    with pytest.raises(Failed, match="structured_output_schema must be JSON"):
        daemon.invoke("devin_create_session", credentials, prompt="Go.", structured_output_schema="{")
    assert simulator.arrived == []
    with pytest.raises(Failed, match="404"):
        daemon.invoke("devin_get_session", credentials, session_id="devin-" + "0" * 32)


def test_consent_is_the_persons(plugin: Path, simulator: Arrivals, credentials: dict[str, Any]) -> None:
    with Daemon(plugin, DEVIN_CONFIRM="1") as daemon:
        with pytest.raises(Failed, match="confirm"):
            daemon.invoke("devin_create_session", credentials, prompt="Go.", devin_confirm=False)
        assert simulator.arrived == []
        assert daemon.invoke("devin_create_session", credentials, prompt="Go.", devin_confirm=True)["url"]
