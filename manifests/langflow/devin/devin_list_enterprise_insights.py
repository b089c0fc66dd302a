"""List sessions of all organisations with their insights, newest first."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_enterprise_insights")


class DevinListEnterpriseInsights(ToolComponent):
    """List sessions of all organisations with their insights, newest first."""
