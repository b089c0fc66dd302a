"""Give a person of the enterprise another role in the enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_enterprise_user")


class DevinUpdateEnterpriseUser(ToolComponent):
    """Give a person of the enterprise another role in the enterprise."""
