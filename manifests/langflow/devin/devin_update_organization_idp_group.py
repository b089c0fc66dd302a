"""Give a group another role in an organisation, in place of the one it has."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_organization_idp_group")


class DevinUpdateOrganizationIdpGroup(ToolComponent):
    """Give a group another role in an organisation, in place of the one it has."""
