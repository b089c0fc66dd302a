"""List the profiles that scans can run by, newest first, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_code_scan_profiles")


class DevinListCodeScanProfiles(ToolComponent):
    """List the profiles that scans can run by, newest first, one page per call."""
