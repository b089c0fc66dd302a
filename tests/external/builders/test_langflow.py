"""The extension, loaded and run by Langflow's own engine: `nox -s langflow`."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from external.builders.arrivals import Arrivals, sent_by_client

from devin_tools import Client, load_catalog
from devin_tools.adapters import langchain_tools
from devin_tools.export.builders.langflow import class_of
from devin_tools.export.builders.langflow.form import NOT_SENT

pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning")]
if importlib.util.find_spec("lfx") is None:
    pytest.skip("needs lfx: nox -s langflow", allow_module_level=True)

import lfx.services.initialize  # noqa: E402, F401 - the settings, before any component is made
from external.builders.langflow_parts import CALLS, component, flow, loaded  # noqa: E402

SPECS = {spec.name: spec for spec in load_catalog(plugins=())}
CREATE, LIST = SPECS["devin_create_session"], SPECS["devin_list_sessions"]
KEY = "cog_canary_in_langflow"
LFX = str(Path(sys.executable).with_name("lfx"))
SECRETS = [{"key": "TOKEN", "value": "a-canary-of-a-secret"}]
every_tool = pytest.mark.parametrize("spec", SPECS.values(), ids=lambda spec: spec.name)


@pytest.fixture
def simulator() -> Arrivals:
    return Arrivals()


@pytest.fixture
def account(simulator: Arrivals) -> Iterator[dict[str, str]]:
    with simulator.serve() as server:
        org_id = simulator.world.org_id
        yield {"devin_api_key": KEY, "devin_org_id": org_id, "devin_base_url": server.url}


def run_lfx(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LFX, *arguments],
        env={**os.environ, "DO_NOT_TRACK": "true", "NO_COLOR": "1", "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
    )


def test_langflow_finds_and_takes_the_extension(tmp_path: Path) -> None:
    import devin_tools

    listed = run_lfx("extension", "list").stdout.split("\n")
    assert [line.split()[2:5] for line in listed if line.startswith("devin-tools")] == [
        ["devin_tools", "@official", "installed"]
    ]
    folder = Path(devin_tools.__file__).with_name("langflow")
    checked = run_lfx("extension", "validate", "--execute-imports", str(folder))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert loaded().keys() == {class_of(spec) for spec in SPECS.values()}


@every_tool
def test_every_component_is_what_the_palette_shows(spec: Any) -> None:
    from lfx.custom.custom_component.component import Component
    from lfx.custom.utils import create_component_template

    made = component(spec)
    template, _ = create_component_template({"code": made._code, "output_types": []})
    assert template["display_name"] == spec.title
    fields = {one.field.name: one.name for one in made.devin_fields}
    assert fields.keys() == spec.tool.model_fields.keys()
    assert set(fields.values()) <= template["template"].keys()
    assert all(output["types"] for output in template["outputs"])
    assert {name for name in fields.values() if hasattr(Component, name)} == set()


def test_a_flow_sends_what_our_client_sends(
    simulator: Arrivals, account: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "flow.json"
    file.write_text(json.dumps(flow(SPECS)), encoding="utf-8")
    environment = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": account["devin_base_url"]}
    environment["DEVIN_ORG_ID"] = account["devin_org_id"]
    done = run_lfx("run", str(file), "Fix it.", **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    [session] = simulator.world.sessions
    assert json.loads(json.loads(done.stdout)["result"])["session_id"] == session
    calls = json.loads(json.dumps(CALLS).replace("SESSION", session))
    assert simulator.arrived == sent_by_client([(name, arguments) for name, arguments in calls])
    assert KEY not in file.read_text(encoding="utf-8") + done.stdout + done.stderr


async def outputs_of(made: Any) -> dict[str, Any]:
    await made.build_results()
    results: dict[str, Any] = made.get_results()
    return results


def test_one_run_is_one_call_however_many_outputs_are_used(
    simulator: Arrivals, account: dict[str, str]
) -> None:
    made = asyncio.run(outputs_of(component(CREATE, prompt="Go.", **account)))
    assert len(simulator.arrived) == 1
    output = made["output_json"].data
    assert made["output_session_id"].text == output["session_id"]
    assert json.loads(made["output_text"].text) == output


def test_what_is_left_alone_is_not_sent(simulator: Arrivals, account: dict[str, str]) -> None:
    alone = {"max_acu_limit": 0, "tags": [], "resumable": NOT_SENT, "title": "", "session_secrets": ""}
    asyncio.run(outputs_of(component(CREATE, prompt="Go.", **alone, **account)))
    asyncio.run(outputs_of(component(CREATE, prompt="Go.", knowledge_ids=["[]"], **account)))
    none = ("devin_create_session", {"prompt": "Go.", "knowledge_ids": []})
    assert simulator.arrived == sent_by_client([("devin_create_session", {"prompt": "Go."}), none])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"max_acu_limit": -987}, "max_acu_limit: Input should be greater than or equal to 1"),
        ({"structured_output_schema": "{987"}, "structured_output_schema must be JSON"),
        ({"devin_org_id": "987"}, "The organisation id is malformed"),
        ({"devin_api_key": "987"}, "The API refused with 401"),
    ],
)
def test_errors_are_words_that_repeat_nothing(
    simulator: Arrivals, account: dict[str, str], values: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        asyncio.run(outputs_of(component(CREATE, **{"prompt": "Go.", **account, **values})))
    assert "987" not in str(caught.value)
    assert simulator.world.sessions == {}


@every_tool
def test_tool_mode_shows_the_schema_of_the_adapter(spec: Any) -> None:
    """Of every tool that a model can fill: who put a component there chose its tool."""
    tools = asyncio.run(component(spec).to_toolkit())
    assert len(tools) == (not spec.missing_from_models)
    with Client(api_key=KEY) as client:
        expected = langchain_tools(client, specs=[spec.chosen()])
    assert [(one.name, one.description, one.args_schema) for one in tools] == [
        (one.name, one.description, one.args_schema) for one in expected
    ]
    assert all(one.args.keys() & spec.user_only == set() for one in tools)


def test_an_agent_calls_a_tool_and_reads_its_errors(simulator: Arrivals, account: dict[str, str]) -> None:
    from external.builders.langflow_agent import converse

    person = {"session_secrets": json.dumps(SECRETS), **account}
    wrong, right = {"prompt": "Go.", "max_acu_limit": -987}, {"prompt": "Go.", "title": None}
    shown, read, said = asyncio.run(converse(component(CREATE, **person), CREATE.name, [wrong, right]))
    assert shown == [CREATE.name]
    assert "max_acu_limit: Input should be greater than or equal to 1" in read[0]
    [session] = simulator.world.sessions
    assert json.loads(read[1])["session_id"] == session
    assert said == "done"
    assert simulator.arrived == sent_by_client(
        [("devin_create_session", {"prompt": "Go.", "session_secrets": SECRETS})]
    )
    assert "a-canary" not in "".join(read)


def test_limits_hold_for_all_nodes_together(
    simulator: Arrivals, account: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVIN_MAX_SESSIONS", "1")

    async def twice() -> None:
        await outputs_of(component(CREATE, prompt="One.", **account))
        await outputs_of(component(CREATE, prompt="Two.", **account))

    with pytest.raises(ValueError, match="it may start no more"):
        asyncio.run(twice())
    assert len(simulator.world.sessions) == 1


def test_consent_is_the_persons(
    simulator: Arrivals, account: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVIN_CONFIRM", "1")
    with pytest.raises(ValueError, match="confirm"):
        asyncio.run(outputs_of(component(CREATE, prompt="Go.", **account)))
    assert simulator.arrived == []
    asyncio.run(outputs_of(component(CREATE, prompt="Go.", devin_confirm=True, **account)))
    assert len(simulator.world.sessions) == 1


def test_a_wait_leaves_the_event_loop_free(simulator: Arrivals, account: dict[str, str]) -> None:
    async def wait() -> int:
        made = await outputs_of(component(CREATE, prompt="#simulate:asks Go.", **account))
        patience = {"max_seconds": 0.5, "session_id": made["output_session_id"].text}
        waiting = asyncio.ensure_future(
            outputs_of(component(SPECS["devin_wait_session"], **patience, **account))
        )
        ticks = 0
        while not waiting.done():
            await asyncio.sleep(0.01)
            ticks += 1
        assert (await waiting)["output_json"].data["outcome"] == "still_running"
        return ticks

    assert asyncio.run(wait()) > 10


def test_a_plugins_tool_is_a_component_of_an_exported_folder(
    simulator: Arrivals, account: dict[str, str], tmp_path: Path
) -> None:
    """The example plugin is installed here, beside the extension, which does not know it."""
    from lfx.extension.loader import load_inline_bundle

    command = [str(Path(sys.executable).with_name("devin-tools")), "export", "langflow", "-o", str(tmp_path)]
    subprocess.run([*command, "--tools", "devin_ping_session"], check=True, capture_output=True)
    assert run_lfx("extension", "validate", str(tmp_path)).returncode == 0
    found = load_inline_bundle(tmp_path / "devin")
    assert [one.class_name for one in found.components] == ["DevinPingSession"]
    made = asyncio.run(outputs_of(component(CREATE, prompt="Go.", **account)))
    ping = found.components[0].klass().set(session_id=made["output_session_id"].text, echo="hello", **account)
    with pytest.raises(ValueError, match="404"):  # this simulator knows no plugin
        asyncio.run(outputs_of(ping))
    assert simulator.arrived[-1][3] == {"echo": "hello"}
