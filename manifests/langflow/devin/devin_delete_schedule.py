"""Delete a schedule."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_schedule")


class DevinDeleteSchedule(ToolComponent):
    """Delete a schedule."""
