"""Start a Devin session on a task."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_session")


class DevinCreateSession(ToolComponent):
    """Start a Devin session on a task."""
