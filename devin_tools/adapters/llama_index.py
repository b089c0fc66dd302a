"""LlamaIndex: the extra `llama-index`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import DevinToolsError
from ..presets import ToolChoice, older_name
from ..search.finder import Finder
from .function import Function, as_text, functions

if TYPE_CHECKING:
    from llama_index.core.objects import ObjectRetriever
    from llama_index.core.tools import FunctionTool, ToolMetadata, ToolOutput

    from ..client import AsyncClient, Client


def llama_index_tools(
    client: Client | None = None,
    *,
    async_client: AsyncClient | None = None,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    specs: ToolChoice | None = None,
    loaded: ToolChoice | None = None,
    confirm: bool = False,
) -> list[FunctionTool]:
    """Return tools whose content is JSON text, and whose `raw_output` is the output as plain data.

    A failure is a `ToolOutput` with `is_error`. `confirm` is a person's consent to all calls, where the
    settings ask for it.

    `tools` and `preset` say which, as they do for `dispatch`; `specs` is the older name of `tools`.
    With `loaded`, a model is shown those of them whole, and three tools that find and call all others.
    `llama_index_retriever` finds them by what the user writes instead.
    """
    bound = functions(client, async_client, older_name(tools, specs), preset, loaded=loaded)
    return [_tool(function, confirm) for function in bound]


def llama_index_retriever(
    client: Client | None = None,
    *,
    async_client: AsyncClient | None = None,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    loaded: ToolChoice | None = None,
    limit: int = 5,
    confirm: bool = False,
) -> ObjectRetriever[FunctionTool]:
    """Return the `tool_retriever` of an agent: the tools that fit what the user writes, without embeddings.

    The tools of `loaded` come with each message, and of the others the best `limit`, of the choice that
    `tools` and `preset` make. The name of a tool finds this one alone: so agents look for what a model calls.
    The tools are those of `llama_index_tools`.
    """
    bound = functions(client, async_client, tools, preset, loaded=loaded, is_own=False)
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.objects import ObjectRetriever, SimpleToolNodeMapping
    from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

    made = {function.name: _tool(function, confirm) for function in bound}
    always = [function.name for function in bound if loaded is not None and not function.is_deferred]
    finder = Finder(function.spec for function in bound if function.name not in always)

    class ByWords(BaseRetriever):  # type: ignore[misc]  # the package need not be there
        """Finds tools by words."""

        def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
            query = query_bundle.query_str
            found = [spec.name for spec in finder.find(query, limit).specs]
            names = [query] if query in made else [*always, *found]
            return [NodeWithScore(node=TextNode(text=name, metadata={"name": name})) for name in names]

    return ObjectRetriever(ByWords(), SimpleToolNodeMapping.from_objects(list(made.values())))


def _tool(function: Function, confirm: bool) -> FunctionTool:
    from llama_index.core.tools import FunctionTool

    def run(**arguments: Any) -> ToolOutput:
        try:
            return _output(function, arguments, function.run(arguments, confirm=confirm))
        except DevinToolsError as error:
            return _output(function, arguments, {"error": error.as_dict("model")}, error)

    async def arun(**arguments: Any) -> ToolOutput:
        try:
            return _output(function, arguments, await function.arun(arguments, confirm=confirm))
        except DevinToolsError as error:
            return _output(function, arguments, {"error": error.as_dict("model")}, error)

    async def keep(output: ToolOutput) -> ToolOutput:
        return output

    return FunctionTool(
        run if function.client else None,
        _metadata(function),
        async_fn=arun,
        callback=lambda output: output,  # what a callback gives is taken as it is
        async_callback=keep,
    )


def _metadata(function: Function) -> ToolMetadata:
    from llama_index.core.tools import ToolMetadata

    class JsonMetadata(ToolMetadata):  # type: ignore[misc]  # the package need not be there
        """Metadata with a JSON Schema: one derived from a class would lose all but four keys of its root."""

        def get_parameters_dict(self) -> dict[str, Any]:
            return function.schema

        @property
        def fn_schema_str(self) -> str:
            return as_text(function.schema)

    return JsonMetadata(description=function.description, name=function.name, fn_schema=None)


def _output(
    function: Function,
    arguments: dict[str, Any],
    output: dict[str, Any],
    error: DevinToolsError | None = None,
) -> ToolOutput:
    from llama_index.core.tools import ToolOutput

    return ToolOutput(
        tool_name=function.name,
        content=as_text(output),
        raw_input=arguments,
        raw_output=output,
        is_error=error is not None,
        exception=error,
    )
