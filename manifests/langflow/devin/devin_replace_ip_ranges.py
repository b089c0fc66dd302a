"""Replace all addresses that the enterprise may be reached from."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_replace_ip_ranges")


class DevinReplaceIpRanges(ToolComponent):
    """Replace all addresses that the enterprise may be reached from."""
