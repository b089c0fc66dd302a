"""Change an automation; what is left out stays as it is."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_automation")


class DevinUpdateAutomation(ToolComponent):
    """Change an automation; what is left out stays as it is."""
