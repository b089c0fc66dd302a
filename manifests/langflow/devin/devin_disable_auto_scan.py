"""Stop a scan from running again by itself; scans that run go on."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_disable_auto_scan")


class DevinDisableAutoScan(ToolComponent):
    """Stop a scan from running again by itself; scans that run go on."""
