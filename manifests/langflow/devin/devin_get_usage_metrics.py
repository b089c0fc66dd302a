"""Count sessions, searches and pull requests, over all time or a part of it."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_usage_metrics")


class DevinGetUsageMetrics(ToolComponent):
    """Count sessions, searches and pull requests, over all time or a part of it."""
