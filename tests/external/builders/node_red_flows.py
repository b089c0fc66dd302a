"""The flows of the tests: one for each example, and what a person would draw."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from external.builders.listening import Cases
from external.builders.node_red_home import ACCOUNT, entrance, filled, tool_node

from devin_tools.export.builders import asset
from devin_tools.export.builders.fields import fields_of
from devin_tools.export.builders.node_red import type_of

__all__ = ["SILENT", "flows_of"]

SILENT = "account-2"
"""An account whose API never answers."""

SESSION = {"f_session_id": "payload.session_id", "f_session_idType": "msg"}
PROMPT = {"f_prompt": "Fix it. #simulate:finishes", "f_promptType": "str"}
ENDED = "msg.payload = { listed: msg.listed, ended: msg.payload }; return msg;"


def flows_of(cases: Cases) -> list[dict[str, Any]]:
    """Return every node."""
    nodes = [_example(number, *case) for number, case in enumerate(cases)]
    starts = {f"/case/{number}": node["id"] for number, node in enumerate(nodes)}
    starts |= {
        "/task": "create",
        "/get": "get",
        "/wait": "wait",
        "/again": "refused before",
        "/hollow": "hollow",
    }
    starts |= {"/variable": "variable", "/spoilt": "spoilt", "/hurried": "hurried", "/patient": "patient"}
    starts |= {"/shown": "shown", "/seen": "seen"}
    entrances = {one["id"]: one for path, first in starts.items() for one in entrance(path, first)}
    drawn = [*_drawn(), *_mended(), *_watched(), *_example_watched()]
    return [{"id": "tab", "type": "tab", "label": "Tests"}, *nodes, *drawn, *entrances.values()]


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
        _function("both", ENDED, [["out"]]),
        tool_node("get", "devin-get-session", ["out"], **SESSION),
        tool_node("wait", "devin-wait-session", ["out"], **SESSION, **quick),
    ]


def _mended() -> list[dict[str, Any]]:
    """What goes wrong, or once did."""
    prompt = {"f_prompt": "x", "f_promptType": "str"}
    unset = {"f_title": "NOT_SET_ANYWHERE", "f_titleType": "env"}
    spoilt = {"f_structured_output_schema": '{"SPOIL', "f_structured_output_schemaType": "json"}
    held = {"account": SILENT, "f_session_id": "x", "f_session_idType": "str"}
    return [
        _function("refused before", "msg.statusCode = 404; msg.error = {}; return msg;", [["get"]]),
        _function("hollow", "delete msg.payload; return msg;", [["get"]]),
        tool_node("variable", "devin-create-session", ["out"], **prompt, **unset),
        tool_node("spoilt", "devin-create-session", ["out"], **prompt, **spoilt),
        tool_node("hurried", "devin-get-session", ["out"], **{**held, "timeout": "0.5"}),
        tool_node("patient", "devin-get-session", ["out"], **held),
    ]


def _watched() -> list[dict[str, Any]]:
    """What stands under a node while it runs."""
    keep = "global.set('shown', [...(global.get('shown') || []), msg.status.text]);"
    tell = "msg.payload = global.get('shown'); global.set('shown', []); return msg;"
    watch = {"id": "watch", "type": "status", "z": "tab", "scope": ["get"], "wires": [["note"]]}
    return [watch, _function("note", keep, []), _function("shown", tell, [["out"]])]


def _example_watched() -> list[dict[str, Any]]:
    """The example of the package, with our account, looking more often, its last message kept."""
    nodes = [one for one in json.loads(asset("node_red", "run-a-task.json")) if one["id"] != "dt-account"]
    for node in nodes:
        if node.get("account"):
            node["account"] = ACCOUNT
        if node["type"] == "delay":
            node["timeout"] = "0.2"
        node["wires"] = [[*ends, "kept"] if "dt-show" in ends else ends for ends in node.get("wires", [])]
    tell = "msg.payload = global.get('seen') || {}; return msg;"
    kept = _function("kept", "global.set('seen', msg.payload);", [])
    return [*nodes, kept | {"z": "dt-flow"}, _function("seen", tell, [["out"]])]


def _function(id_: str, code: str, wires: list[list[str]]) -> dict[str, Any]:
    return {"id": id_, "type": "function", "z": "tab", "func": code, "outputs": len(wires), "wires": wires}


def _kept(id_: str, name: str, value: str, wires: list[str]) -> dict[str, Any]:
    rule = {"t": "set", "p": name, "pt": "msg", "to": value, "tot": "msg"}
    return {"id": id_, "type": "change", "z": "tab", "rules": [rule], "wires": [wires]}
