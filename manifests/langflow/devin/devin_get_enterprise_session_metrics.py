"""Count the sessions created in all organisations, by origin, size and outcome."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_session_metrics")


class DevinGetEnterpriseSessionMetrics(ToolComponent):
    """Count the sessions created in all organisations, by origin, size and outcome."""
