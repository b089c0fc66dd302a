"""Read the addresses that the enterprise may be reached from."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_ip_access_list")


class DevinGetIpAccessList(ToolComponent):
    """Read the addresses that the enterprise may be reached from."""
