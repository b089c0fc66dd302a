"""Add a person of the enterprise to one of its organisations, with a role."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_add_organization_user")


class DevinAddOrganizationUser(ToolComponent):
    """Add a person of the enterprise to one of its organisations, with a role."""
