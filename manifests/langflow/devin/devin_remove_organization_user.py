"""Remove a person from an organisation; the person stays in the enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_remove_organization_user")


class DevinRemoveOrganizationUser(ToolComponent):
    """Remove a person from an organisation; the person stays in the enterprise."""
