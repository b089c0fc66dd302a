"""Pydantic AI: the extra `pydantic-ai`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..errors import DevinToolsError, InvalidArguments
from ..export.providers.variants import output
from ..presets import ToolChoice, older_name
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
    tools: ToolChoice | None = None,
    preset: str | None = None,
    specs: ToolChoice | None = None,
    approval: bool = True,
) -> list[Tool[Any]]:
    """Return tools that return the output as it is.

    Bad arguments are a `ModelRetry`, other failures a `ToolFailed`. With `approval`, tools that
    need consent (`Effect`) wait for a person (`DeferredToolRequests`), and run confirmed when approved.

    `tools` and `preset` say which, as they do for `dispatch`; `specs` is the older name of `tools`.
    """
    bound = functions(client, async_client, older_name(tools, specs), preset)
    return [_tool(function, approval) for function in bound]


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

    schema = with_examples(function)
    tool = Tool.from_schema(
        run, function.name, function.description, schema, takes_ctx=True, args_validator=check
    )
    tool.function_schema.return_schema = output(function.spec)
    tool.metadata = function.metadata
    tool.max_retries = RETRIES
    tool.requires_approval = approval and function.needs_approval
    return tool


def with_examples(function: Function) -> dict[str, Any]:
    """Return the input schema, with an example for each required field that must fit a pattern.

    `TestModel` makes arguments of a schema. It knows no patterns, but takes an example where there is one.
    """
    schema = function.schema
    given = function.spec.examples[0] if function.spec.examples else {}
    for name in schema.get("required", ()):
        field = schema["properties"][name]
        if name in given and "examples" not in field and '"pattern"' in json.dumps(field):
            field["examples"] = [given[name]]
    return schema
