"""Count the sessions created in a time, by origin, size and outcome."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_session_metrics")


class DevinGetSessionMetrics(ToolComponent):
    """Count the sessions created in a time, by origin, size and outcome."""
