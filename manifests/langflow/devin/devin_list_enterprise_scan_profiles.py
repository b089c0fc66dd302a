"""List the scan profiles of all organisations, newest first, one page per call."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_list_enterprise_scan_profiles")


class DevinListEnterpriseScanProfiles(ToolComponent):
    """List the scan profiles of all organisations, newest first, one page per call."""
