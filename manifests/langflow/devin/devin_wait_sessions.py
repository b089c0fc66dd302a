"""Wait until any or all of many sessions settle."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_wait_sessions")


class DevinWaitSessions(ToolComponent):
    """Wait until any or all of many sessions settle."""
