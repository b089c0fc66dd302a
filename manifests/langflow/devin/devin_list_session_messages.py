"""List the messages of a session, oldest first, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_session_messages")


class DevinListSessionMessages(ToolComponent):
    """List the messages of a session, oldest first, one page per call."""
