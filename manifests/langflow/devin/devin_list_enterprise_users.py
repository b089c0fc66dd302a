"""List the people of the enterprise, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_enterprise_users")


class DevinListEnterpriseUsers(ToolComponent):
    """List the people of the enterprise, one page per call."""
