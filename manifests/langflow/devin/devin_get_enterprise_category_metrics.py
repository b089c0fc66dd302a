"""Count the sessions of all organisations by category, with the ACUs they spent."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_category_metrics")


class DevinGetEnterpriseCategoryMetrics(ToolComponent):
    """Count the sessions of all organisations by category, with the ACUs they spent."""
