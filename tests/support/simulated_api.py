"""A way to ask a simulator in the words of the wire, every refusal checked for its shape."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator
from support.tools import built_in

from devin_tools import Simulator
from devin_tools.wire import Request

__all__ = ["Api", "simulated"]

STRING_OR_NULL = {"type": ["string", "null"]}
ERROR = {
    "type": "object",
    "required": ["loc", "msg", "type"],
    "properties": {
        "loc": {"type": "array", "minItems": 1, "prefixItems": [{"enum": ["path", "query", "body"]}]},
        "msg": {"type": "string", "minLength": 1},
        "type": {"type": "string"},
    },
    "additionalProperties": False,
}
PROBLEM = Draft202012Validator(
    {
        "type": "object",
        "required": ["title", "status"],
        "properties": {
            "title": {"type": "string", "minLength": 1},
            "status": {"type": "integer"},
            "type": {"type": "string"},
            "detail": STRING_OR_NULL,
            "instance": STRING_OR_NULL,
            "errors": {"type": ["array", "null"], "items": ERROR, "minItems": 1},
        },
        "additionalProperties": False,
        "if": {"properties": {"status": {"const": 422}}},
        "then": {"properties": {"errors": {"type": "array"}}},
        "else": {"properties": {"errors": {"type": "null"}}},
    }
)


def simulated(**options: Any) -> Simulator:
    """Return a simulator of the built-in tools, whose catalog is not built anew for it."""
    return Simulator(**{"catalog": built_in()} | options)


class Api:
    """Asks a simulator in the words of the wire. `/x` stands for a path of its organisation."""

    def __init__(self, simulator: Simulator, key: str | None = "Bearer cog_any"):
        self.simulator = simulator
        self.key = key

    def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, Any]:
        full = (
            path
            if path.startswith(("/v", "/opbeta"))
            else f"/v3/organizations/{self.simulator.world.org_id}{path}"
        )
        pairs = [(k, str(v)) for k, vs in query.items() for v in (vs if isinstance(vs, list) else [vs])]
        answer = self.simulator.handle(Request(method, full, tuple(pairs), body), self.key)
        parsed = answer.json() if answer.body else None
        if answer.status >= 400:
            PROBLEM.validate(parsed)
            assert (parsed["status"], parsed["instance"]) == (answer.status, full)
        return answer.status, parsed

    def create(self, **fields: Any) -> str:
        """Create a session; return its path."""
        status, session = self("POST", "/sessions", {"prompt": "Look.", **fields})
        assert status == 200, session
        return f"/sessions/devin-{session['session_id']}"

    def listed(self, **query: Any) -> list[str]:
        """List the titles of the sessions that pass a filter."""
        status, page = self("GET", "/sessions", **query)
        assert status == 200, page
        return [session["title"] for session in page["items"]]
