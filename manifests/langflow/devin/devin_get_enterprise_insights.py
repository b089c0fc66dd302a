"""Read how large a session of any organisation was, and what its analysis found."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_insights")


class DevinGetEnterpriseInsights(ToolComponent):
    """Read how large a session of any organisation was, and what its analysis found."""
