"""The routes for programs: every tool, the document that describes them, and how the server is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ..spec import Spec
from ..tool import Tool
from .asgi import Incoming
from .auth import host_of
from .calls import Calls
from .responses import Answer, json_response
from .routes import ServerRoute

Values = Mapping[str, str]


def tool_routes(calls: Calls, document: Mapping[str, Any]) -> list[ServerRoute]:
    """List them."""

    async def run(incoming: Incoming, values: Values) -> Answer:
        return await calls.run(incoming, values["name"], build)

    def build(spec: Spec, arguments: Mapping[str, Any]) -> Tool[Any]:
        return calls.runner.call(spec.name, arguments)

    @cache
    def rest() -> bytes:
        """Write the document but for its URL, once: anybody may ask for it, and it takes long."""
        return (
            b","
            + json_response({name: value for name, value in document.items() if name != "servers"}).body[1:]
        )

    async def show_document(incoming: Incoming, values: Values) -> Answer:
        here = f"{incoming.scope['scheme']}://{host_of(incoming)}{incoming.root}"
        servers = json_response({"servers": [{"url": document["servers"][0]["url"] or here}]}).body
        return Answer(200, servers[:-1], shared=rest())

    async def liveness(incoming: Incoming, values: Values) -> Answer:
        return json_response({"status": "alive"})

    async def readiness(incoming: Incoming, values: Values) -> Answer:
        return await calls.runner.check()

    return [
        ServerRoute("GET", "/openapi.json", show_document, is_open=True),
        ServerRoute("GET", "/healthz", liveness, is_open=True),
        ServerRoute("GET", "/readyz", readiness, is_open=True),
        ServerRoute("POST", "/tools/{name:path}", run),
    ]
