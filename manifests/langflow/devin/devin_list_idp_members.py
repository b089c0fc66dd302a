"""List the people who have roles through groups, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_idp_members")


class DevinListIdpMembers(ToolComponent):
    """List the people who have roles through groups, one page per call."""
