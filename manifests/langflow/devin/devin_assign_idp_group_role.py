"""Give a group of the identity provider a role in the enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_assign_idp_group_role")


class DevinAssignIdpGroupRole(ToolComponent):
    """Give a group of the identity provider a role in the enterprise."""
