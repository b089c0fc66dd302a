"""List the sessions in the queue of an outpost."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_outpost_sessions")


class DevinListOutpostSessions(ToolComponent):
    """List the sessions in the queue of an outpost."""
