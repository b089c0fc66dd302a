"""List the groups that have roles in an organisation, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_organization_idp_groups")


class DevinListOrganizationIdpGroups(ToolComponent):
    """List the groups that have roles in an organisation, one page per call."""
