"""Change the role of a person in the enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_enterprise_user")


class DevinUpdateEnterpriseUser(ToolComponent):
    """Change the role of a person in the enterprise."""
