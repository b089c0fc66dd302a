"""The n8n pack in a whole n8n: found by a person, filled, run, its output seen; its MCP client and ours."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from external.builders.browser import CHROMIUM, opened, picture
from external.builders.listening import Listening
from external.builders.n8n_whole import credential, n8n, ran, retried, signed_in
from external.builders.scripted_model import scripted_model

from devin_tools import Simulator, load_catalog
from devin_tools.export.builders.n8n import n8n_files

HOME = Path(os.environ.get("DEVIN_TOOLS_BUILDER", "/nonexistent"))
if CHROMIUM is None:
    pytest.skip("needs Chromium: apt-get install chromium", allow_module_level=True)
if not (HOME / "node_modules" / "n8n").exists():
    pytest.skip("needs n8n: nox -s n8n-app", allow_module_level=True)

KEY = "cog_CANARY_editor"
START = {
    "id": "s", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
    "position": [0, 0], "parameters": {},
}  # fmt: skip


@pytest.fixture(scope="module")
def simulator() -> Listening:
    return Listening(seed=1, sessions=3)


@pytest.fixture(scope="module")
def api(simulator: Simulator) -> Iterator[str]:
    with simulator.serve() as server:
        yield server.url


@pytest.fixture(scope="module")
def n8n_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    pack = n8n_files(list(load_catalog(plugins=())))
    with n8n(HOME, tmp_path_factory.mktemp("n8n"), pack, port) as url:
        yield url


def test_the_credential_test_passes_with_a_good_key_and_fails_with_a_bad_one(
    n8n_url: str, api: str, simulator: Simulator
) -> None:
    data = {"apiKey": KEY, "orgId": simulator.world.org_id, "baseUrl": api}
    with signed_in(n8n_url) as client:
        made = credential(client, "devinApi", data)
        about = {"id": made["id"], "name": "devinApi", "type": "devinApi"}
        for key, status in ((KEY, "OK"), ("wrong", "Error")):
            asked = {"credentials": {**about, "data": data | {"apiKey": key}}}
            said = client.post("/rest/credentials/test", json=asked).json()["data"]
            assert said["status"] == status, said
        client.delete(f"/rest/credentials/{made['id']}")


def test_a_person_finds_the_node_fills_it_and_sees_what_it_gives(
    n8n_url: str, api: str, simulator: Simulator
) -> None:
    data = {"apiKey": KEY, "orgId": simulator.world.org_id, "baseUrl": api}
    empty = {"name": "A task", "nodes": [START], "connections": {}, "settings": {"executionOrder": "v1"}}
    with signed_in(n8n_url) as client:
        credential(client, "devinApi", data)
        made = client.post("/rest/workflows", json=empty).json()["data"]["id"]
        cookies = [{"name": name, "value": value, "url": n8n_url} for name, value in client.cookies.items()]
    with opened("about:blank") as page:
        page.context.add_cookies(cookies)
        page.add_init_script("localStorage.setItem('n8n-browserId', 'tests')")
        page.goto(f"{n8n_url}/workflow/{made}")
        page.wait_for_selector('[data-test-id="canvas-node"]', timeout=60_000)
        page.click('[data-test-id="node-creator-plus-button"]')
        page.wait_for_selector('[data-test-id="node-creator"]')
        page.keyboard.type("devin", delay=50)
        page.wait_for_timeout(1500)
        picture(page, "n8n-creator")
        page.click('[data-test-id="item-iterator-item"] >> nth=0')
        page.click('[data-test-id="node-creator-item-name"]:text-is("Create session")')
        prompt = page.wait_for_selector('[data-test-id="parameter-input-prompt"] textarea')
        prompt.fill("Fix it from n8n.")
        picture(page, "n8n-node")
        page.click('[data-test-id="node-execute-button"]')
        page.wait_for_selector('[data-test-id="output-panel"] :text("session_id")', timeout=30_000)
        picture(page, "n8n-ran")
    assert "Fix it from n8n." in {record.asked.get("prompt") for record in simulator.world.sessions.values()}


@contextmanager
def mcp_server(api: str) -> Iterator[str]:
    """Serve our tools over MCP."""
    command = [sys.executable, "-m", "devin_tools", "mcp", "--http", "--port", "0"]
    mine = {name: value for name, value in os.environ.items() if not name.startswith("DEVIN_")}
    settings = {"DEVIN_API_KEY": KEY, "DEVIN_BASE_URL": api}
    with subprocess.Popen(command, env=mine | settings, text=True, stderr=subprocess.PIPE) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            yield next(word for word in line.split() if word.startswith("http://")).rstrip(".,")
        finally:
            process.terminate()


def test_its_mcp_client_calls_our_mcp_server(n8n_url: str, api: str) -> None:
    def asking(url: str) -> dict[str, Any]:
        tool = {"__rl": True, "mode": "id", "value": "devin_list_sessions"}
        where = {"serverTransport": "httpStreamable", "endpointUrl": url, "authentication": "none"}
        how = {"tool": tool, "inputMode": "json", "jsonInput": '{"limit": 2}', "options": {}}
        node = {"id": "c", "name": "List", "type": "@n8n/n8n-nodes-langchain.mcpClient", "typeVersion": 1}
        steps = [START, node | {"position": [200, 0], "parameters": where | how}]
        links = {"Start": {"main": [[{"node": "List", "type": "main", "index": 0}]]}}
        return {"name": "MCP", "nodes": steps, "connections": links, "settings": {}}

    with mcp_server(api) as url, signed_in(n8n_url) as client:
        status, text = ran(client, asking(url))
    assert status == "success", text[:2000]
    assert "session_id" in text and "end_cursor" in text


def with_credential(nodes: list[dict[str, Any]], made: dict[str, Any]) -> list[dict[str, Any]]:
    """Choose a credential for every node of the pack."""
    chosen = {"credentials": {"devinApi": {"id": made["id"], "name": made["name"]}}}
    return [node | chosen if node["type"].startswith("n8n-nodes-devin.") else node for node in nodes]


def test_the_template_starts_a_session_and_goes_on_when_it_has_settled(
    n8n_url: str, api: str, simulator: Simulator
) -> None:
    workflow = json.loads(n8n_files(list(load_catalog(plugins=())))["templates/run-a-task.json"])
    with signed_in(n8n_url) as client:
        made = credential(
            client, "devinApi", {"apiKey": KEY, "orgId": simulator.world.org_id, "baseUrl": api}
        )
        workflow["nodes"] = with_credential(workflow["nodes"], made)
        for node in workflow["nodes"]:
            if node["name"] == "Pause":
                node["parameters"]["amount"] = 1
        status, text = ran(client, workflow, meanwhile=lambda: simulator.clock.step(20))
    assert status == "success", text[:2000]
    assert "What became of it" in text and "Pause" in text and "finished" in text


def test_a_failed_execution_that_is_retried_makes_what_it_lacks(
    n8n_url: str, api: str, simulator: Listening
) -> None:
    create = {"resource": "sessions", "operation": "create_session", "prompt": "Fix it once."}
    node = {"id": "c", "name": "Create", "type": "n8n-nodes-devin.devin", "typeVersion": 1}
    links = {"Start": {"main": [[{"node": "Create", "type": "main", "index": 0}]]}}
    data = {"apiKey": KEY, "orgId": simulator.world.org_id, "baseUrl": api}
    simulator.asked.clear()
    simulator.spoiled[:] = ["never"]
    with signed_in(n8n_url) as client:
        steps = with_credential(
            [START, node | {"position": [200, 0], "parameters": create}], credential(client, "devinApi", data)
        )
        once = {"name": "Once", "nodes": steps, "connections": links, "settings": {}}
        status, text = ran(client, once)
        assert status == "error" and "it may have taken effect" in text
        assert retried(client, "Once") == "success"
    made = [one.body["tags"] for one in simulator.asked if one.method == "POST"]
    assert len(made) == 2 and made[0] == made[1]
    assert simulator.asked[-2].method == "GET"


def test_an_agent_uses_the_node_as_its_tool(n8n_url: str, api: str, simulator: Simulator) -> None:
    def agent(url: str, client: Any) -> dict[str, Any]:
        data = {"apiKey": KEY, "orgId": simulator.world.org_id, "baseUrl": api}
        model = credential(client, "openAiApi", {"apiKey": "sk-scripted", "url": url})
        parts = "@n8n/n8n-nodes-langchain"
        asked = {"promptType": "define", "text": "Have Devin fix it.", "options": {}}
        chosen = {"model": {"__rl": True, "mode": "id", "value": "scripted"}, "options": {}}
        prompt = "={{ $fromAI('prompt', 'What Devin should do', 'string') }}"
        create = {"resource": "sessions", "operation": "create_session", "prompt": prompt}
        nodes = [
            START,
            {"id": "a", "name": "Agent", "type": f"{parts}.agent", "typeVersion": 2.2, "parameters": asked},
            {"id": "m", "name": "Model", "type": f"{parts}.lmChatOpenAi", "typeVersion": 1.2,
             "parameters": chosen, "credentials": {"openAiApi": {"id": model["id"], "name": "openAiApi"}}},
            {"id": "d", "name": "Devin", "type": "n8n-nodes-devin.devinTool", "typeVersion": 1,
             "parameters": create},
        ]  # fmt: skip
        kinds = {"Start": "main", "Model": "ai_languageModel", "Devin": "ai_tool"}
        links = {
            name: {kind: [[{"node": "Agent", "type": kind, "index": 0}]]} for name, kind in kinds.items()
        }
        nodes = with_credential(
            [{"position": [0, 0], **node} for node in nodes], credential(client, "devinApi", data)
        )
        return {"name": "An agent", "nodes": nodes, "connections": links, "settings": {}}

    with scripted_model({"prompt": "Fix it from an agent."}) as (url, asked), signed_in(n8n_url) as client:
        status, text = ran(client, agent(url, client))
    assert status == "success", text[:2000]
    (shown,) = asked[0]["tools"]
    assert shown["function"]["parameters"]["properties"]["prompt"]["description"] == "What Devin should do"
    assert "session_id" in asked[-1]["messages"][-1]["content"]
    assert "Fix it from an agent." in {
        record.asked.get("prompt") for record in simulator.world.sessions.values()
    }


def test_the_editor_tells_what_a_node_will_give_before_it_ran(
    n8n_url: str, api: str, simulator: Simulator
) -> None:
    get = {"resource": "sessions", "operation": "get_session", "session_id": "abc"}
    node = {"id": "g", "name": "Get", "type": "n8n-nodes-devin.devin", "typeVersion": 1, "parameters": get}
    last = {"id": "n", "name": "After", "type": "n8n-nodes-base.set", "typeVersion": 3.4, "parameters": {}}
    nodes = [START, node | {"position": [200, 0]}, last | {"position": [400, 0]}]
    links = {
        name: {"main": [[{"node": after, "type": "main", "index": 0}]]}
        for name, after in (("Start", "Get"), ("Get", "After"))
    }
    workflow = {"name": "Not run", "nodes": nodes, "connections": links, "settings": {}}
    with signed_in(n8n_url) as client:
        made = client.post("/rest/workflows", json=workflow).json()["data"]["id"]
        cookies = [{"name": name, "value": value, "url": n8n_url} for name, value in client.cookies.items()]
    with opened("about:blank") as page:
        page.context.add_cookies(cookies)
        page.add_init_script("localStorage.setItem('n8n-browserId', 'tests')")
        page.goto(f"{n8n_url}/workflow/{made}")
        page.wait_for_selector('[data-test-id="canvas-node"]', timeout=60_000)
        page.wait_for_timeout(1500)
        page.dblclick('[data-node-name="After"]')
        page.wait_for_selector('[data-test-id="ndv-input-panel"] :text("status_detail")')
        picture(page, "n8n-schema")
