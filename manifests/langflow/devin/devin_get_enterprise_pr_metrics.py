"""Count the pull requests of all organisations, and what became of them."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_pr_metrics")


class DevinGetEnterprisePrMetrics(ToolComponent):
    """Count the pull requests of all organisations, and what became of them."""
