"""Assign a role in the enterprise to a group of the identity provider."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_assign_idp_group_role")


class DevinAssignIdpGroupRole(ToolComponent):
    """Assign a role in the enterprise to a group of the identity provider."""
