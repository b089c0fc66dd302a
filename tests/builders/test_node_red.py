"""The Node-RED pack in Node-RED: its nodes load, run, and ask what our own client asks."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest
from listening import SPECS, Asked, Cases, Listening, cases, expected, world
from node_red_flows import flows_of
from node_red_home import ACCOUNT, node_red, user_directory

from devin_tools import load_catalog
from devin_tools.export.node_red import node_red_files, type_of

sys.path.insert(0, str(Path(__file__).parent.parent / "server"))
from served_processes import TOKEN, served

pytestmark = pytest.mark.builders

HOME = Path(os.environ.get("DEVIN_TOOLS_BUILDER", "/nonexistent"))
if not (HOME / "node_modules" / "node-red").exists():
    pytest.skip("needs Node-RED: python tests/builders/run_all.py node-red", allow_module_level=True)

CATALOG = load_catalog(plugins=())
KEY = "cog_CANARY_builders"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder that holds what examples send."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "note.txt").write_text("A note.\n", encoding="utf-8")
    yield folder


Started: TypeAlias = tuple[str, Listening, Cases]


@pytest.fixture(scope="module")
def started(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """Run Node-RED over a simulator and a tools server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEVIN_FILE_ROOT", str(files))
        simulator, names = world()
    everything = list(cases(names))
    with simulator.serve() as server:
        settings = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": server.url, "DEVIN_SERVE_TOKEN": TOKEN}
        with served("serve", "--port", "0", **settings) as (_, tools_server):
            urls = {"baseUrl": server.url, "serverUrl": tools_server}
            flows = [{"id": ACCOUNT, "type": "devin-account", **urls}, *flows_of(everything)]
            secrets = {"key": "${DEVIN_API_KEY}", "serverToken": TOKEN}
            pack = node_red_files(list(CATALOG))
            folder = user_directory(tmp_path_factory.mktemp("node-red"), pack, flows, secrets)
            with node_red(HOME, folder, free_port(), DEVIN_API_KEY=KEY) as url:
                yield url, simulator, everything
    assert KEY not in (folder / "log.txt").read_text(encoding="utf-8")


def test_every_tool_is_a_node_and_none_fails_to_load(started: Started) -> None:
    url, _, _ = started
    listed = httpx.get(f"{url}/nodes", headers={"accept": "application/json"}).json()
    ours = [one for one in listed if "devin" in one["module"]]
    assert not [one["err"] for one in ours if "err" in one]
    loaded = {type_ for one in ours for type_ in one["types"]}
    assert loaded == {"devin-account", *map(type_of, CATALOG)}


def test_create_list_all_and_terminate(started: Started) -> None:
    url, simulator, _ = started
    simulator.asked.clear()
    answer = httpx.post(f"{url}/task", json={}, timeout=30).json()
    made = answer["ended"]["session_id"]
    assert answer["ended"]["status"] == "exit"
    listed = [one["session_id"] for one in answer["listed"]["sessions"]]
    assert made in listed and len(listed) == len(set(listed)) > 2
    pages = [one for one in simulator.asked if one.method == "GET" and one.path.endswith("/sessions")]
    assert len(pages) == -(-len(listed) // 2)
    assert all(dict(page.query)["first"] == "2" for page in pages)


def test_every_example_asks_what_our_client_asks(
    started: Started, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, simulator, everything = started
    monkeypatch.setenv("DEVIN_FILE_ROOT", str(files))
    assert {spec.name for spec, _ in everything} == {spec.name for spec in SPECS}
    wrong: list[tuple[str, list[Asked], list[Asked]]] = []
    httpx.post(f"{url}/case/0", json={}, timeout=30)  # it asks who the key belongs to, once
    for number, (spec, arguments) in enumerate(everything):
        simulator.asked.clear()
        httpx.post(f"{url}/case/{number}", json=arguments, timeout=30)
        asked = [one for one in simulator.asked if one.path != "/v3/self" or spec.name == "devin_get_self"]
        if asked != (wanted := expected(spec, arguments)):
            wrong.append((spec.name, asked, wanted))
    assert not wrong


@pytest.mark.parametrize("given", ["{id}", "devin-{id}", "https://app.devin.ai/sessions/{id}"])
def test_ids_are_taken_as_people_paste_them(started: Started, given: str) -> None:
    url, simulator, _ = started
    bare = next(iter(simulator.world.sessions)).removeprefix("devin-")
    found = httpx.post(f"{url}/get", json={"session_id": given.format(id=bare)}, timeout=30).json()
    assert found["session_id"] == bare


def test_a_refusal_reaches_a_catch_node_with_what_the_api_said(started: Started) -> None:
    url, _, _ = started
    answer = httpx.post(f"{url}/get", json={"session_id": "0000"}, timeout=30)
    assert answer.status_code == 404
    assert answer.json() == {"error": "Error: Refused with 404: Session not found", "statusCode": 404}


def test_wrong_input_is_told_by_field_and_nothing_is_sent(started: Started) -> None:
    url, simulator, _ = started
    simulator.asked.clear()
    answer = httpx.post(f"{url}/get", json={"session_id": {"not": "text"}}, timeout=30).json()
    assert answer["error"] == "Error: session_id: is not text. Nothing was sent."
    assert (
        httpx.post(f"{url}/get", json={}, timeout=30)
        .json()["error"]
        .startswith("Error: session_id: is required")
    )
    assert simulator.asked == []


def test_a_tool_of_many_calls_runs_on_the_tools_server(started: Started) -> None:
    url, simulator, _ = started
    record = next(iter(simulator.world.sessions))
    simulator.clock.step(3600)
    waited = httpx.post(f"{url}/wait", json={"session_id": record}, timeout=60).json()
    assert waited["outcome"] in ("finished", "ended"), waited


def test_the_button_tests_a_key(started: Started) -> None:
    url, simulator, _ = started
    base = next(one["baseUrl"] for one in httpx.get(f"{url}/flows").json() if one["id"] == ACCOUNT)
    ask = {"id": ACCOUNT, "baseUrl": base}
    good = httpx.post(f"{url}/devin-tools/test", json=ask | {"key": KEY}).json()
    stored = httpx.post(f"{url}/devin-tools/test", json=ask | {"key": "__PWRD__"}).json()
    assert good == stored == {"ok": True, "org": simulator.world.org_id}
    bad = httpx.post(f"{url}/devin-tools/test", json=ask | {"key": "wrong"}).json()
    assert bad["ok"] is False and bad["reason"].startswith("401")
