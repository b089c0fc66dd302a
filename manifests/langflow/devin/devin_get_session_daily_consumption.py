"""Read what one session spent, day by day."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_session_daily_consumption")


class DevinGetSessionDailyConsumption(ToolComponent):
    """Read what one session spent, day by day."""
