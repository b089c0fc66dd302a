"""CrewAI: the extra `crewai`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import DevinToolsError, InvalidArguments
from ..export.providers.variants import strict
from ..presets import ToolChoice, older_name
from .function import Function, error_text, functions

if TYPE_CHECKING:
    from crewai.tools import BaseTool
    from crewai.tools.tool_failure import ToolFailure
    from pydantic import BaseModel

    from ..client import AsyncClient, Client


def crewai_tools(
    client: Client | None = None,
    *,
    async_client: AsyncClient | None = None,
    tools: ToolChoice | None = None,
    preset: str | None = None,
    specs: ToolChoice | None = None,
    loaded: ToolChoice | None = None,
    confirm: bool = False,
) -> list[BaseTool]:
    """Return tools that return the output as plain data; a failure is a `ToolFailure`.

    `confirm` is a person's consent to all calls, where the settings ask for it.

    `tools` and `preset` say which, as they do for `dispatch`; `specs` is the older name of `tools`.
    With `loaded`, a model is shown those of them whole, and three tools that find and call all others.
    """
    bound = functions(client, async_client, older_name(tools, specs), preset, loaded=loaded)
    return [_tool(function, confirm) for function in bound]


def _tool(function: Function, confirm: bool) -> BaseTool:
    from crewai.tools import BaseTool

    class DevinTool(BaseTool):  # type: ignore[misc]  # the package need not be there
        """One tool of this package."""

        def _run(self, **arguments: Any) -> dict[str, Any] | ToolFailure:
            try:
                return function.run(arguments, confirm=confirm)
            except DevinToolsError as error:
                return _failure(error)

        async def _arun(self, **arguments: Any) -> dict[str, Any] | ToolFailure:
            try:
                return await function.arun(arguments, confirm=confirm)
            except DevinToolsError as error:
                return _failure(error)

    return DevinTool(
        name=function.name,
        description=function.description,
        args_schema=_arguments(function),
        result_schema=None
        if function.calls_others
        else function.spec.output,  # theirs are those of the others
        cache_function=never_cached,
    )


def never_cached(*_: Any) -> bool:
    """Keep CrewAI from answering a call out of its cache: sessions change, and each create makes one."""
    return False


def _arguments(function: Function) -> type[BaseModel]:
    """Make the class that CrewAI asks for: it shows a schema, and leaves checking arguments to us.

    CrewAI makes every property required and closes every object. The strict variant is made for
    that: what may be left out may be null, and a free-form object is JSON text.
    """
    from pydantic import BaseModel, ConfigDict

    class Arguments(BaseModel):
        model_config = ConfigDict(extra="allow")

        @classmethod
        def __get_pydantic_json_schema__(cls, *_: Any) -> dict[str, Any]:
            return strict(function.spec, "openai").schema

    return Arguments


def _failure(error: DevinToolsError) -> ToolFailure:
    from crewai.tools.tool_failure import ToolFailure, ToolFailureReason

    is_input = isinstance(error, InvalidArguments)
    reason = ToolFailureReason.INVALID_INPUT if is_input else ToolFailureReason.TOOL_REPORTED
    return ToolFailure(message=error_text(error), reason=reason, code=error.kind, retryable=error.retryable)
