"""Assign a role in an organisation to a group of the identity provider."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_add_organization_idp_group")


class DevinAddOrganizationIdpGroup(ToolComponent):
    """Assign a role in an organisation to a group of the identity provider."""
