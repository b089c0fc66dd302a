"""List sessions, newest first, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_sessions")


class DevinListSessions(ToolComponent):
    """List sessions, newest first, one page per call."""
