"""Create a profile for scans of this organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_create_code_scan_profile")


class DevinCreateCodeScanProfile(ToolComponent):
    """Create a profile for scans of this organisation."""
