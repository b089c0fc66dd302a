"""The two majors of the `mcp` package behind one face: handlers go in, a server of either comes out.

Everything that differs between them is here. Handlers give plain data in the names of the wire.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

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

NAMES = {
    "tools/list": ("ListTools", "PaginatedRequestParams"),
    "tools/call": ("CallTool", "CallToolRequestParams"),
    "resources/list": ("ListResources", "PaginatedRequestParams"),
    "resources/templates/list": ("ListResourceTemplates", "PaginatedRequestParams"),
    "resources/read": ("ReadResource", "ReadResourceRequestParams"),
    "prompts/list": ("ListPrompts", "PaginatedRequestParams"),
    "prompts/get": ("GetPrompt", "GetPromptRequestParams"),
}
"""How the SDK names each method's types."""


class Exchange(Protocol):
    """One request of a client, and the ways back to it while it is answered."""

    params: Any
    """The parameters, as the SDK read them."""

    @property
    def key(self) -> SecretStr | None:
        """The caller's own Devin key, when it brought one."""

    async def tell(self, message: str) -> None:
        """Send progress, if the caller asked for any."""

    async def ask(self, question: Question) -> bool | None:
        """Ask the person at the client; `None` when it cannot ask."""


Handler = Callable[[Exchange], Awaitable[Wire]]
Handlers = Mapping[str, Handler]


def server_over(handlers: Handlers, *, name: str, version: str, instructions: str) -> Any:
    """Make a server of the installed major."""
    from mcp.server.lowlevel import Server

    server = Server(name, version=version, instructions=instructions)
    register = _register_v2 if hasattr(server, "add_request_handler") else _register_v1
    for method, handler in handlers.items():
        register(server, method, handler)
    return server


class InputRequired(Exception):
    """No error: it carries the answer with which a server asks back."""

    def __init__(self, answer: Wire):
        self.answer = answer


class _Exchange(ABC):
    """What both majors have in common."""

    def __init__(self, context: Any, params: Any):
        self.params = params
        self._context = context
        self._told = 0

    @property
    def key(self) -> SecretStr | None:
        key: SecretStr | None = getattr(self._context.request, "scope", {}).get(KEY)
        return key

    async def ask(self, question: Question) -> bool | None:
        return await self._put(question) if self._can_ask() else None

    async def _put(self, question: Question) -> bool:
        asked = request(question.text)
        elicit, number = self._context.session.elicit, self._context.request_id
        answer = await elicit(asked["message"], asked["requestedSchema"], number)
        return bool(answer.action == "accept")

    def _can_ask(self) -> bool:
        """Return whether the client shows forms; one that declares only URLs does not."""
        able = getattr(self._capabilities(), "elicitation", None)
        if able is None:
            return False
        declared = able.model_dump(by_alias=True, exclude_none=True)
        return "form" in declared or "url" not in declared

    @abstractmethod
    def _capabilities(self) -> Any:
        """Return what the client declared, or `None`."""


class _RequestV1(_Exchange):
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


class _RequestV2(_Exchange):
    """A request in version 2 of the SDK."""

    async def tell(self, message: str) -> None:
        self._told += 1
        await self._context.session.report_progress(self._told, None, message)

    async def _put(self, question: Question) -> bool:
        if self._context.protocol_version < MODERN:
            return await super()._put(question)
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

    name, _ = NAMES[method]
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

    name, params_type = NAMES[method]
    result = getattr(types, f"{name}Result")

    async def answer(context: Any, params: Any) -> Any:
        try:
            wire = await handler(_RequestV2(context, params))
        except InputRequired as asked:
            return asked.answer
        except Exception as error:
            raise MCPError(**_fault(error, method)) from None
        return result.model_validate(wire)

    server.add_request_handler(method, getattr(types, params_type), answer)


def _fault(error: Exception, method: str) -> dict[str, Any]:
    """Turn an error into one of the protocol."""
    problem = safe_error(error, method)
    code = INTERNAL_ERROR
    if isinstance(problem, InvalidArguments | UnknownTool):
        code = INVALID_PARAMS
    elif isinstance(problem, NotFound):
        code = RESOURCE_NOT_FOUND
    return {"code": code, "message": problem.message, "data": {"error": problem.as_dict()}}
