"""End a session for good: it can never be resumed."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_terminate_session")


class DevinTerminateSession(ToolComponent):
    """End a session for good: it can never be resumed."""
