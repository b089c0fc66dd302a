"""Replace an API key of a service user in one step, and show the new one once."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_rotate_service_user_key")


class DevinRotateServiceUserKey(ToolComponent):
    """Replace an API key of a service user in one step, and show the new one once."""
