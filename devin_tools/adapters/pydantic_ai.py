"""Pydantic AI: the extra `pydantic-ai`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import DevinToolsError, InvalidArguments
from ..export.providers.variants import output
from ..presets import ToolChoice, older_name
from ..search.areas import by_area
from ..search.finder import Finder
from ..search.words import words_of
from ..spec import Spec
from .function import Function, error_text, functions

if TYPE_CHECKING:
    from pydantic_ai import RunContext, Tool, ToolDefinition
    from pydantic_ai.capabilities import ToolSearch

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
    loaded: ToolChoice | None = None,
    approval: bool = True,
) -> list[Tool[Any]]:
    """Return tools that return the output as it is.

    Bad arguments are a `ModelRetry`, other failures a `ToolFailed`. With `approval`, tools that
    need consent (`Effect`) wait for a person (`DeferredToolRequests`), and run confirmed when approved.

    `tools` and `preset` say which, as they do for `dispatch`; `specs` is the older name of `tools`.
    With `loaded`, a model is shown those of them at once; all others have `defer_loading`, and the framework
    has the model find them. `pydantic_ai_search` makes it find them by this package's own search.
    """
    bound = functions(client, async_client, older_name(tools, specs), preset, loaded=loaded, is_own=False)
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
    tool.defer_loading = function.is_deferred
    tool.spec = function.spec  # for `pydantic_ai_search`
    return tool


def pydantic_ai_search(tools: Iterable[Tool[Any]]) -> ToolSearch[Any]:
    """Return the capability that finds deferred tools by this package's own search, whatever the model is.

    It knows people's words for things, which neither a provider's search nor the framework's reads. Models of
    Anthropic and OpenAI that can search load what it finds in their own form, and their cache of the tools
    stays. `tools` are those that `pydantic_ai_tools` returned; deferred tools of others are found by the
    words of their names and descriptions, after these.
    """
    from pydantic_ai.capabilities import ToolSearch

    specs: dict[str, Spec] = {tool.name: tool.spec for tool in tools if hasattr(tool, "spec")}

    @cache
    def finder(names: tuple[str, ...]) -> Finder:
        return Finder(specs[name] for name in names)

    def search(_: Any, queries: Sequence[str], deferred: Sequence[ToolDefinition]) -> list[str]:
        ours = finder(tuple(tool.name for tool in deferred if tool.name in specs))
        found = [spec.name for query in queries for spec in ours.find(query).specs]
        said = {word for query in queries for word in words_of(query)}
        others = {
            tool.name: len(said.intersection(words_of(f"{tool.name} {tool.description or ''}")))
            for tool in deferred
            if tool.name not in specs
        }
        found += sorted((name for name in others if others[name]), key=lambda name: -others[name])
        return list(dict.fromkeys(found))

    areas = ", ".join(by_area(specs.values()))
    return ToolSearch(
        strategy=search,
        tool_description=f"Find tools by what you want to do. Those of Devin are about: {areas}.",
        parameter_description="What you want to do, in a few words, such as `list open security findings`.",
    )


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
