"""Read how the index of a repository stands, branch by branch."""

from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage

from devin_tools.adapters.dify import messages


class DevinTool(Tool):
    """Read how the index of a repository stands, branch by branch."""

    def _invoke(self, tool_parameters: dict[str, Any]) -> Generator[ToolInvokeMessage, None, None]:
        yield from messages(self, "devin_get_repository_indexing", tool_parameters)
