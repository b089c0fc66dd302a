"""Change the role that a service user has in one organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_organization_service_user")


class DevinUpdateOrganizationServiceUser(ToolComponent):
    """Change the role that a service user has in one organisation."""
