"""Count the users of all organisations who were active in a time."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_active_users")


class DevinGetEnterpriseActiveUsers(ToolComponent):
    """Count the users of all organisations who were active in a time."""
