"""List the identity provider's groups that have roles, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_idp_groups")


class DevinListIdpGroups(ToolComponent):
    """List the identity provider's groups that have roles, one page per call."""
