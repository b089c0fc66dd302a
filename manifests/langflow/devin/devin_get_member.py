"""Read one person of the organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_member")


class DevinGetMember(ToolComponent):
    """Read one person of the organisation."""
