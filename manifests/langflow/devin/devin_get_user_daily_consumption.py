"""Read what one user spent, day by day."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_user_daily_consumption")


class DevinGetUserDailyConsumption(ToolComponent):
    """Read what one user spent, day by day."""
