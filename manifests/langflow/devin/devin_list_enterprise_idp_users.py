"""List the people of the enterprise who have roles through groups, by page."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_enterprise_idp_users")


class DevinListEnterpriseIdpUsers(ToolComponent):
    """List the people of the enterprise who have roles through groups, by page."""
