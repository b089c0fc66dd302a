"""Have one repository indexed, or its index made anew."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_index_repository")


class DevinIndexRepository(ToolComponent):
    """Have one repository indexed, or its index made anew."""
