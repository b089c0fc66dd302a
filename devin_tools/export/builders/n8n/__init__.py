"""A community-node package for n8n, without a build step or a dependency.

What n8n wants of one: https://docs.n8n.io/integrations/creating-nodes/build/programmatic-style-node/
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ....schemas.traversal import Schema, transform, without_null_properties
from ....settings import DEFAULT_BASE_URL
from ....spec import Spec
from ....version import __version__
from ...openapi import DEFAULT_URL
from ...quoting import json_text
from .. import KEYED, asset
from ..fields import operation_of, require_constants
from ..responses import response_list, response_schema
from .calls import calls_of
from .nodes import server_node, tools_node
from .properties import constants_of
from .texts import said

__all__ = ["ADDED", "n8n_files"]

PACKAGE = "n8n-nodes-devin"
DOCS = "https://docs.devin.ai/api-reference/overview"
NODES = {"Devin": "devin", "DevinToolsServer": "devinToolsServer"}
CODE = ("api.js", "fields.js", KEYED, "once.js", "run.js")
ADDED = frozenset({"creation", "delivery"})
"""Fields that no response has and the nodes add: whether a call took effect, or was found to have."""

CREDENTIALS = ("DevinApi", "DevinToolsServerApi")


def n8n_files(specs: Sequence[Spec]) -> dict[str, str]:
    """Write the package."""
    require_constants("n8n", specs, constants_of)
    alone = [spec for spec in specs if spec.is_one_request]
    others = [spec for spec in specs if not spec.is_one_request]
    defaults = {"baseUrl": DEFAULT_BASE_URL, "serverUrl": DEFAULT_URL}
    made = {
        "package.json": json_text(_package()),
        "README.md": asset("n8n", "README.md"),
        "templates/run-a-task.json": json_text(json.loads(asset("n8n", "run-a-task.json"))),
        "dist/credentials/defaults.json": json_text(defaults),
    }
    made |= {f"dist/{name}": asset("n8n", name) for name in CODE}
    made |= {
        f"dist/credentials/{name}.credentials.js": asset("n8n", f"{name}.credentials.js")
        for name in CREDENTIALS
    }
    made |= _node("Devin", tools_node(alone), alone)
    made |= _node("DevinToolsServer", server_node(others), others)
    return made


def _package() -> dict[str, Any]:
    return {
        "name": PACKAGE,
        "version": __version__,
        "description": "Every operation of the Devin API.",
        "license": "Apache-2.0",
        "author": "devin-tools contributors",
        "keywords": ["n8n-community-node-package", "devin", "agents"],
        "files": ["dist", "templates"],
        "n8n": {
            "n8nNodesApiVersion": 1,
            "strict": True,
            "credentials": [f"dist/credentials/{name}.credentials.js" for name in CREDENTIALS],
            "nodes": [f"dist/nodes/{name}/{name}.node.js" for name in NODES],
        },
    }


def _node(name: str, description: dict[str, Any], specs: Sequence[Spec]) -> dict[str, str]:
    """Write a node: its code, description, icon, codex, and what the items of each operation look like."""
    folder = f"dist/nodes/{name}"
    schemas = {
        f"{folder}/__schema__/v1.0.0/{spec.resource}/{operation_of(spec)}.json": json_text(_item(spec))
        for spec in specs
    }
    return {
        f"{folder}/{name}.node.js": asset("n8n", f"{name}.node.js"),
        f"{folder}/description.json": json_text(description),
        f"{folder}/calls.json": json_text(calls_of(specs)),
        f"{folder}/{name}.node.json": json_text(_codex(NODES[name])),
        f"{folder}/devin.svg": asset("n8n", "devin.svg"),
        **schemas,
    }


def _codex(name: str) -> dict[str, Any]:
    """Return where the node belongs. The category AI would hide it from everybody who looks for no model."""
    return {
        "node": f"{PACKAGE}.{name}",
        "nodeVersion": "1.0",
        "codexVersion": "1.0",
        "categories": ["Development"],
        "alias": ["agent", "session", "coding", "pull request"],
        "resources": {"primaryDocumentation": [{"url": DOCS}], "credentialDocumentation": [{"url": DOCS}]},
    }


def _item(spec: Spec) -> dict[str, Any]:
    """Describe one item of an operation's output; the editor takes a field that may be null for untyped."""

    def reworded(node: Schema) -> Schema:
        text = node.get("description")
        return node | {"description": said(spec, text)} if isinstance(text, str) else node

    schema = response_schema(spec, ADDED)
    if rows := response_list(spec):
        schema = schema["properties"][rows.field]["items"]
    return {"version": 1, **transform(without_null_properties(schema, even_required=True), reworded)}
