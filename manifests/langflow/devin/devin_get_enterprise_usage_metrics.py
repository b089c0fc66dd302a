"""Count sessions, searches and pull requests of all organisations together."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_usage_metrics")


class DevinGetEnterpriseUsageMetrics(ToolComponent):
    """Count sessions, searches and pull requests of all organisations together."""
