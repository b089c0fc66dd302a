"""Give a service user of the enterprise a role in one organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_add_organization_service_user")


class DevinAddOrganizationServiceUser(ToolComponent):
    """Give a service user of the enterprise a role in one organisation."""
