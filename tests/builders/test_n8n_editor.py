"""The n8n pack in a whole n8n: found by a person, filled, run, its output seen; its MCP client and ours."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import CHROMIUM, opened, picture
from n8n_whole import credential, n8n, signed_in

from devin_tools import Simulator, load_catalog
from devin_tools.export.n8n import n8n_files

pytestmark = pytest.mark.builders_heavy

HOME = Path(os.environ.get("DEVIN_TOOLS_BUILDER", "/nonexistent"))
if CHROMIUM is None:
    pytest.skip("needs Chromium: apt-get install chromium", allow_module_level=True)
if not (HOME / "node_modules" / "n8n").exists():
    pytest.skip("needs n8n: python tests/builders/run_all.py --heavy n8n", allow_module_level=True)

KEY = "cog_CANARY_editor"
START = {
    "id": "s", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1,
    "position": [0, 0], "parameters": {},
}  # fmt: skip


@pytest.fixture(scope="module")
def simulator() -> Simulator:
    return Simulator(seed=1, sessions=3)


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
    assert "Fix it from n8n." in {record.asked["prompt"] for record in simulator.world.sessions.values()}


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
        made = client.post("/rest/workflows", json=asking(url)).json()["data"]
        started = client.post(
            f"/rest/workflows/{made['id']}/run",
            json={"workflowData": made, "triggerToStartFrom": {"name": "Start"}},
        )
        assert started.status_code == 200, started.text
        execution = started.json()["data"]["executionId"]
        for _ in range(100):
            found = client.get(f"/rest/executions/{execution}").json()["data"]
            if found["finished"] or found["status"] in ("error", "crashed"):
                break
            time.sleep(0.3)
        text = found["data"] if isinstance(found["data"], str) else json.dumps(found["data"])
    assert found["status"] == "success", text[:2000]
    assert "session_id" in text and "end_cursor" in text
