"""List sessions with their insights, newest first, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_session_insights")


class DevinListSessionInsights(ToolComponent):
    """List sessions with their insights, newest first, one page per call."""
