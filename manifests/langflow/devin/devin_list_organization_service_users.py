"""List the service users with a role in one organisation, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_organization_service_users")


class DevinListOrganizationServiceUsers(ToolComponent):
    """List the service users with a role in one organisation, one page per call."""
