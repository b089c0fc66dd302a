"""List the sessions that a session spawned, newest first, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_child_sessions")


class DevinListChildSessions(ToolComponent):
    """List the sessions that a session spawned, newest first, one page per call."""
