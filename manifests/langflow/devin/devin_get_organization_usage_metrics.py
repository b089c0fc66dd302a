"""Count sessions, searches and pull requests of one organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_organization_usage_metrics")


class DevinGetOrganizationUsageMetrics(ToolComponent):
    """Count sessions, searches and pull requests of one organisation."""
