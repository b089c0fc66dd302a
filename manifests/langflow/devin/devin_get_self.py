"""Read who the key belongs to, and its organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_self")


class DevinGetSelf(ToolComponent):
    """Read who the key belongs to, and its organisation."""
