"""A reader of the templates that `export sim` writes: all that a builder must do, in a few lines."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote

from support.packs import pack

from devin_tools.export.builders.sim.params import JS_WHITESPACE

__all__ = ["exported", "output_by_template", "request_by_template"]


@cache
def exported() -> dict[str, dict[str, Any]]:
    """Return every built-in tool as it is exported, by its name."""
    tools = (json.loads(text) for name, text in pack("sim").items() if name.startswith("tools/"))
    return {tool["id"]: tool for tool in tools}


def request_by_template(tool: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Make the request of the parameters, in the words of the table of cases."""
    template = tool["request"]
    named = {field["param"] for field in template["fields"]}
    account = [name for name in ("apiKey", "orgId") if name in tool["params"].keys() - named]
    texts = {name: params[name].strip() for name in account}
    url, query, body = template["url"], [], {}
    for field in template["fields"]:
        value = _read(field, params.get(field["param"]))
        if value is None:
            continue
        if field["in"] == "path":
            kept = "/" if field.get("slashes") else ""
            url = url.replace(f"{{{field['param']}}}", quote(value, safe=kept))
        elif field["in"] == "query":
            query += [
                [field["name"], _text(item)] for item in (value if isinstance(value, list) else [value])
            ]
        else:
            body[field["name"]] = value
    for name, text in texts.items():
        url = url.replace(f"{{{name}}}", text)
    origin, path = re.fullmatch(r"(https?://[^/]+)(/.*)", url).groups()
    headers = {name.lower(): text.format(**texts) for name, text in template["headers"].items()}
    sent = body if template["hasBody"] else None
    return {
        "method": template["method"],
        "origin": origin,
        "path": path,
        "query": query,
        "headers": headers,
        "body": sent,
    }


def _read(field: Mapping[str, Any], value: Any) -> Any:
    """Return the value as it travels; `None` when nothing does."""
    if value is None or value == "" or (field["as"] == "tags" and value == [] and not field["required"]):
        return None
    if field["as"] in ("integer", "number") and isinstance(value, str):
        value = json.loads(value)
    if field["as"] == "flag" and isinstance(value, str | int):
        value = str(value).lower() in ("true", "1")
    if field["as"] == "tags":
        parts = value.split(",") if isinstance(value, str) else value
        value = [tag for part in parts if (tag := _text(part).strip(JS_WHITESPACE))]
    if field["as"] in ("texts", "choices", "json") and isinstance(value, str):
        value = json.loads(value)
    if field.get("trim") and isinstance(value, str):
        value = value.strip(JS_WHITESPACE)
    if "prefix" in field:
        value = [_id(field, item) for item in value] if isinstance(value, list) else _id(field, value)
    return None if value in field.get("unsent", []) else value


def _id(field: Mapping[str, Any], text: str) -> str:
    return field["prefix"] + text.rstrip("/").rpartition("/")[2].removeprefix(field["prefix"])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def output_by_template(tool: Mapping[str, Any], answer: Any) -> dict[str, Any]:
    """Make the output of the API's answer; a bare list is what would stand under `items`."""
    return _taken(tool["response"], {"items": answer} if isinstance(answer, list) else answer)


def _taken(keys: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    output = {}
    for key, how in keys.items():
        value = found.get(how["from"])
        if value is None:
            output[key] = how["default"]
        elif "each" in how:
            is_list = isinstance(value, list)
            output[key] = (
                [_taken(how["each"], item) for item in value] if is_list else _taken(how["each"], value)
            )
        else:
            output[key] = value
    return output
