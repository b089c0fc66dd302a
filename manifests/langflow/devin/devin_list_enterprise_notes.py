"""List knowledge notes of the enterprise and its organisations."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_enterprise_notes")


class DevinListEnterpriseNotes(ToolComponent):
    """List knowledge notes of the enterprise and its organisations."""
