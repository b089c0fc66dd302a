"""A workflow to begin with: start a session, look until it settles, go on with what became of it."""

from __future__ import annotations

from typing import Any

LOOK_SECONDS = 15
SETTLED = (
    "={{ ['exit', 'error', 'suspended'].includes($json.status)"
    " || ['finished', 'waiting_for_user', 'waiting_for_approval'].includes($json.status_detail) }}"
)


def run_a_task(node: str) -> dict[str, Any]:
    """Return the workflow as n8n imports it; its credential is chosen after that."""
    create = {"resource": "sessions", "operation": "create_session", "prompt": "Fix the flaky checkout test."}
    look = {"resource": "sessions", "operation": "get_session", "session_id": "={{ $json.session_id }}"}
    pause = {"resume": "timeInterval", "amount": LOOK_SECONDS, "unit": "seconds"}
    nodes = [
        _node("Start", "n8n-nodes-base.manualTrigger", 0, {}),
        _node("Create a session", node, 1, create | {"additionalFields": {"max_acu_limit": 5}}),
        _node("Look", node, 2, look),
        _node("Settled?", "n8n-nodes-base.if", 3, {"conditions": _is_true(SETTLED)}, 2.2),
        _node("Pause", "n8n-nodes-base.wait", 3, pause, 1.1, down=1),
        _node("What became of it", "n8n-nodes-base.noOp", 4, {}),
    ]
    connections = {
        "Start": _to(["Create a session"]),
        "Create a session": _to(["Look"]),
        "Look": _to(["Settled?"]),
        "Settled?": _to(["What became of it"], ["Pause"]),
        "Pause": _to(["Look"]),
    }
    settings = {"executionOrder": "v1"}
    return {"name": "Run a task with Devin", "nodes": nodes, "connections": connections, "settings": settings}


def _node(
    name: str, type_: str, column: int, parameters: dict[str, Any], version: float = 1, *, down: int = 0
) -> dict[str, Any]:
    return {
        "id": name.lower().replace(" ", "-").rstrip("?"),
        "name": name,
        "type": type_,
        "typeVersion": version,
        "position": [240 * column, 300 + 180 * down],
        "parameters": parameters,
    }


def _to(*outputs: list[str]) -> dict[str, Any]:
    return {"main": [[{"node": name, "type": "main", "index": 0} for name in names] for names in outputs]}


def _is_true(expression: str) -> dict[str, Any]:
    operator = {"type": "boolean", "operation": "true", "singleValue": True}
    condition = {"id": "settled", "leftValue": expression, "rightValue": "", "operator": operator}
    options = {"caseSensitive": True, "typeValidation": "strict", "version": 2}
    return {"options": options, "conditions": [condition], "combinator": "and"}
