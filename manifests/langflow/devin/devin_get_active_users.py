"""Count the users who were active in a time."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_active_users")


class DevinGetActiveUsers(ToolComponent):
    """Count the users who were active in a time."""
