"""Count the users of all organisations who were active in each week, in UTC."""

from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage

from devin_tools.adapters.dify import messages


class DevinTool(Tool):
    """Count the users of all organisations who were active in each week, in UTC."""

    def _invoke(self, tool_parameters: dict[str, Any]) -> Generator[ToolInvokeMessage, None, None]:
        yield from messages(self, "devin_get_enterprise_wau", tool_parameters)
