"""Change some fields of a schedule; the others stay as they are."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_schedule")


class DevinUpdateSchedule(ToolComponent):
    """Change some fields of a schedule; the others stay as they are."""
