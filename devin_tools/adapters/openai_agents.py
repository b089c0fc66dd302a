"""The OpenAI Agents SDK: the extra `openai-agents`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from ..errors import DevinToolsError, UsageError
from ..presets import ToolChoice, older_name
from ..search.namespaces import leading_words, namespaces
from .function import Function, as_text, error_text, functions

if TYPE_CHECKING:
    from agents import FunctionTool, RunContextWrapper
    from agents import Tool as AgentsTool
    from agents.tool_context import ToolContext

    from ..client import AsyncClient, Client

Search: TypeAlias = Literal["hosted", "own"]


def openai_agents_tools(
    client: Client | None = None,
    *,
    async_client: AsyncClient | None = None,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    specs: ToolChoice | None = None,
    loaded: ToolChoice | None = None,
    search: Search = "hosted",
    approval: bool = True,
) -> list[AgentsTool]:
    """Return tools that return JSON text; the SDK has no mark for a failure, so an error is text as well.

    With `approval`, a valid call of a tool that needs consent (`Effect`) waits for a person (an
    interruption of the run), and runs confirmed when approved.

    `tools` and `preset` say which, as they do for `dispatch`; `specs` is the older name of `tools`.
    With `loaded`, a model is shown those of them whole. With the search `"hosted"` it finds the others by
    OpenAI's own search: they are deferred, in a namespace for each area, and a `ToolSearchTool` comes last.
    That takes a model of the Responses API that searches (gpt-5.4 and later, as of November 2026); the SDK
    raises `UserError` for Chat Completions. With `"own"`, for any model, three tools find and call them.
    """
    if search not in get_args(Search):
        raise UsageError(f"search is one of {', '.join(get_args(Search))}.")
    choice = older_name(tools, specs)
    bound = functions(client, async_client, choice, preset, loaded=loaded, is_own=search == "own")
    made: list[AgentsTool] = [_tool(function, approval) for function in bound if not function.is_deferred]
    deferred = {function.name: function for function in bound if function.is_deferred}
    if not deferred:
        return made
    from agents import ToolSearchTool, tool_namespace

    for name, some in namespaces(function.spec for function in deferred.values()).items():
        parts = [_tool(deferred[spec.name], approval) for spec in some]
        made += tool_namespace(name=name, description=leading_words(some), tools=parts)
    return [*made, ToolSearchTool()]


def _tool(function: Function, approval: bool) -> FunctionTool:
    from agents import FunctionTool

    async def run(ctx: ToolContext[Any], arguments: str) -> str:
        is_approved = ctx.is_tool_approved(ctx.qualified_tool_name, ctx.tool_call_id) is True
        try:
            return as_text(await function.arun(arguments, confirm=is_approved))
        except DevinToolsError as error:
            return error_text(error)

    async def is_due(_ctx: RunContextWrapper[Any], arguments: dict[str, Any], _call_id: str) -> bool:
        return function.is_due(arguments)  # a call that cannot run goes back to the model unasked

    return FunctionTool(
        name=function.name,
        description=function.description,
        params_json_schema=function.schema,
        on_invoke_tool=run,
        strict_json_schema=False,
        needs_approval=is_due if approval and function.needs_approval else False,
        defer_loading=function.is_deferred,
    )
