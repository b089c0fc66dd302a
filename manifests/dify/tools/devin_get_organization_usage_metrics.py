"""Count sessions, searches and pull requests of one organisation."""

from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage

from devin_tools.adapters.dify import messages


class DevinTool(Tool):
    """Count sessions, searches and pull requests of one organisation."""

    def _invoke(self, tool_parameters: dict[str, Any]) -> Generator[ToolInvokeMessage, None, None]:
        yield from messages(self, "devin_get_organization_usage_metrics", tool_parameters)
