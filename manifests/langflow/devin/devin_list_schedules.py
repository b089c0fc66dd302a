"""List schedules, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_schedules")


class DevinListSchedules(ToolComponent):
    """List schedules, one page per call."""
