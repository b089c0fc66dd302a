"""Change the role of a person in an organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_organization_user")


class DevinUpdateOrganizationUser(ToolComponent):
    """Change the role of a person in an organisation."""
