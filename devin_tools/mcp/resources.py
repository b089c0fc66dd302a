"""Sessions as MCP resources: `devin://sessions/{id}` is the JSON of one session."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from ..errors import InvalidArguments
from ..spec import Spec
from ..tool import Output
from .results import marked

READER = "devin_get_session"
"""The tool that reads what the template names."""

TEMPLATE: dict[str, Any] = {
    "uriTemplate": "devin://sessions/{id}",
    "name": "devin_session",
    "title": "Devin session",
    "description": "One session as JSON: its state, pull requests and structured output.",
    "mimeType": "application/json",
}

_SESSION = re.compile(r"devin://sessions/([^/?#]+)")


def session_in(uri: str) -> str:
    """Find the session that a URI names; raise `InvalidArguments` when it names none."""
    match = _SESSION.fullmatch(uri)
    if match is None:
        raise no_such(f"does not fit {TEMPLATE['uriTemplate']}")
    return unquote(match[1])


def no_such(reason: str = "is that of no resource of this server") -> InvalidArguments:
    """Return the error of a URI that names no resource."""
    return InvalidArguments("No resource has this URI.", details=[{"path": "uri", "reason": reason}])


def contents(uri: str, output: Output, spec: Spec) -> dict[str, Any]:
    """Return a session as the contents of its resource, with the marks that an answer of its tool has."""
    text = json.dumps(marked(output.model_dump(mode="json"), spec), ensure_ascii=False)
    return {"contents": [{"uri": uri, "mimeType": TEMPLATE["mimeType"], "text": text}]}
