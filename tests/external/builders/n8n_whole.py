"""A whole n8n of the tests' own: its user folder, its process, an owner, credentials."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

__all__ = ["OWNER", "credential", "n8n", "ran", "retried", "signed_in"]

OWNER = {"email": "owner@example.com", "firstName": "O", "lastName": "W", "password": "Passw0rd-of-tests"}

QUIET = {
    "N8N_DIAGNOSTICS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false",
    "N8N_HIRING_BANNER_ENABLED": "false",
    "N8N_DYNAMIC_BANNERS_ENABLED": "false",
    "N8N_VERIFIED_PACKAGES_ENABLED": "false",
    "N8N_REINSTALL_MISSING_PACKAGES": "false",
    "N8N_PUBLIC_API_DISABLED": "true",
    "EXTERNAL_FRONTEND_HOOKS_URLS": "",
    "N8N_DIAGNOSTICS_CONFIG_FRONTEND": "",
    "N8N_DIAGNOSTICS_CONFIG_BACKEND": "",
    "DO_NOT_TRACK": "1",
    "SCARF_ANALYTICS": "false",
}
"""What keeps it from asking others than this machine."""


@contextmanager
def n8n(home: Path, folder: Path, pack: Mapping[str, str], port: int) -> Iterator[str]:
    """Run it until the block ends, with the pack in it; give its URL."""
    nodes = folder / ".n8n" / "nodes"
    for name, text in pack.items():
        path = nodes / "node_modules" / "n8n-nodes-devin" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (nodes / "package.json").write_text('{"name": "installed-nodes", "private": true}', encoding="utf-8")
    variables = QUIET | {
        "N8N_USER_FOLDER": str(folder),
        "N8N_PORT": str(port),
        "N8N_LISTEN_ADDRESS": "127.0.0.1",
        "N8N_HOST": "127.0.0.1",
        "N8N_SECURE_COOKIE": "false",
        "N8N_ENCRYPTION_KEY": "of-the-tests",
        "N8N_RUNNERS_BROKER_PORT": str(port + 1),
    }
    log = (folder / "log.txt").open("w", encoding="utf-8")
    command = ["node", str(home / "node_modules" / "n8n" / "bin" / "n8n"), "start"]
    with log, subprocess.Popen(command, env=os.environ | variables, stdout=log, stderr=log) as process:
        try:
            _await_editor(process, folder / "log.txt")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _await_editor(process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1800):
        text = log.read_text(encoding="utf-8")
        assert process.poll() is None, text
        if "Editor is now accessible" in text:
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


@contextmanager
def signed_in(url: str) -> Iterator[httpx.Client]:
    """Make the owner, if there is none, and sign in."""
    with httpx.Client(base_url=url, timeout=60, headers={"browser-id": "tests"}) as client:
        client.post("/rest/owner/setup", json=OWNER)
        answer = client.post(
            "/rest/login", json={"emailOrLdapLoginId": OWNER["email"], "password": OWNER["password"]}
        )
        assert answer.status_code == 200, answer.text
        yield client


def credential(client: httpx.Client, type_: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Store a credential; give what n8n says of it."""
    answer = client.post("/rest/credentials", json={"name": type_, "type": type_, "data": dict(data)})
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()["data"]
    return made


def ran(
    client: httpx.Client, workflow: Mapping[str, Any], meanwhile: Callable[[], object] = lambda: None
) -> tuple[str, str]:
    """Store a workflow and run it from its node `Start`; give how it ended and all that it gave."""
    made = client.post("/rest/workflows", json=dict(workflow)).json()["data"]
    asked = {"workflowData": made, "triggerToStartFrom": {"name": "Start"}}
    started = client.post(f"/rest/workflows/{made['id']}/run", json=asked)
    assert started.status_code == 200, started.text
    found = _ended(client, started.json()["data"]["executionId"], meanwhile)
    text = found["data"] if isinstance(found["data"], str) else json.dumps(found["data"])
    return found["status"], text


def retried(client: httpx.Client, workflow_name: str) -> str:
    """Retry the last execution of a workflow, as its list in the editor does; return how it ended."""
    listed = client.get("/rest/executions").json()["data"]["results"]
    execution = next(one["id"] for one in listed if one["workflowName"] == workflow_name)
    again = client.post(f"/rest/executions/{execution}/retry", json={"loadWorkflow": False})
    assert again.status_code == 200, again.text
    latest = client.get("/rest/executions").json()["data"]["results"][0]
    status: str = _ended(client, latest["id"])["status"]
    return status


def _ended(client: httpx.Client, execution: str, meanwhile: Callable[[], object] = lambda: None) -> Any:
    for _ in range(200):
        found = client.get(f"/rest/executions/{execution}").json()["data"]
        if found["finished"] or found["status"] in ("error", "crashed"):
            break
        meanwhile()
        time.sleep(0.3)
    return found
