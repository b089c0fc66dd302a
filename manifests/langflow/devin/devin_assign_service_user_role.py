"""Assign a role in the whole enterprise to a service user."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_assign_service_user_role")


class DevinAssignServiceUserRole(ToolComponent):
    """Assign a role in the whole enterprise to a service user."""
