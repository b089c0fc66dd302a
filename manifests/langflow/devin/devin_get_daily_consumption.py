"""Read what the organisation spent, day by day."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_daily_consumption")


class DevinGetDailyConsumption(ToolComponent):
    """Read what the organisation spent, day by day."""
