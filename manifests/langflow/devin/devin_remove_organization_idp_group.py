"""Take the role of a group in an organisation away."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_remove_organization_idp_group")


class DevinRemoveOrganizationIdpGroup(ToolComponent):
    """Take the role of a group in an organisation away."""
