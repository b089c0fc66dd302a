"""Give a person another role in an organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_organization_user")


class DevinUpdateOrganizationUser(ToolComponent):
    """Give a person another role in an organisation."""
