"""List automations, newest first, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_automations")


class DevinListAutomations(ToolComponent):
    """List automations, newest first, one page per call."""
