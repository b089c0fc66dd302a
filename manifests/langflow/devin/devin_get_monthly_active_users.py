"""Count the users who were active in each month of a time, in UTC."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_monthly_active_users")


class DevinGetMonthlyActiveUsers(ToolComponent):
    """Count the users who were active in each month of a time, in UTC."""
