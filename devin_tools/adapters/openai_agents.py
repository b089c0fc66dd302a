"""The OpenAI Agents SDK: the extra `openai-agents`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import DevinToolsError
from ..presets import ToolChoice, older_name
from .function import Function, as_text, error_text, functions

if TYPE_CHECKING:
    from agents import FunctionTool, RunContextWrapper
    from agents.tool_context import ToolContext

    from ..client import AsyncClient, Client


def openai_agents_tools(
    client: Client | None = None,
    *,
    async_client: AsyncClient | None = None,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    specs: ToolChoice | None = None,
    approval: bool = True,
) -> list[FunctionTool]:
    """Return tools that return JSON text; the SDK has no mark for a failure, so an error is text as well.

    With `approval`, a valid call of a tool that needs consent (`Effect`) waits for a person (an
    interruption of the run), and runs confirmed when approved.

    `tools` and `preset` say which, as they do for `dispatch`; `specs` is the older name of `tools`.
    """
    bound = functions(client, async_client, older_name(tools, specs), preset)
    return [_tool(function, approval) for function in bound]


def _tool(function: Function, approval: bool) -> FunctionTool:
    from agents import FunctionTool

    async def run(ctx: ToolContext[Any], arguments: str) -> str:
        is_approved = ctx.is_tool_approved(function.name, ctx.tool_call_id) is True
        try:
            return as_text(await function.arun(arguments, confirm=is_approved))
        except DevinToolsError as error:
            return error_text(error)

    async def is_due(_ctx: RunContextWrapper[Any], arguments: dict[str, Any], _call_id: str) -> bool:
        return function.fault(arguments) is None  # a call that cannot run goes back to the model unasked

    return FunctionTool(
        name=function.name,
        description=function.description,
        params_json_schema=function.schema,
        on_invoke_tool=run,
        strict_json_schema=False,
        needs_approval=is_due if approval and function.needs_approval else False,
    )
