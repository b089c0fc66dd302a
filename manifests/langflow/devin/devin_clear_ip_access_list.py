"""Clear the list of addresses: the enterprise may be reached from anywhere then."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_clear_ip_access_list")


class DevinClearIpAccessList(ToolComponent):
    """Clear the list of addresses: the enterprise may be reached from anywhere then."""
