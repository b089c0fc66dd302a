"""Delete an automation; no operation brings it back."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_automation")


class DevinDeleteAutomation(ToolComponent):
    """Delete an automation; no operation brings it back."""
