"""Pydantic AI: the extra `pydantic-ai`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..errors import DevinToolsError, InvalidArguments
from ..spec import Spec
from .function import Function, error_text, functions

if TYPE_CHECKING:
    from pydantic_ai import RunContext, Tool

    from ..client import AsyncClient, Client

RETRIES = 3
"""How often a model may correct its arguments; the framework's own number is 1."""


def pydantic_ai_tools(
    client: Client | None = None,
    *,
    async_client: AsyncClient | None = None,
    specs: Iterable[Spec] | None = None,
    approval: bool = True,
) -> list[Tool[Any]]:
    """Return tools that return the output as it is.

    Bad arguments are a `ModelRetry`, other failures a `ToolFailed`. With `approval`, tools that spend
    ACUs or destroy wait for a person (`DeferredToolRequests`), and run confirmed when approved.
    """
    return [_tool(function, approval) for function in functions(client, async_client, specs)]


def _tool(function: Function, approval: bool) -> Tool[Any]:
    from pydantic_ai import ModelRetry, Tool
    from pydantic_ai.exceptions import ToolFailed

    async def run(ctx: RunContext[Any], /, **arguments: Any) -> dict[str, Any]:
        try:
            return await function.arun(arguments, confirm=ctx.tool_call_approved)
        except InvalidArguments as error:  # some show only when the request is made
            raise ModelRetry(error_text(error)) from None
        except DevinToolsError as error:
            raise ToolFailed(error_text(error)) from None

    def check(_ctx: RunContext[Any], /, **arguments: Any) -> None:
        if error := function.fault(arguments):
            raise ModelRetry(error_text(error))

    tool = Tool.from_schema(
        run, function.name, function.description, function.schema, takes_ctx=True, args_validator=check
    )
    metadata = function.metadata
    tool.function_schema.return_schema = metadata.pop("output_schema")
    tool.metadata = metadata
    tool.max_retries = RETRIES
    tool.requires_approval = approval and function.needs_approval
    return tool
