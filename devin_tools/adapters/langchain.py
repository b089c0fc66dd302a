"""LangChain and LangGraph: the extra `langchain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import DevinToolsError
from ..presets import ToolChoice, older_name
from .function import Function, as_text, error_text, functions

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

    from ..client import AsyncClient, Client


def langchain_tools(
    client: Client | None = None,
    *,
    async_client: AsyncClient | None = None,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    specs: ToolChoice | None = None,
    confirm: bool = False,
) -> list[StructuredTool]:
    """Return tools whose messages hold JSON text, and the output as their artifact.

    A failure is a message with status `error`. `confirm` is a person's consent to all calls, where the
    settings ask for it; `tool.metadata["needs_approval"]` says which to ask about beforehand.

    `tools` and `preset` say which, as they do for `dispatch`; `specs` is the older name of `tools`.
    """
    bound = functions(client, async_client, older_name(tools, specs), preset)
    return [_tool(function, confirm) for function in bound]


def _tool(function: Function, confirm: bool) -> StructuredTool:
    from langchain_core.tools import StructuredTool, ToolException

    def run(**arguments: Any) -> tuple[str, dict[str, Any]]:
        try:
            output = function.run(arguments, confirm=confirm)
        except DevinToolsError as error:
            raise ToolException(error_text(error)) from None
        return as_text(output), output

    async def arun(**arguments: Any) -> tuple[str, dict[str, Any]]:
        try:
            output = await function.arun(arguments, confirm=confirm)
        except DevinToolsError as error:
            raise ToolException(error_text(error)) from None
        return as_text(output), output

    return StructuredTool(
        name=function.name,
        description=function.description,
        args_schema=function.schema,  # as JSON: with a class, its own errors would hide ours from the model
        func=run if function.client else None,
        coroutine=arun,
        response_format="content_and_artifact",
        handle_tool_error=True,
        metadata=function.metadata,
    )
