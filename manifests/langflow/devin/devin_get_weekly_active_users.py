"""Count the users who were active in each week of a time, in UTC."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_weekly_active_users")


class DevinGetWeeklyActiveUsers(ToolComponent):
    """Count the users who were active in each week of a time, in UTC."""
