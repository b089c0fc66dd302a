"""Read which events can start automations, with the fields to test."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_automation_events")


class DevinGetAutomationEvents(ToolComponent):
    """Read which events can start automations, with the fields to test."""
