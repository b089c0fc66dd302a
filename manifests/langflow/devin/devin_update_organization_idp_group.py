"""Change the role of a group in an organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_organization_idp_group")


class DevinUpdateOrganizationIdpGroup(ToolComponent):
    """Change the role of a group in an organisation."""
