"""A call written out for elsewhere: the command line, Python, cURL, and a client of the MCP server. Pure.

No key, token or secret stands in any of them: names of environment variables do.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from pprint import pformat
from typing import Any

from ..schemas.traversal import alternatives
from ..security.references import is_reference
from ..spec import Spec
from .openapi import CONFIRM_HEADER
from .providers.variants import whole

Schema = Mapping[str, Any]

WIDTH = 88


def snippets_of(spec: Spec, arguments: Mapping[str, Any], server: str, *, asks: bool) -> dict[str, str]:
    """Write a call out in every form; `server` is the URL of a tool server, `asks` whether it wants consent.

    The arguments need not be valid yet: they are written as they are, with each secret by its reference.
    """
    named = _referring(dict(arguments), whole(spec), "")
    words = ["devin-tools", "call", spec.name]
    words += [json.dumps(named, ensure_ascii=False)] if named else []
    return {
        "cli": shlex.join(words),
        "python": _python(spec, named),
        "curl": _curl(spec, named, server, asks),
        "mcp": _mcp(spec),
    }


def _python(spec: Spec, arguments: Mapping[str, Any]) -> str:
    """Write a program; names that are not identifiers are not fields, and are refused when it runs."""
    name, module = spec.class_name, spec.module
    if module.startswith("devin_tools.api."):
        module = "devin_tools"
    lines = [f"        {key}={_literal(value)}," for key, value in arguments.items() if key.isidentifier()]
    call = "\n".join([f"{name}(", *lines, "    )"]) if lines else f"{name}()"
    client = "from devin_tools import Client\n" if module != "devin_tools" else ""
    names = name if client else ", ".join(sorted(("Client", name)))
    return (
        f"{client}from {module} import {names}\n\n"
        f"with Client() as client:  # the key is in DEVIN_API_KEY\n"
        f"    output = client.run({call})\n"
        f"print(output.model_dump_json(indent=2))\n"
    )


def _literal(value: Any) -> str:
    return pformat(value, width=WIDTH, sort_dicts=False).replace("\n", "\n        ")


def _curl(spec: Spec, arguments: Mapping[str, Any], server: str, asks: bool) -> str:
    if spec.missing_from_models:
        names = " and ".join(spec.missing_from_models)
        return f"# The tool server does not offer {spec.name}: only a person may fill {names}.\n"
    body = {name: value for name, value in arguments.items() if name not in spec.user_only}
    lines = [
        f"curl -sS {shlex.quote(f'{server}/tools/{spec.name}')}",
        '-H "Authorization: Bearer $DEVIN_SERVE_TOKEN"',
        "-H 'Content-Type: application/json'",
    ]
    if asks and spec.effect.needs_consent:
        lines.append(f"-H '{CONFIRM_HEADER}: true'")
    lines.append(f"-d {shlex.quote(json.dumps(body, ensure_ascii=False))}")
    left_out = ", ".join(name for name in arguments if name in spec.user_only)
    note = f"# Left out, as only a person may fill it: {left_out}\n" if left_out else ""
    return note + " \\\n  ".join(lines) + "\n"


def _mcp(spec: Spec) -> str:
    if spec.missing_from_models:
        return f"The MCP server does not offer {spec.name}: a model may not fill what it needs.\n"
    destroys = spec.effect.kind == "destroy"
    server = {
        "command": "devin-tools",
        "args": ["mcp", "--tools", spec.name],
        "env": {"DEVIN_API_KEY": "${DEVIN_API_KEY}"} | ({"DEVIN_CONFIRM": "1"} if destroys else {}),
    }
    return json.dumps({"mcpServers": {"devin": server}}, indent=2) + "\n"


def _referring(value: Any, schema: Schema, name: str) -> Any:
    """Put a reference in the place of each secret; it is named after what it is for."""
    forms = list(alternatives(schema, schema))
    if any(form.get("format") == "password" for form in forms):
        is_named = isinstance(value, str) and is_reference(value)
        return value if is_named or value is None else f"env:{_variable(name)}"
    if isinstance(value, list):
        items = {"anyOf": [form["items"] for form in forms if "items" in form]}
        return [_referring(part, items, name) for part in value]
    if not isinstance(value, dict):
        return value
    known = {key: part for form in forms for key, part in form.get("properties", {}).items()}
    own = value.get("key")
    title = own if isinstance(own, str) and own else name
    return {key: _referring(part, known.get(key, {}), title if name else key) for key, part in value.items()}


def _variable(name: str) -> str:
    """Make a name for the environment of a name for people."""
    made = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").upper()
    return made if made[:1].isalpha() else f"SECRET_{made}".rstrip("_")
