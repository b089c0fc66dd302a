"""LlamaIndex: the extra `llama-index`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import DevinToolsError
from ..presets import ToolChoice, older_name
from .function import Function, as_text, functions

if TYPE_CHECKING:
    from llama_index.core.tools import FunctionTool, ToolMetadata, ToolOutput

    from ..client import AsyncClient, Client


def llama_index_tools(
    client: Client | None = None,
    *,
    async_client: AsyncClient | None = None,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    specs: ToolChoice | None = None,
    confirm: bool = False,
) -> list[FunctionTool]:
    """Return tools whose content is JSON text, and whose `raw_output` is the output as plain data.

    A failure is a `ToolOutput` with `is_error`. `confirm` is a person's consent to all calls, where the
    settings ask for it.

    `tools` and `preset` say which, as they do for `dispatch`; `specs` is the older name of `tools`.
    """
    bound = functions(client, async_client, older_name(tools, specs), preset)
    return [_tool(function, confirm) for function in bound]


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
