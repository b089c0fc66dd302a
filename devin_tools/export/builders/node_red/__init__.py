"""A Node-RED package: one palette node per tool, a shared account, and no code that differs between tools.

What Node-RED wants of a package: https://nodered.org/docs/creating-nodes/packaging
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ....schemas.traversal import transform
from ....settings import DEFAULT_BASE_URL
from ....spec import Spec
from ....version import __version__
from ...quoting import json_text, script_json
from .. import KEYED, asset
from ..fields import Field, fields_of, require_constants
from ..held import held_fields
from ..responses import response_list
from .creating import once_of
from .forms import help_of, needs_consent, tool_form

__all__ = ["node_red_files"]

PACKAGE = "node-red-contrib-devin-tools"
ACCOUNT = "devin-account"
CATEGORY = "Devin"
TIMEOUT_SECONDS = 600
STATIC = ("api.js", KEYED, "network.js", "once.js", "proxies.js", "tools.js", "values.js", "README.md")
ICON = "icons/devin.svg"


def node_red_files(specs: Sequence[Spec]) -> dict[str, str]:
    """Write the package."""
    require_constants("Node-RED", specs, lambda field: field.options)
    pack = {
        "account": ACCOUNT,
        "base_url": DEFAULT_BASE_URL,
        "category": CATEGORY,
        "timeout": TIMEOUT_SECONDS,
        "tools": [_tool(spec) for spec in specs],
    }
    return {
        "package.json": json_text(_package()),
        "tools.json": json_text(pack),
        "tools.html": _page(specs, pack),
        ICON: asset("node_red", "devin.svg"),
        "examples/Run a task.json": json_text(json.loads(asset("node_red", "run-a-task.json"))),
        **{name: asset("node_red", name) for name in STATIC},
    }


def _package() -> dict[str, Any]:
    return {
        "name": PACKAGE,
        "version": __version__,
        "description": "Every operation of the Devin API as a node.",
        "license": "Apache-2.0",
        "author": "devin-tools contributors",
        "keywords": ["node-red", "devin", "agents"],
        "engines": {"node": ">=18"},
        "node-red": {"version": ">=3.0.0", "nodes": {"devin-tools": "tools.js"}},
        "optionalDependencies": {"socks": "^2.8.0"},
        "files": ["*.js", "*.json", "*.html", "icons", "examples"],
    }


def type_of(spec: Spec) -> str:
    """Return the type by which flows name a tool's node."""
    return spec.name.replace("_", "-")


def fields_shown(spec: Spec) -> list[Field]:
    """List the fields of a node.

    Those that steer this package alone mean something to its server only, but for the key by which a session
    is created once; that server, in turn, refuses what no model may fill.
    """
    fields = fields_of(spec)
    if spec.is_one_request:
        key = (once_of(spec) or {}).get("key")
        return [field for field in fields if field.where != "nowhere" or field.name == key]
    return [field for field in fields if not field.is_user_only]


def _tool(spec: Spec) -> dict[str, Any]:
    """Describe a tool for the nodes' code; what has no value is left out."""
    fields = fields_shown(spec)
    entry: dict[str, Any] = {
        "type": type_of(spec),
        "id": spec.name,
        "title": spec.title,
        "effect": spec.effect.kind,
        "fields": [_field(spec, field) for field in fields],
    }
    if spec.effect.is_billable:
        entry["billable"] = True
    if spec.is_one_request and spec.route:
        entry["http"] = {"method": spec.route.method, "path": spec.route.template}
        entry |= {"once": once} if (once := once_of(spec)) else {}
    else:
        waits = next((field.default for field in fields if field.name == "timeout_seconds"), None)
        entry |= {"confirms": True} if needs_consent(spec) else {}
        entry |= {"waits": waits} if waits else {}
    if spec.paging is None and (rows := response_list(spec)):
        entry["list"] = asdict(rows)
    if spec.paging:
        entry["paging"] = asdict(spec.paging)
        entry["pageSize"] = spec.input_schema["properties"][spec.paging.size_field]["default"]
    return entry


LIMITS = ("minLength", "maxLength", "pattern", "minItems", "maxItems")
NUMBER_LIMITS = ("minimum", "maximum", "above", "below")
BOUNDS = {"above": "exclusiveMinimum", "below": "exclusiveMaximum"}
"""What the nodes' code calls bounds that a number may not reach."""


def _field(spec: Spec, field: Field) -> dict[str, Any]:
    schema, is_number = field.schema, field.kind in ("integer", "number")
    entry = {
        "name": field.name,
        "kind": field.kind,
        "required": field.is_required or None,
        "secret": field.is_secret or None,
        "nullable": _takes_null(spec.input_schema["properties"][field.name]) or None,
        "options": list(field.options) or None,
        "where": field.where,
        "wire": field.wire,
        "prefix": field.prefix or None,
        "isSession": field.prefix == "devin-" or None,
        "time": field.is_time or None,
        "slashes": "keep" if field.keeps_slashes else None,
        "held": field.name in held_fields(spec) or None,
        "shape": schema.get("type") if field.kind == "json" else None,
        "schema": _bare(schema) or None if field.kind == "json" else None,
        "each": _limits(schema["items"]) or None if field.kind == "texts" else None,
        **_limits(schema),
        **({name: schema.get(BOUNDS.get(name, name)) for name in NUMBER_LIMITS} if is_number else {}),
    }
    return {name: value for name, value in entry.items() if value is not None}


JUDGED = {
    *LIMITS, "type", "enum", "anyOf", "oneOf", "items", "properties", "required", "additionalProperties",
    "minimum", "maximum",
}  # fmt: skip
"""What the nodes' code reads of a schema."""
RENAMED = {"oneOf": "anyOf"}


def _bare(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return what can be judged of a schema of JSON; nothing where any object or list is right."""

    def judged(node: Mapping[str, Any]) -> dict[str, Any]:
        return {RENAMED.get(key, key): part for key, part in node.items() if key in JUDGED}

    bare = transform(schema, judged)
    is_open = bare.get("additionalProperties", True) is True
    return dict(bare) if not is_open or bare.keys() & {"items", "properties", "anyOf"} else {}


def _limits(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {name: schema[name] for name in LIMITS if name in schema}


def _takes_null(schema: Mapping[str, Any]) -> bool:
    """Return whether null is a value of its own, which is not the same as leaving the field out."""
    kinds = [part.get("type") for part in (schema, *schema.get("anyOf", ()))]
    return "null" in kinds or None in schema.get("enum", ())


def _page(specs: Sequence[Spec], pack: Any) -> str:
    """Write what the editor loads: its script, and the form and the help of every node."""
    script = asset("node_red", "editor.js").replace("/* VALUES */", asset("node_red", "values.js"))
    script = script.replace("/* PACK */ null", script_json(pack))
    parts = [f'<script type="text/javascript">\n{script}</script>\n', asset("node_red", "account.html")]
    for spec in specs:
        fields = fields_shown(spec)
        parts += [tool_form(type_of(spec), spec, fields), help_of(type_of(spec), spec, fields)]
    return "".join(parts)
