"""List the people of an organisation of the enterprise, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_organization_users")


class DevinListOrganizationUsers(ToolComponent):
    """List the people of an organisation of the enterprise, one page per call."""
