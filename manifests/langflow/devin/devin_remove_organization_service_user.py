"""Take a service user out of one organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_remove_organization_service_user")


class DevinRemoveOrganizationServiceUser(ToolComponent):
    """Take a service user out of one organisation."""
