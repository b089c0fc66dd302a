"""Add addresses to those that the enterprise may be reached from."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_append_ip_ranges")


class DevinAppendIpRanges(ToolComponent):
    """Add addresses to those that the enterprise may be reached from."""
