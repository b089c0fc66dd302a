"""Assign a role in one organisation to a service user of the enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_add_organization_service_user")


class DevinAddOrganizationServiceUser(ToolComponent):
    """Assign a role in one organisation to a service user of the enterprise."""
