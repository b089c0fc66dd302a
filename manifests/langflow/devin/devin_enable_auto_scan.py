"""Have a scan run again and again by itself."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_enable_auto_scan")


class DevinEnableAutoScan(ToolComponent):
    """Have a scan run again and again by itself."""
