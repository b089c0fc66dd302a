"""Count the searches that users made in a time."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_search_metrics")


class DevinGetSearchMetrics(ToolComponent):
    """Count the searches that users made in a time."""
