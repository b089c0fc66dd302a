"""Remove a service user from the whole enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_remove_service_user")


class DevinRemoveServiceUser(ToolComponent):
    """Remove a service user from the whole enterprise."""
