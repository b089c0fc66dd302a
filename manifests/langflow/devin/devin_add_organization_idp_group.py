"""Give a group of the identity provider a role in an organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_add_organization_idp_group")


class DevinAddOrganizationIdpGroup(ToolComponent):
    """Give a group of the identity provider a role in an organisation."""
