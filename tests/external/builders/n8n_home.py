"""n8n's own engine, as a process that runs one workflow after another."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from external.builders.listening import Asked
from support.served_processes import TOKEN

from devin_tools import Simulator, Spec, load_catalog
from devin_tools.api.shared.once import KEY_TAG
from devin_tools.export.builders.fields import fields_of, operation_of
from devin_tools.export.builders.n8n import n8n_files

__all__ = [
    "CATALOG",
    "HOME",
    "KEY",
    "Engine",
    "case",
    "engine",
    "started_engine",
    "step",
    "without_key_tags",
    "workflow",
]

HOME = Path(os.environ.get("DEVIN_TOOLS_BUILDER", "/nonexistent"))
CATALOG = load_catalog(plugins=())
KEY = "cog_CANARY_builders"
ENGINE = Path(__file__).parent / "n8n_engine.cjs"
CREDENTIALS = {"devin": "devinApi", "devinToolsServer": "devinToolsServerApi"}


class Engine:
    """Runs workflows."""

    def __init__(self, process: subprocess.Popen[str]):
        self._process = process

    def run(self, workflow: Mapping[str, Any]) -> dict[str, Any]:
        """Return what each node gave."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(workflow) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith(">"):  # n8n writes of its own between
                outputs: dict[str, Any] = json.loads(line[1:])
                return outputs
        raise AssertionError("the engine ended")


@contextmanager
def engine(
    home: Path, folder: Path, pack: Mapping[str, str], credentials: Mapping[str, Any]
) -> Iterator[Engine]:
    """Lay out the pack and start the engine on it."""
    for name, text in pack.items():
        path = folder / "n8n-nodes-devin" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "credentials.json").write_text(json.dumps(credentials), encoding="utf-8")
    command = ["node", str(ENGINE), str(folder / "n8n-nodes-devin"), str(folder / "credentials.json")]
    variables = {"NODE_PATH": str(home / "node_modules"), "N8N_USER_FOLDER": str(folder)}
    log = (folder / "log.txt").open("w", encoding="utf-8")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
    with log, subprocess.Popen(command, env=os.environ | variables, text=True, **pipes) as process:
        try:
            yield Engine(process)
        finally:
            process.terminate()


@contextmanager
def started_engine(
    folder: Path, simulator: Simulator, *more: Spec, api: str, tools_server: str = "http://127.0.0.1:9"
) -> Iterator[Engine]:
    """Start the engine with the pack of every tool; what is looked for is looked for soon."""
    credentials = {
        "devinApi": {"apiKey": KEY, "orgId": simulator.world.org_id, "baseUrl": api},
        "devinToolsServerApi": {"serverUrl": tools_server, "token": TOKEN},
    }
    files = n8n_files([*CATALOG, *more])
    for name in [name for name in files if name.endswith("/calls.json")]:
        files[name] = json.dumps(json.loads(files[name]) | {"looks": [0.05, 0.05]})
    with engine(HOME, folder, files, credentials) as n8n:
        yield n8n


def without_key_tags(asked: Asked) -> Asked:
    """Leave out the tag by which a node finds the session that it made."""
    if asked.method != "POST" or not isinstance(asked.body, dict) or "tags" not in asked.body:
        return asked
    tags = [tag for tag in asked.body["tags"] if not tag.startswith(KEY_TAG)]
    body = asked.body | {"tags": tags}
    return replace(asked, body=body if tags else {k: v for k, v in body.items() if k != "tags"})


def step(
    name: str, tool: str, resource: str, /, *, node_: str = "devin", **parameters: Any
) -> dict[str, Any]:
    """Return a node of the pack."""
    operation = tool.removeprefix("devin_")
    return {
        "id": name, "name": name, "type": f"n8n-nodes-devin.{node_}", "typeVersion": 1, "position": [0, 0],
        "parameters": {"resource": resource, "operation": operation, **parameters},
        "credentials": {CREDENTIALS[node_]: {"id": CREDENTIALS[node_], "name": CREDENTIALS[node_]}},
    }  # fmt: skip


def workflow(
    *steps: Mapping[str, Any], items: Sequence[Mapping[str, Any]] = (), retries: int = 0
) -> dict[str, Any]:
    """Return a workflow of nodes one after the other, that starts with items; a failed one is retried."""
    start = {"id": "s", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1}
    nodes = [start | {"position": [0, 0], "parameters": {}}, *steps]
    names = [str(node["name"]) for node in nodes]
    to = [{"main": [[{"node": name, "type": "main", "index": 0}]]} for name in names[1:]]
    links = dict(zip(names, to, strict=False))
    return {"nodes": nodes, "connections": links, "retries": retries} | ({"items": items} if items else {})


def parameters_of(spec: Spec, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Fill a node's parameters as a person would."""
    required, rest = {}, {}
    for field in fields_of(spec):
        if field.name not in arguments:
            continue
        value = arguments[field.name]
        if spec.paging and field.name == spec.paging.size_field:
            required |= {"limit": value, "returnAll": False}
            continue
        if field.kind == "json":
            value = json.dumps(value)
        elif field.kind == "texts" and value and not any("," in one for one in value):
            value = ", ".join(value)
        (required if field.is_required else rest)[field.name] = value
    return {**required, "additionalFields": rest}


def case(spec: Spec, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the workflow of one call."""
    return workflow(step("Call", operation_of(spec), spec.resource, **parameters_of(spec, arguments)))
