"""Read one knowledge note of the enterprise, or of any of its organisations."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_note")


class DevinGetEnterpriseNote(ToolComponent):
    """Read one knowledge note of the enterprise, or of any of its organisations."""
