"""Remove a person from the enterprise, and so from every organisation of it."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_remove_enterprise_user")


class DevinRemoveEnterpriseUser(ToolComponent):
    """Remove a person from the enterprise, and so from every organisation of it."""
