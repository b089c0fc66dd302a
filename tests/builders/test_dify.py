"""The generated Dify plugin, run by Dify's own SDK: `python tests/builders/run_all.py dify`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from arrivals import Arrivals, sent_by_client
from dify_daemon import Daemon, Failed

from devin_tools import load_catalog
from devin_tools.export.dify import dify_files

pytestmark = pytest.mark.builders
pytest.importorskip("dify_plugin", reason="needs dify-plugin: python tests/builders/run_all.py dify")

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


def test_the_sdk_takes_the_manifest_and_every_tool(plugin: Path, daemon: Daemon) -> None:
    from dify_plugin.core.entities.plugin.setup import PluginConfiguration
    from dify_plugin.core.utils.yaml_loader import load_yaml_file
    from dify_plugin.entities.tool import ToolConfiguration

    assert (daemon.manifest["name"], daemon.manifest["version"]) == ("devin_tools", "0.1.0")
    PluginConfiguration(**load_yaml_file(str(plugin / "manifest.yaml")))
    for spec in SPECS:
        read = load_yaml_file(str(plugin / "tools" / f"{spec.name}.yaml"))
        tool = ToolConfiguration(**read)
        assert [one.name for one in tool.parameters if one.form.value == "form"] == [
            name for name in spec.tool.model_fields if name in spec.user_only
        ] + ["devin_confirm"] * (spec.effect.is_billable or spec.effect.kind == "destroy")
        assert read == json.loads((plugin / "tools" / f"{spec.name}.yaml").read_text(encoding="utf-8"))


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


def test_a_wait_ends_before_dify_would_end_it(
    plugin: Path, simulator: Arrivals, credentials: dict[str, Any]
) -> None:
    with Daemon(plugin) as daemon:
        made = daemon.invoke("devin_create_session", credentials, prompt="#simulate:asks Go.")
        asked = {"session_id": made["session_id"], "max_seconds": 0.2}
        waited = daemon.invoke("devin_wait_session", credentials, **asked)
    assert waited["outcome"] == "still_running"
    assert waited["resume_with"]["name"] == "devin_wait_session"


def test_consent_is_the_persons(plugin: Path, simulator: Arrivals, credentials: dict[str, Any]) -> None:
    with Daemon(plugin, DEVIN_CONFIRM="1") as daemon:
        with pytest.raises(Failed, match="confirm"):
            daemon.invoke("devin_create_session", credentials, prompt="Go.", devin_confirm=False)
        assert simulator.arrived == []
        assert daemon.invoke("devin_create_session", credentials, prompt="Go.", devin_confirm=True)["url"]
