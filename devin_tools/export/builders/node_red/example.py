"""A flow to begin with: start a session, look until it settles, show what became of it."""

from __future__ import annotations

from typing import Any

from ....settings import DEFAULT_BASE_URL

SETTLED = (
    "const { status, status_detail } = msg.payload;\n"
    "const settled = ['exit', 'error', 'suspended'].includes(status)\n"
    "  || ['finished', 'waiting_for_user', 'waiting_for_approval'].includes(status_detail);\n"
    "msg.session_id = msg.payload.session_id;\n"
    "return settled ? [msg, null] : [null, msg];\n"
)
LOOK_SECONDS = "15"


def example_flow(account: str) -> list[dict[str, Any]]:
    """Return the flow as Node-RED imports it; it holds no key."""
    key: dict[str, Any] = {"name": "", "baseUrl": DEFAULT_BASE_URL, "orgId": "", "serverUrl": ""}
    task: dict[str, Any] = {"f_prompt": "Fix the flaky checkout test.", "f_promptType": "str"}
    limit: dict[str, Any] = {"f_max_acu_limit": "5", "f_max_acu_limitType": "num"}
    which: dict[str, Any] = {"f_session_id": "session_id", "f_session_idType": "msg"}
    pause: dict[str, Any] = {"pauseType": "delay", "timeout": LOOK_SECONDS, "timeoutUnits": "seconds"}
    shown: dict[str, Any] = {"active": True, "tosidebar": True, "complete": "payload", "targetType": "msg"}
    press: dict[str, Any] = {"props": [], "repeat": "", "crontab": "", "once": False, "onceDelay": 0.1}
    ours: dict[str, Any] = {"account": "dt-account"}
    return [
        {"id": "dt-flow", "type": "tab", "label": "Run a task"},
        {"id": "dt-account", "type": account, **key},
        _node("dt-start", "inject", 120, ["dt-create"], **press),
        _node("dt-create", "devin-create-session", 300, ["dt-look"], **ours, **task, **limit),
        _node("dt-look", "function", 480, ["dt-show"], ["dt-wait"], outputs=2, func=SETTLED),
        _node("dt-wait", "delay", 480, ["dt-get"], y=160, **pause),
        _node("dt-get", "devin-get-session", 300, ["dt-look"], y=160, **ours, **which),
        _node("dt-show", "debug", 660, **shown),
    ]


def _node(id_: str, type_: str, x: int, *wires: list[str], y: int = 80, **rest: Any) -> dict[str, Any]:
    place = {"z": "dt-flow", "name": "", "x": x, "y": y, "wires": list(wires)}
    return {"id": id_, "type": type_, **place, **rest}
