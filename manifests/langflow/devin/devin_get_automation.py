"""Read one automation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_automation")


class DevinGetAutomation(ToolComponent):
    """Read one automation."""
