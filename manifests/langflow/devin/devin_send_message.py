"""Send a message to a session."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_send_message")


class DevinSendMessage(ToolComponent):
    """Send a message to a session."""
