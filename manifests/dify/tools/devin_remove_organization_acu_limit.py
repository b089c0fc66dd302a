"""Remove the limit of the ACUs that an organisation may spend in a billing cycle."""

from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage

from devin_tools.adapters.dify import messages


class DevinTool(Tool):
    """Remove the limit of the ACUs that an organisation may spend in a billing cycle."""

    def _invoke(self, tool_parameters: dict[str, Any]) -> Generator[ToolInvokeMessage, None, None]:
        yield from messages(self, "devin_remove_organization_acu_limit", tool_parameters)
