"""List what scans found, newest first, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_code_scan_findings")


class DevinListCodeScanFindings(ToolComponent):
    """List what scans found, newest first, one page per call."""
