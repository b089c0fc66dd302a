"""The flows of the tests: one for each example, and what a person would draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from listening import Cases
from node_red_home import entrance, filled, tool_node

from devin_tools.export.fields import fields_of
from devin_tools.export.node_red import type_of

__all__ = ["flows_of"]

SESSION = {"f_session_id": "payload.session_id", "f_session_idType": "msg"}
PROMPT = {"f_prompt": "Fix it. #simulate:finishes", "f_promptType": "str"}
ENDED = "msg.payload = { listed: msg.listed, ended: msg.payload }; return msg;"


def flows_of(cases: Cases) -> list[dict[str, Any]]:
    """Give every node."""
    nodes = [_example(number, *case) for number, case in enumerate(cases)]
    starts = {f"/case/{number}": node["id"] for number, node in enumerate(nodes)}
    starts |= {"/task": "create", "/get": "get", "/wait": "wait"}
    entrances = {one["id"]: one for path, first in starts.items() for one in entrance(path, first)}
    return [{"id": "tab", "type": "tab", "label": "Tests"}, *nodes, *_drawn(), *entrances.values()]


def _example(number: int, spec: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    more: dict[str, Any] = {}
    for field in fields_of(spec):
        if field.name in arguments:
            more |= filled(field.name, field.kind, arguments[field.name], is_secret=field.is_secret)
    return tool_node(f"case {number}", type_of(spec), ["out"], **more)


def _drawn() -> list[dict[str, Any]]:
    """Create, list all, terminate; get; wait."""
    limit = {"f_limit": "2", "f_limitType": "num"}
    quick = {"f_settle_seconds": "0", "f_settle_secondsType": "num"}
    made = {"f_session_id": "made", "f_session_idType": "msg"}
    return [
        tool_node("create", "devin-create-session", ["keep"], **PROMPT),
        _kept("keep", "made", "payload.session_id", ["list"]),
        tool_node("list", "devin-list-sessions", ["gather"], allPages=True, **limit),
        _kept("gather", "listed", "payload", ["end"]),
        tool_node("end", "devin-terminate-session", ["both"], **made),
        {"id": "both", "type": "function", "z": "tab", "outputs": 1, "func": ENDED, "wires": [["out"]]},
        tool_node("get", "devin-get-session", ["out"], **SESSION),
        tool_node("wait", "devin-wait-session", ["out"], **SESSION, **quick),
    ]


def _kept(id_: str, name: str, value: str, wires: list[str]) -> dict[str, Any]:
    rule = {"t": "set", "p": name, "pt": "msg", "to": value, "tot": "msg"}
    return {"id": id_, "type": "change", "z": "tab", "rules": [rule], "wires": [wires]}
