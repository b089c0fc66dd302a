"""Count the users who were active on each day of a time, in UTC."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_daily_active_users")


class DevinGetDailyActiveUsers(ToolComponent):
    """Count the users who were active on each day of a time, in UTC."""
