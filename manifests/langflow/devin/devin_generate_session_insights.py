"""Let a session be analysed, unless it was already."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_generate_session_insights")


class DevinGenerateSessionInsights(ToolComponent):
    """Let a session be analysed, unless it was already."""
