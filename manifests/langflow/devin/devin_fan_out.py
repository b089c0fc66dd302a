"""Run one task for each of many items, each in a session of its own."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_fan_out")


class DevinFanOut(ToolComponent):
    """Run one task for each of many items, each in a session of its own."""
