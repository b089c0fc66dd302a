"""Create a knowledge note that every organisation of the enterprise has."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_enterprise_note")


class DevinCreateEnterpriseNote(ToolComponent):
    """Create a knowledge note that every organisation of the enterprise has."""
