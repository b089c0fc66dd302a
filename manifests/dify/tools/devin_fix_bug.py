"""Have Devin fix a bug: find its cause, add a test, open a pull request."""

from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage

from devin_tools.adapters.dify import messages


class DevinTool(Tool):
    """Have Devin fix a bug: find its cause, add a test, open a pull request."""

    def _invoke(self, tool_parameters: dict[str, Any]) -> Generator[ToolInvokeMessage, None, None]:
        yield from messages(self, "devin_fix_bug", tool_parameters)
