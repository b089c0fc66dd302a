"""The Node-RED pack in Node-RED: its nodes load, run, and ask what our own client asks."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from external.builders.listening import SPECS, Asked, Cases, Listening, cases, expected, untold, world
from external.builders.node_red_flows import SILENT, flows_of
from external.builders.node_red_home import ACCOUNT, node_red, user_directory
from external.builders.tools_server import Asked as AskedPaths
from external.builders.tools_server import tools_server
from support.hostile_words import WORDS, saying
from support.served_processes import TOKEN

from devin_tools import Settings, describe, load_catalog
from devin_tools.export.builders import asset
from devin_tools.export.builders.node_red import node_red_files, type_of

HOME = Path(os.environ.get("DEVIN_TOOLS_BUILDER", "/nonexistent"))
if not (HOME / "node_modules" / "node-red").exists():
    pytest.skip("needs Node-RED: nox -s node-red", allow_module_level=True)

CATALOG = load_catalog(plugins=())
KEY = "cog_CANARY_builders"
HOSTILE_WORDS = " ".join(words for words in WORDS if "<" in words)
HOSTILE = describe(saying(HOSTILE_WORDS, value=HOSTILE_WORDS))
SETTLED = ("finished", "ended", "asleep")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a folder that holds what examples send."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "note.txt").write_text("A note.\n", encoding="utf-8")
    yield folder


Started: TypeAlias = tuple[str, Listening, Cases]
WAIT = "/tools/devin_wait_session"


@pytest.fixture(scope="module")
def silent() -> Iterator[socket.socket]:
    """Listen, and never answer."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(20)
        yield listener


@pytest.fixture(scope="module")
def serving(files: Path) -> Iterator[tuple[Any, ...]]:
    """Serve a simulator, and a tools server of which a call may take 5 seconds and a wait 4."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEVIN_FILE_ROOT", str(files))
        simulator, names = world()
    with simulator.serve() as server:
        settings = Settings(api_key=KEY, base_url=server.url)
        with tools_server(settings, TOKEN, call_seconds=5) as (url, asked):
            yield simulator, names, server.url, url, asked


@pytest.fixture(scope="module")
def asked(serving: tuple[Any, ...]) -> AskedPaths:
    """Return what the tools server is asked."""
    return serving[-1]


@pytest.fixture(scope="module")
def started(
    serving: tuple[Any, ...], silent: socket.socket, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Started]:
    """Run Node-RED over a simulator and a tools server."""
    simulator, names, api, tools, _ = serving
    everything = list(cases(names))
    urls = {"baseUrl": api, "serverUrl": tools}
    nowhere = {"baseUrl": f"http://127.0.0.1:{silent.getsockname()[1]}", "orgId": "org-1"}
    accounts = [{"id": ACCOUNT, **urls}, {"id": SILENT, **nowhere}]
    flows = [*({**one, "type": "devin-account"} for one in accounts), *flows_of(everything)]
    secrets = {"key": "${DEVIN_API_KEY}", "serverToken": TOKEN}
    pack = node_red_files([*CATALOG, HOSTILE])
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
    assert loaded == {"devin-account", *map(type_of, CATALOG), type_of(HOSTILE)}


def test_words_of_a_plugin_are_no_script_of_the_editor(started: Started) -> None:
    url, _, _ = started
    page = httpx.get(f"{url}/nodes", headers={"accept": "text/html"}).text
    scripts, tags = list[dict[str, str | None]](), set[str]()

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.add(tag)
            scripts.extend([dict(attrs)] if tag == "script" else [])

    Reader().feed(page)
    ours = [one for one in scripts if "devin" in str(one.values())]
    names = [one.get("data-help-name") or one["data-template-name"] for one in ours]
    assert sorted(names) == sorted(2 * ["devin-account", *map(type_of, [*CATALOG, HOSTILE])])
    assert "img" not in tags and "b" not in tags


def test_create_list_all_and_terminate(started: Started) -> None:
    url, simulator, _ = started
    simulator.asked.clear()
    answer = httpx.post(f"{url}/task", json={}, timeout=240).json()
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
    httpx.post(f"{url}/case/0", json={}, timeout=240)  # it asks who the key belongs to, once
    for number, (spec, arguments) in enumerate(everything):
        simulator.asked.clear()
        httpx.post(f"{url}/case/{number}", json=arguments, timeout=240)
        asked = [one for one in simulator.asked if one.path != "/v3/self" or spec.name == "devin_get_self"]
        asked, wanted = untold(asked), untold(expected(spec, arguments, tags_creates=True))
        if asked != wanted:
            wrong.append((spec.name, asked, wanted))
    assert not wrong


@pytest.mark.parametrize("given", ["{id}", "devin-{id}", "https://app.devin.ai/sessions/{id}"])
def test_ids_are_taken_as_people_paste_them(started: Started, given: str) -> None:
    url, simulator, _ = started
    bare = next(iter(simulator.world.sessions)).removeprefix("devin-")
    found = httpx.post(f"{url}/get", json={"session_id": given.format(id=bare)}, timeout=240).json()
    assert found["session_id"] == bare


def test_a_refusal_reaches_a_catch_node_with_what_the_api_said(started: Started) -> None:
    url, _, _ = started
    answer = httpx.post(f"{url}/get", json={"session_id": "0000"}, timeout=240)
    assert answer.status_code == 404
    assert answer.json() == {"error": "Error: Refused with 404: Session not found", "statusCode": 404}


def test_wrong_input_is_told_by_field_and_nothing_is_sent(started: Started) -> None:
    url, simulator, _ = started
    simulator.asked.clear()
    answer = httpx.post(f"{url}/get", json={"session_id": {"not": "text"}}, timeout=240).json()
    assert answer["error"] == "Error: session_id: is not text. Nothing was sent."
    assert (
        httpx.post(f"{url}/get", json={}, timeout=240)
        .json()["error"]
        .startswith("Error: session_id: is required")
    )
    assert simulator.asked == []


def test_a_property_that_is_not_there_is_not_sent(started: Started) -> None:
    url, _, _ = started
    answer = httpx.post(f"{url}/hollow", json={}, timeout=240)
    assert answer.json()["error"].startswith("Error: session_id: is required")


def test_a_variable_that_is_not_set_is_not_sent(started: Started) -> None:
    url, simulator, _ = started
    simulator.asked.clear()
    httpx.post(f"{url}/variable", json={}, timeout=240)
    (made,) = [one for one in simulator.asked if one.method == "POST"]
    assert made.body == {"prompt": "x", "tags": [made.body["tags"][0]]}
    assert made.body["tags"][0].startswith("devin-tools-key:")


def test_json_that_is_none_is_told_without_quoting_it(started: Started) -> None:
    url, _, _ = started
    answer = httpx.post(f"{url}/spoilt", json={}, timeout=240).json()
    assert answer["error"] == "Error: structured_output_schema: is not JSON. Nothing was sent."


def test_what_runs_is_shown_under_the_node(started: Started) -> None:
    url, simulator, _ = started
    httpx.post(f"{url}/shown", json={}, timeout=240)
    httpx.post(f"{url}/get", json={"session_id": next(iter(simulator.world.sessions))}, timeout=240)
    httpx.post(f"{url}/get", json={"session_id": "0000"}, timeout=240)
    shown = httpx.post(f"{url}/shown", json={}, timeout=240).json()
    assert shown == ["running", "done", "running", "404"]


def test_a_refusal_is_history_when_the_node_is_tried_again(started: Started) -> None:
    url, simulator, _ = started
    body = {"session_id": next(iter(simulator.world.sessions))}
    assert httpx.post(f"{url}/again", json=body, timeout=240).status_code == 200


def test_a_node_has_a_time_limit(started: Started) -> None:
    url, _, _ = started
    answer = httpx.post(f"{url}/hurried", json={}, timeout=240).json()
    assert answer["error"] == "Error: No end after 0.5 seconds."


def test_a_wait_that_the_server_cuts_is_gone_on_with(started: Started, asked: AskedPaths) -> None:
    url, simulator, _ = started
    made = httpx.post(f"{url}/variable", json={}, timeout=240).json()["session_id"]
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(httpx.post, f"{url}/wait", json={"session_id": made}, timeout=240)
        while asked.paths.count(WAIT) < 2:
            assert not waiting.done(), waiting.result().text
            time.sleep(0.05)
        simulator.clock.step(7200)
        assert waiting.result().json()["outcome"] in SETTLED


def test_a_tool_of_many_calls_runs_on_the_tools_server(started: Started) -> None:
    url, simulator, _ = started
    record = next(iter(simulator.world.sessions))
    simulator.clock.step(3600)
    waited = httpx.post(f"{url}/wait", json={"session_id": record}, timeout=240).json()
    assert waited.get("outcome") in SETTLED, waited


def test_the_button_tests_a_key(started: Started) -> None:
    url, simulator, _ = started
    base = next(one["baseUrl"] for one in httpx.get(f"{url}/flows").json() if one["id"] == ACCOUNT)
    ask = {"id": ACCOUNT, "baseUrl": base}
    good = httpx.post(f"{url}/devin-tools/test", json=ask | {"key": KEY}).json()
    stored = httpx.post(f"{url}/devin-tools/test", json=ask | {"key": "__PWRD__"}).json()
    assert good == stored == {"ok": True, "org": simulator.world.org_id}
    bad = httpx.post(f"{url}/devin-tools/test", json=ask | {"key": "wrong"}).json()
    assert bad["ok"] is False and bad["reason"].startswith("401")
    deaf = httpx.post(
        f"{url}/devin-tools/test", json=ask | {"baseUrl": f"http://127.0.0.1:{free_port()}"}
    ).json()
    assert deaf == {"ok": False, "reason": "There is no connection (ECONNREFUSED)."}
    other = httpx.post(f"{url}/devin-tools/test", json=ask | {"id": "no-account"}).json()
    assert other["ok"] is False


def test_the_button_is_for_those_who_may_change_flows(tmp_path: Path) -> None:
    folder = user_directory(tmp_path, node_red_files(list(CATALOG)), [], {})
    with node_red(HOME, folder, free_port(), LOCKED="1") as url:
        assert httpx.post(f"{url}/devin-tools/test", json={"key": KEY}).status_code == 401


def test_the_example_is_offered_and_runs(started: Started) -> None:
    url, simulator, _ = started
    path = "/library/examples/flows/node-red-contrib-devin-tools/Run%20a%20task"
    assert httpx.get(f"{url}{path}").json() == json.loads(asset("node_red", "run-a-task.json"))
    before = set(simulator.world.sessions)
    assert httpx.post(f"{url}/inject/dt-start").status_code == 200
    for _ in range(100):
        simulator.clock.step(60)
        if seen := httpx.post(f"{url}/seen", json={}, timeout=240).json():
            break
        time.sleep(0.1)
    assert seen["status_detail"] in ("finished", "waiting_for_user") or seen["status"] == "exit"
    (made,) = set(simulator.world.sessions) - before
    assert simulator.world.sessions[made].asked["max_acu_limit"] == 5


def test_deploying_again_ends_what_runs(started: Started, silent: socket.socket) -> None:
    url, _, _ = started

    def begin() -> None:
        with suppress(httpx.TimeoutException):  # nobody answers it
            httpx.post(f"{url}/patient", timeout=4)

    with ThreadPoolExecutor() as pool:
        pool.submit(begin)
        held = _asking(silent)
        flows = httpx.get(f"{url}/flows").json()
        assert httpx.post(f"{url}/flows", json=flows, timeout=240).status_code == 204
        with held:
            assert held.recv(1) == b"", "the connection is closed"


def _asking(silent: socket.socket) -> socket.socket:
    """Return the first connection that asks and stays open: others may be in the queue."""
    while True:
        held, _ = silent.accept()
        held.settimeout(1)
        asked = b""
        try:
            asked = held.recv(65536)
            held.recv(1)
        except TimeoutError:
            if asked:
                held.settimeout(20)
                return held
        held.close()
