"""Read one group of the identity provider with its role in an organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_organization_idp_group")


class DevinGetOrganizationIdpGroup(ToolComponent):
    """Read one group of the identity provider with its role in an organisation."""
