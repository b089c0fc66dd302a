"""List the people who have roles in an organisation through groups, by page."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_organization_idp_users")


class DevinListOrganizationIdpUsers(ToolComponent):
    """List the people who have roles in an organisation through groups, by page."""
