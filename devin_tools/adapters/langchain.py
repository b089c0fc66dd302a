"""LangChain and LangGraph: the extra `langchain`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from ..errors import DevinToolsError, UsageError
from ..presets import ToolChoice, older_name
from .function import Function, as_text, error_text, functions

if TYPE_CHECKING:
    from langchain.agents.middleware import ToolCallRequest
    from langchain_core.tools import BaseTool, StructuredTool

    from ..client import AsyncClient, Client

Search: TypeAlias = Literal["own", "provider"]


def langchain_tools(
    client: Client | None = None,
    *,
    async_client: AsyncClient | None = None,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    specs: ToolChoice | None = None,
    loaded: ToolChoice | None = None,
    search: Search = "own",
    confirm: bool = False,
) -> list[StructuredTool]:
    """Return tools whose messages hold JSON text, and the output as their artifact.

    A failure is a message with status `error`. `confirm` is a person's consent to all calls, where the
    settings ask for it; `tool.metadata["needs_approval"]` says which to ask about beforehand.

    `tools` and `preset` say which, as they do for `dispatch`; `specs` is the older name of `tools`.
    With `loaded`, a model is shown those of them whole, and three tools that find and call all others. With
    the search `"provider"` these are marked for LangChain's `ProviderToolSearchMiddleware` instead, which has
    the model find them by the search of Anthropic or OpenAI; with another provider it raises `ValueError`.
    """
    if search not in get_args(Search):
        raise UsageError(f"search is one of {', '.join(get_args(Search))}.")
    choice = older_name(tools, specs)
    bound = functions(client, async_client, choice, preset, loaded=loaded, is_own=search == "own")
    return [_tool(function, confirm) for function in bound]


def langchain_approvals(tools: Iterable[BaseTool]) -> dict[str, Any]:
    """Return the `interrupt_on` of LangChain's `HumanInTheLoopMiddleware` for tools of `langchain_tools`.

    A person approves or rejects each valid call of a tool that needs consent (`Effect`); of a tool that calls
    others, where the one that it calls needs it. To the settings an approval is not a consent: where they
    ask for one, `langchain_tools(confirm=True)` gives it to all calls.
    """
    decisions = ["approve", "reject"]
    return {
        tool.name: {"allowed_decisions": decisions, "when": partial(_is_due, tool)}
        for tool in tools
        if hasattr(tool, "is_due") and (tool.metadata or {}).get("needs_approval")
    }


def _is_due(tool: Any, request: ToolCallRequest) -> bool:
    return tool.is_due(request.tool_call["args"]) is True


def _tool(function: Function, confirm: bool) -> StructuredTool:
    from langchain_core.tools import StructuredTool, ToolException

    class DevinTool(StructuredTool):  # type: ignore[misc]  # the package need not be there
        """One tool of this package."""

        def is_due(self, arguments: dict[str, Any]) -> bool:
            """Return whether a person should see a call first."""
            return function.is_due(arguments)

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

    return DevinTool(
        name=function.name,
        description=function.description,
        args_schema=function.schema,  # as JSON: with a class, its own errors would hide ours from the model
        func=run if function.client else None,
        coroutine=arun,
        response_format="content_and_artifact",
        handle_tool_error=True,
        metadata=function.metadata,
        extras={"defer_loading": True} if function.is_deferred else None,
    )
