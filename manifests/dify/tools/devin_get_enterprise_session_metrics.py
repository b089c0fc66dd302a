"""Count the sessions created in all organisations, by origin, size and outcome."""

from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage

from devin_tools.adapters.dify import messages


class DevinTool(Tool):
    """Count the sessions created in all organisations, by origin, size and outcome."""

    def _invoke(self, tool_parameters: dict[str, Any]) -> Generator[ToolInvokeMessage, None, None]:
        yield from messages(self, "devin_get_enterprise_session_metrics", tool_parameters)
