"""Let a session of any organisation be analysed, unless it was already."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_generate_enterprise_insights")


class DevinGenerateEnterpriseInsights(ToolComponent):
    """Let a session of any organisation be analysed, unless it was already."""
