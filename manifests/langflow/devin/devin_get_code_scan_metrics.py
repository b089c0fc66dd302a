"""Count the scans of a time, what they found and what was fixed."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_code_scan_metrics")


class DevinGetCodeScanMetrics(ToolComponent):
    """Count the scans of a time, what they found and what was fixed."""
