"""The routes for programs: every tool, the document that describes them, and how the server is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..catalog import unknown_tool
from .auth import base_url
from .responses import PartedResponse, json_bytes, json_response
from .routes import ServerRoute
from .runner import Runner


def tool_routes(runner: Runner, document: Mapping[str, Any], offered: Collection[str]) -> list[ServerRoute]:
    """Return the routes; the document has the URL it is to name, or an empty one.

    An error tells of no tools but those that are offered.
    """

    async def run(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in runner.catalog.specs:
            raise unknown_tool(name, offered)
        with runner.limiter.entered():
            call = runner.call(name, await runner.arguments(request))
            return await runner.respond(request, call)

    @cache
    def rest() -> bytes:
        """Return the document but for its URL, once: anybody may ask for it, and writing it takes long."""
        return b"," + json_bytes({name: value for name, value in document.items() if name != "servers"})[1:]

    async def show_document(request: Request) -> Response:
        here = base_url(request)
        servers = json_bytes({"servers": [{"url": document["servers"][0]["url"] or here}]})
        return PartedResponse(servers[:-1], shared=rest())

    async def liveness(request: Request) -> Response:
        return json_response({"status": "alive"})

    async def readiness(request: Request) -> Response:
        return await runner.check()

    return [
        ServerRoute("GET", "/openapi.json", show_document, is_open=True),
        ServerRoute("GET", "/healthz", liveness, is_open=True),
        ServerRoute("GET", "/readyz", readiness, is_open=True),
        ServerRoute("POST", "/tools/{name:path}", run),
    ]
