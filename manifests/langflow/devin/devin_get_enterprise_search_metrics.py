"""Count the searches that users made in all organisations."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_search_metrics")


class DevinGetEnterpriseSearchMetrics(ToolComponent):
    """Count the searches that users made in all organisations."""
