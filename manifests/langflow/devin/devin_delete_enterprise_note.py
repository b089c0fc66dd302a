"""Delete a knowledge note of the enterprise or an organisation for good."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_delete_enterprise_note")


class DevinDeleteEnterpriseNote(ToolComponent):
    """Delete a knowledge note of the enterprise or an organisation for good."""
