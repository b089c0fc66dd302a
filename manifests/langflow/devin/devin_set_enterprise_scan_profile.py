"""Change the profile of a scan of any organisation."""

from devin_tools.adapters.langflow import tool_component

ToolComponent = tool_component("devin_set_enterprise_scan_profile")


class DevinSetEnterpriseScanProfile(ToolComponent):
    """Change the profile of a scan of any organisation."""
