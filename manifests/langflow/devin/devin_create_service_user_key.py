"""Make another API key for a service user, and show it once."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_service_user_key")


class DevinCreateServiceUserKey(ToolComponent):
    """Make another API key for a service user, and show it once."""
