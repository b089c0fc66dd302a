"""List the scans of the organisation's code, newest first, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_code_scans")


class DevinListCodeScans(ToolComponent):
    """List the scans of the organisation's code, newest first, one page per call."""
