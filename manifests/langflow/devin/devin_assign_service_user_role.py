"""Give a service user a role in the whole enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_assign_service_user_role")


class DevinAssignServiceUserRole(ToolComponent):
    """Give a service user a role in the whole enterprise."""
