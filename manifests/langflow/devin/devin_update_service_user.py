"""Change the role that a service user has in the whole enterprise."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_service_user")


class DevinUpdateServiceUser(ToolComponent):
    """Change the role that a service user has in the whole enterprise."""
