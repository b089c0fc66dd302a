"""Send a message to a session of any organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_send_enterprise_message")


class DevinSendEnterpriseMessage(ToolComponent):
    """Send a message to a session of any organisation."""
