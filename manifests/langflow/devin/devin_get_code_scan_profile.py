"""Read a profile with its guidance for each phase of a scan."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_get_code_scan_profile")


class DevinGetCodeScanProfile(ToolComponent):
    """Read a profile with its guidance for each phase of a scan."""
