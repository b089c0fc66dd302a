"""Read one schedule, and when it runs next."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_schedule")


class DevinGetSchedule(ToolComponent):
    """Read one schedule, and when it runs next."""
