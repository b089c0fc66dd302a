"""Change the profile of a scan, by which it runs when it runs again."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_set_code_scan_profile")


class DevinSetCodeScanProfile(ToolComponent):
    """Change the profile of a scan, by which it runs when it runs again."""
