"""Replace a service user's API key, and keep the new one in a file."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_rotate_key_into_file")


class DevinRotateKeyIntoFile(ToolComponent):
    """Replace a service user's API key, and keep the new one in a file."""
