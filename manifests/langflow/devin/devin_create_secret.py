"""Store a secret that sessions may use."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_secret")


class DevinCreateSecret(ToolComponent):
    """Store a secret that sessions may use."""
