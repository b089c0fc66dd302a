"""Langflow components: the extra `langflow`. A component runs one tool, once for all its outputs.

The files that name the tools are written by `devin_tools.export.builders.langflow`.
"""

# Langflow reads what an output is from the annotations of its method, so they are not postponed here.
import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..catalog import installed_catalog
from ..declarations import describe
from ..errors import DevinToolsError
from ..export.builders.fields import CONFIRM
from ..export.builders.langflow.form import (
    CONNECTION,
    NOT_SENT,
    Input,
    connection_inputs,
    ids_of,
    tool_inputs,
)
from ..settings import Settings
from ..spec import Spec
from ..tool import Output, Tool
from .form_values import filled
from .function import as_text
from .langchain import langchain_tools
from .shared_clients import async_client_of, client_of

__all__ = ["tool_component"]

Run = asyncio.Task[dict[str, Any]]

NUMBERS = ("IntInput", "FloatInput")


@cache
def tool_component(name: str) -> Any:
    """Return the class that runs a tool, for a component to derive from; raise `UnknownTool` for none."""
    from lfx import io
    from lfx.schema.data import Data
    from lfx.schema.message import Message

    spec = installed_catalog().spec(name)
    running = _running()
    connection, fields = connection_inputs(spec), tool_inputs(spec, dir(running))
    ports = ids_of(spec)
    facts = {
        "__doc__": spec.summary,
        "__module__": __name__,
        "display_name": spec.title,
        "description": spec.description,
        "icon": "bot",
        "beta": spec.beta,
        "devin_spec": spec,
        "devin_fields": fields,
        "inputs": [getattr(io, one.kind)(**one.options) for one in [*connection, *fields]],
        "outputs": [
            _output("Output", "output_json", "build_json", Data),
            _output("Text", "output_text", "build_text", Message),
            *(_output(port.label, port.name, port.name, Message) for port in ports),
        ],
        **{port.name: _build_id(port.name, port.property) for port in ports},
    }
    return type(f"{spec.tool.__name__}Component", (running,), facts)


def _output(label: str, name: str, method: str, kind: type) -> Any:
    """Make an output with its type, which Langflow looks for in the source of the node alone."""
    from lfx.io import Output

    types = [kind.__name__]
    return Output(
        display_name=label, name=name, method=method, types=types, selected=types[0], group_outputs=True
    )


@cache
def _running() -> Any:
    """Make the class that all components of tools derive from."""
    from lfx.custom.custom_component.component import Component
    from lfx.schema.data import Data
    from lfx.schema.message import Message

    class DevinComponent(Component):  # type: ignore[misc]  # the package need not be there
        """Runs a tool."""

        def _pre_run_setup(self) -> None:
            super()._pre_run_setup()
            self._devin_run: Run | None = None  # each run of a flow, each turn of a loop, is a new call

        async def devin_output(self) -> dict[str, Any]:
            """Return the output of the one call; Langflow asks for it once for each output that is used."""
            running: Run | None = getattr(self, "_devin_run", None)
            if running is None:
                running = self._devin_run = asyncio.ensure_future(_run(self))
            return await running

        async def build_json(self) -> Data:
            return Data(data=await self.devin_output())

        async def build_text(self) -> Message:
            return Message(text=as_text(await self.devin_output()))

        async def _get_tools(self) -> list[Any]:
            return _tools(self)

    return DevinComponent


def _build_id(name: str, property: str) -> Callable[[Any], Awaitable[Any]]:
    """Make the method of an output that is an id."""
    from lfx.schema.message import Message

    async def build(self: Any) -> Message:
        return Message(text=(await self.devin_output())[property])

    build.__name__ = name
    return build


async def _run(component: Any) -> dict[str, Any]:
    spec: Spec = component.devin_spec
    try:
        call = installed_catalog().call(spec.name, _given(component, component.devin_fields))
        client = async_client_of(_settings(component))
        output: Output = await client.run(call, confirm=_is_confirmed(component))
    except DevinToolsError as error:
        raise ValueError(error.text_for("form")) from None  # shown on the node, and the flow stops
    return output.model_dump(mode="json")


def _settings(component: Any) -> Settings:
    values = component._attributes
    given: dict[str, Any] = {setting: _text(values.get(name)) or None for name, setting in CONNECTION.items()}
    return Settings.load(**given)


def _text(value: Any) -> str:
    return str(getattr(value, "text", value) or "").strip()


def _is_confirmed(component: Any) -> bool:
    return component._attributes.get(CONFIRM) is True


def _given(component: Any, inputs: list[Input]) -> dict[str, Any]:
    """Read what was filled in: not by attributes, since a component has some of its own."""
    values = component._attributes
    return filled((one.field, _value(one, values.get(one.name))) for one in inputs if one.field)


def _value(one: Input, value: Any) -> Any:
    """Return what an input holds, or `None` for what stands for nothing in Langflow."""
    is_optional = one.field is not None and not one.field.is_required
    stands_for_nothing = value in ([], NOT_SENT) or (one.kind in NUMBERS and value == 0)
    return None if is_optional and stands_for_nothing else value


def _tools(component: Any) -> list[Any]:
    """Offer the tool to agents: with the whole schema, and with what only the person filled in."""
    spec: Spec = component.devin_spec.chosen()  # by whoever put the component there
    own = [one for one in component.devin_fields if one.field.is_user_only]
    try:
        settings, values = _settings(component), _given(component, own)
    except DevinToolsError as error:
        raise ValueError(error.text_for("form")) from None
    both: Any = (UserInputs(settings, values), AsyncUserInputs(settings, values))
    tools = langchain_tools(both[0], async_client=both[1], tools=[spec], confirm=_is_confirmed(component))
    for tool in tools:
        tool.tags = [tool.name]  # by which Langflow finds what a person changed of it
    return tools


@dataclass(frozen=True)
class UserInputs:
    """Runs the calls of a model as the person who filled the form would: a client, made when first used."""

    settings: Settings
    values: Mapping[str, Any]

    def run(self, call: Tool[Any], *, confirm: bool) -> Output:
        """Run a call."""
        output: Output = client_of(self.settings).run(self.whole(call), confirm=confirm)
        return output

    def whole(self, call: Tool[Any]) -> Tool[Any]:
        """Add to a call what only a person may fill."""
        if not self.values:
            return call
        asked = {name: getattr(call, name) for name in call.model_fields_set}
        return installed_catalog().call(describe(type(call)).name, asked | dict(self.values))


class AsyncUserInputs(UserInputs):
    """The same on an event loop."""

    async def run(self, call: Tool[Any], *, confirm: bool) -> Output:  # type: ignore[override]
        """Run a call."""
        output: Output = await async_client_of(self.settings).run(self.whole(call), confirm=confirm)
        return output
