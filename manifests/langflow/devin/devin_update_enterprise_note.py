"""Change some fields of a note of the enterprise or an organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_enterprise_note")


class DevinUpdateEnterpriseNote(ToolComponent):
    """Change some fields of a note of the enterprise or an organisation."""
