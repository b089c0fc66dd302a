"""Count the pull requests that sessions made in a time, and what became of them."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_pull_request_metrics")


class DevinGetPullRequestMetrics(ToolComponent):
    """Count the pull requests that sessions made in a time, and what became of them."""
