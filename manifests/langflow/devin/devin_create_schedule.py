"""Create a schedule that starts sessions by itself, at set times."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_schedule")


class DevinCreateSchedule(ToolComponent):
    """Create a schedule that starts sessions by itself, at set times."""
