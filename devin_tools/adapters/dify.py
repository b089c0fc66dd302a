"""Dify: what the generated plugin calls. Runs in the plugin's own process, with `dify-plugin` there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..api import GetSelf
from ..catalog import installed_catalog
from ..errors import DevinToolsError
from ..export.builders.dify import MAX_SECONDS
from ..export.builders.dify.form import TAKEN
from ..export.builders.fields import CONFIRM, fields_of
from ..settings import Settings
from ..tasks.wait_session import cut
from .form_values import filled
from .shared_clients import client_of

if TYPE_CHECKING:
    from dify_plugin import Tool as DifyTool
    from dify_plugin.entities.tool import ToolInvokeMessage

__all__ = ["check", "messages"]

SLICE = 0.8
"""The part of a call's time that a wait may take: the rest is for what comes before and after it."""

CREDENTIALS = ("api_key", "org_id", "base_url")


def check(credentials: Mapping[str, Any]) -> None:
    """Ask the API whose key this is; raise Dify's own error when it does not take it."""
    from dify_plugin.errors.tool import ToolProviderCredentialValidationError

    try:
        client_of(_settings(credentials)).run(GetSelf())
    except DevinToolsError as error:
        raise ToolProviderCredentialValidationError(error.text_for("form")) from None


def messages(tool: DifyTool, name: str, parameters: Mapping[str, Any]) -> Iterator[ToolInvokeMessage]:
    """Run a tool; yield its whole output, and each part of it as a variable.

    A wait ends before Dify would cut it, and its output says how to go on.
    """
    try:
        catalog = installed_catalog()
        fields = fields_of(catalog.spec(name))
        # Of an object that was left out Dify makes an empty one.
        given = ((field, parameters.get(field.name)) for field in fields)
        arguments = filled((field, None if value == {} else value) for field, value in given)
        call = cut(catalog.call(name, arguments), MAX_SECONDS * SLICE)
        client = client_of(_settings(tool.runtime.credentials))
        output = client.run(call, confirm=parameters.get(CONFIRM) is True).model_dump(mode="json")
    except DevinToolsError as error:
        raise ValueError(error.text_for("form")) from None  # what Dify shows on the node and tells a model
    yield tool.create_json_message(output)
    for key, value in output.items():
        if key not in TAKEN:
            yield tool.create_variable_message(key, value)


def _settings(credentials: Mapping[str, Any]) -> Settings:
    return Settings.load(**{name: credentials.get(name) or None for name in CREDENTIALS})
