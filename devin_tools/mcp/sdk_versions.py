"""Adapts our handlers to versions 1 and 2 of the `mcp` package.

Everything that differs between them is here. Handlers return plain data in the names of the wire.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import SecretStr

from ..errors import InvalidArguments, NotFound, UnknownTool
from .auth import KEY
from .consent import ANSWER, Question, request
from .results import safe_error

Wire = dict[str, Any]

INVALID_PARAMS, INTERNAL_ERROR, RESOURCE_NOT_FOUND = -32602, -32603, -32002
"""Codes of JSON-RPC, and of MCP for a resource that is not there."""

MODERN = "2026-07-28"
"""From this protocol version on a server asks by an answer, not by a request of its own."""

TYPES = {
    "tools/list": "ListTools",
    "tools/call": "CallTool",
    "resources/list": "ListResources",
    "resources/templates/list": "ListResourceTemplates",
    "resources/read": "ReadResource",
    "prompts/list": "ListPrompts",
    "prompts/get": "GetPrompt",
}
"""How the SDK names the types of each method."""


class InputRequired(Exception):
    """Not an error: it carries the result by which a server asks the person at the client."""

    def __init__(self, result: Wire):
        self.result = result


class Exchange(ABC):
    """One request of a client, and the ways back to it while it is handled."""

    def __init__(self, context: Any, params: Any):
        self.params = params
        """The parameters, as the SDK read them."""
        self._context = context
        self._told = 0

    @property
    def key(self) -> SecretStr | None:
        """The caller's own Devin key, when it brought one."""
        key: SecretStr | None = getattr(self._context.request, "scope", {}).get(KEY)
        return key

    @abstractmethod
    async def tell(self, message: str) -> None:
        """Send progress, if the caller asked for any."""

    async def ask(self, question: Question) -> bool | None:
        """Ask the person at the client; `None` when it cannot show a form, as where it declares only URLs."""
        able = getattr(self._capabilities(), "elicitation", None)
        if able is None:
            return None
        declared = able.model_dump(by_alias=True, exclude_none=True)
        return await self._elicit(question) if "form" in declared or "url" not in declared else None

    async def _elicit(self, question: Question) -> bool:
        asked = request(question.text)
        elicit, number = self._context.session.elicit, self._context.request_id
        answer = await elicit(asked["message"], asked["requestedSchema"], number)
        return bool(answer.action == "accept")

    @abstractmethod
    def _capabilities(self) -> Any:
        """Return what the client declared, or `None`."""


Handler = Callable[[Exchange], Awaitable[Wire]]
Handlers = Mapping[str, Handler]


def server_over(handlers: Handlers, about: Wire) -> Any:
    """Make a server of the installed major, which says `about` of itself when a client connects."""
    from mcp.server.lowlevel import Server
    from mcp.types import ServerCapabilities

    class Described(Server):  # type: ignore[type-arg,misc,unused-ignore]
        """A server whose capabilities are those said, and not worked out anew by each major."""

        def get_capabilities(self, *_: Any, **__: Any) -> ServerCapabilities:
            return ServerCapabilities.model_validate(about["capabilities"])

    server = Described(**about["serverInfo"], instructions=about["instructions"])
    register = _register_v2 if hasattr(server, "add_request_handler") else _register_v1
    for method, handler in handlers.items():
        register(server, method, handler)
    return server


class _RequestV1(Exchange):
    """A request in version 1 of the SDK."""

    async def tell(self, message: str) -> None:
        token = getattr(self._context.meta, "progressToken", None)
        if token is None:
            return
        self._told += 1
        await self._context.session.send_progress_notification(
            token, self._told, message=message, related_request_id=str(self._context.request_id)
        )

    def _capabilities(self) -> Any:
        return getattr(self._context.session.client_params, "capabilities", None)


class _RequestV2(Exchange):
    """A request in version 2 of the SDK."""

    async def tell(self, message: str) -> None:
        self._told += 1
        await self._context.session.report_progress(self._told, None, message)

    async def _elicit(self, question: Question) -> bool:
        if self._context.protocol_version < MODERN:
            return await super()._elicit(question)
        answers = self.params.input_responses or {}
        if ANSWER not in answers or not question.redeem(self.params.request_state):
            asking = {"method": "elicitation/create", "params": request(question.text)}
            inputs = {"inputRequests": {ANSWER: asking}, "requestState": question.issue()}
            raise InputRequired({"resultType": "input_required"} | inputs)
        return getattr(answers[ANSWER], "action", None) == "accept"

    def _capabilities(self) -> Any:
        return self._context.session.client_capabilities


def _register_v1(server: Any, method: str, handler: Handler) -> None:
    import mcp.types as types
    from mcp.shared.exceptions import McpError

    name = TYPES[method]
    result = getattr(types, f"{name}Result")

    async def answer(request: Any) -> Any:
        try:
            wire = await handler(_RequestV1(server.request_context, request.params))
        except Exception as error:
            raise McpError(types.ErrorData(**_fault(error, method))) from None
        return types.ServerResult(result.model_validate(wire))

    server.request_handlers[getattr(types, f"{name}Request")] = answer


def _register_v2(server: Any, method: str, handler: Handler) -> None:
    import mcp.types as types
    from mcp import MCPError

    name = TYPES[method]
    result = getattr(types, f"{name}Result")
    params = getattr(types, f"{'Paginated' if name.startswith('List') else name}RequestParams")

    async def answer(context: Any, params: Any) -> Any:
        try:
            wire = await handler(_RequestV2(context, params))
        except InputRequired as required:
            return required.result
        except Exception as error:
            raise MCPError(**_fault(error, method)) from None
        return result.model_validate(wire)

    server.add_request_handler(method, params, answer)


def _fault(error: Exception, method: str) -> dict[str, Any]:
    """Turn an error into one of the protocol."""
    problem = safe_error(error, method)
    code = RESOURCE_NOT_FOUND if isinstance(problem, NotFound) else INTERNAL_ERROR
    if isinstance(problem, InvalidArguments | UnknownTool):
        code = INVALID_PARAMS
    return {"code": code, "message": problem.message, "data": {"error": problem.as_dict("model")}}
