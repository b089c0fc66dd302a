"""Create an automation, which starts sessions by itself when events come."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_automation")


class DevinCreateAutomation(ToolComponent):
    """Create an automation, which starts sessions by itself when events come."""
