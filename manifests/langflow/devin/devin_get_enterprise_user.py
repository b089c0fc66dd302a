"""Read one person of the enterprise, with the roles that come from groups."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_user")


class DevinGetEnterpriseUser(ToolComponent):
    """Read one person of the enterprise, with the roles that come from groups."""
