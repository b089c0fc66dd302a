"""n8n's own engine, as a process that runs one workflow after another."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devin_tools import Spec
from devin_tools.export.builders.fields import fields_of, operation_of

__all__ = ["Engine", "case", "engine", "step", "workflow"]

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


def workflow(*steps: Mapping[str, Any]) -> dict[str, Any]:
    """Return a workflow of nodes one after the other."""
    start = {"id": "s", "name": "Start", "type": "n8n-nodes-base.manualTrigger", "typeVersion": 1}
    nodes = [start | {"position": [0, 0], "parameters": {}}, *steps]
    names = [str(node["name"]) for node in nodes]
    to = [{"main": [[{"node": name, "type": "main", "index": 0}]]} for name in names[1:]]
    links = dict(zip(names, to, strict=False))
    return {"nodes": nodes, "connections": links}


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
