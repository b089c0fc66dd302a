"""Read how large a session was, and what an analysis of it found."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_session_insights")


class DevinGetSessionInsights(ToolComponent):
    """Read how large a session was, and what an analysis of it found."""
