"""Count the scans of a time in all organisations, and what they found."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_enterprise_scan_metrics")


class DevinGetEnterpriseScanMetrics(ToolComponent):
    """Count the scans of a time in all organisations, and what they found."""
