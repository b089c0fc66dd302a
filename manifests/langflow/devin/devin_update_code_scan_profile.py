"""Change some fields of a profile, for scans that start from now on."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_update_code_scan_profile")


class DevinUpdateCodeScanProfile(ToolComponent):
    """Change some fields of a profile, for scans that start from now on."""
